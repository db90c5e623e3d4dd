"""What the fields read and what they refuse."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from yui.kernel.calendar.public import PartialDate
from yui.kernel.forms.public import DateField, KanaField, NameField, PostalCodeField, YenField


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        (["reiwa", "6", "4", "1"], dt.date(2024, 4, 1)),
        (["reiwa", "元", "5", "1"], dt.date(2019, 5, 1)),
        (["heisei", "31", "5", "1"], dt.date(2019, 5, 1)),
        (["showa", "６４", "１", "７"], dt.date(1989, 1, 7)),
        (["ce", "2024", "2", "29"], dt.date(2024, 2, 29)),
        (["reiwa", "2024", "2", "29"], dt.date(2024, 2, 29)),
        (["reiwa", "R7.3.31", "", ""], dt.date(2025, 3, 31)),
        (["ce", "２０２３年３月１日", "", ""], dt.date(2023, 3, 1)),
    ],
)
def test_dates_by_era_and_christian_year(parts: list[str], day: dt.date) -> None:
    assert DateField().clean(parts) == day


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (["reiwa", "", "4", "1"], "year"),
        (["reiwa", "6", "", "1"], "month"),
        (["reiwa", "6", "4", ""], "day"),
        (["reiwa", "6", "13", "1"], "part"),
        (["ce", "2023", "2", "29"], "no_such_day"),
        (["ce", "24", "2", "1"], "year"),
        (["ansei", "2", "2", "1"], "era"),
        (["reiwa", "六", "2", "1"], "year"),
        (["reiwa", "", "", ""], "required"),
        (["ce", "昭和23年3月日不詳", "", ""], "incomplete"),
    ],
)
def test_wrong_dates_are_refused_with_their_reason(parts: list[str], code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DateField().clean(parts)
    assert [error.code for error in refused.value.error_list] == [code]


def test_unknown_parts_only_where_asked() -> None:
    field = DateField(partial=True, latest=dt.date(2025, 6, 15))
    assert field.clean(["showa", "23", "", ""]) == PartialDate(1948)
    assert field.clean(["showa", "23", "3", ""]) == PartialDate(1948, 3)
    assert field.clean(["ce", "2025", "6", ""]) == PartialDate(2025, 6)
    with pytest.raises(ValidationError):
        field.clean(["ce", "2025", "7", ""])
    with pytest.raises(ValidationError):
        field.clean(["showa", "23", "", "3"])


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        (dt.date(2019, 4, 30), ["heisei", "31", "4", "30"]),
        (dt.date(2019, 5, 1), ["reiwa", "1", "5", "1"]),
        (PartialDate(1948, 3), ["showa", "23", "3", ""]),
        (PartialDate(1948), ["showa", "23", "", ""]),
        (None, ["reiwa", "", "", ""]),
    ],
)
def test_dates_are_shown_in_their_era(value: dt.date | PartialDate | None, parts: list[str]) -> None:
    assert DateField(era="reiwa").widget.decompress(value) == parts


@pytest.mark.parametrize(
    ("text", "yen"), [("15000", 15000), ("¥32,500 ", 32500), ("３２，５００円", 32500), ("", None)]
)
def test_yen(text: str, yen: int | None) -> None:
    assert YenField(required=False).clean(text) == yen


@pytest.mark.parametrize("text", ["1,50", "15.5", "-1", "一万", "１e5"])
def test_wrong_yen(text: str) -> None:
    with pytest.raises(ValidationError):
        YenField().clean(text)


@pytest.mark.parametrize("text", ["100-0001", "〒１００－０００１", "1000001", "100ー0001"])
def test_postal_code(text: str) -> None:
    assert PostalCodeField().clean(text) == "1000001"


@pytest.mark.parametrize("text", ["100-001", "10000011", "abc-defg"])
def test_wrong_postal_code(text: str) -> None:
    with pytest.raises(ValidationError):
        PostalCodeField().clean(text)


def test_readings_become_full_width_katakana() -> None:
    assert KanaField().clean("やまだ ﾊﾅｺ") == "ヤマダ ハナコ"
    with pytest.raises(ValidationError):
        KanaField().clean("山田")


@pytest.mark.parametrize("name", ["神\ufa19", "葛\U000e0100城", "𠮷田", "が\u3099", "渡邉󠄂"])
def test_names_are_kept_character_by_character(name: str) -> None:
    assert NameField().clean(f" {name} ") == name


@pytest.mark.parametrize("name", ["山\x00田", "山\ue000田", "あ" * 101])
def test_unprintable_or_endless_names_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        NameField().clean(name)
