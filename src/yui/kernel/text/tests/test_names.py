"""Names: nothing is lost in storage, spellings meet in the search key, display degrades."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.kernel.text.public import (
    NameProblem,
    degrade_name,
    graphemes,
    has_private_use,
    search_key,
    validate_name,
)

# Compatibility ideographs by number: an editor that normalises would quietly change them here too.
OLD_KAMI, KAMI = "\ufa19", "\u795e"
NAMES = st.text(
    alphabet=st.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Mn", "Mc", "Me"),
        exclude_characters="\ufffd",
    ),
    min_size=1,
    max_size=20,
)


def test_why_names_are_never_normalised() -> None:
    codes: list[str] = []
    for lead in [*range(0x81, 0xA0), *range(0xE0, 0xFD)]:
        for trail in range(0x40, 0xFD):
            try:
                codes.append(bytes([lead, trail]).decode("cp932"))
            except UnicodeDecodeError:
                continue
    changed = [c for c in codes if unicodedata.normalize("NFC", c) != c]
    assert (len(changed), len(set(changed))) == (45, 23)  # IBM extensions have two codes each.
    for name in (OLD_KAMI, "\ufa10", "\ufa1b", "\ufa1c", "\ufa17", "\ufa1e", "\ufa25"):
        assert unicodedata.normalize("NFC", name) != name
        assert validate_name(name) == name
        assert search_key(name) == search_key(unicodedata.normalize("NFC", name))


@pytest.mark.parametrize(
    "name",
    [
        "\ufa19田",
        "葛\U000e0102城",
        "𠮷田",
        "髙橋﨑",
        "㐂\U000e0101",
        "か\u3099",
        "\ue000山",
        "O’Brien",
        "José",
    ],
)
def test_what_is_received_is_what_is_kept(name: str) -> None:
    assert validate_name(name) is name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("渡邉 はな子", "渡辺ハナ子"),
        ("渡邊", "渡邉"),
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("𠮷田", "吉田"),
        (OLD_KAMI, KAMI),
        ("葛\U000e0102城", "葛城"),
        ("邉\U000e0101", "辺"),
        ("檮原町", "梼原町"),  # 394050 in the address base registry and in another list.
        ("眞理", "真理"),
        ("徳", "德"),
        ("齋藤", "斎藤"),
        ("澤", "沢"),
        ("凜", "凛"),
        ("佐々木", "佐佐木"),
        ("ジョン・スミス", "ｼﾞﾖﾝ ｽﾐｽ"),
        ("シヤクショ", "シャクショ"),
        ("ヨーコ", "ﾖ―ｺ"),
        ("か\u3099", "ガ"),
        ("Ｓｍｉｔｈ", "SMITH"),
        ("茅ヶ崎", "茅ケ崎"),
    ],
)
def test_spellings_that_meet(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("斎藤", "斉藤"), ("山田", "山本"), ("ハル", "バル"), ("太田", "大田"), ("ゆう", "ゆ")]
)
def test_names_that_stay_apart(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@given(st.text(max_size=30))
def test_keys_are_stable(text: str) -> None:
    key = search_key(text)
    assert search_key(key) == key


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("𠮷田", "吉田"),
        ("髙橋", "高橋"),
        ("山﨑", "山﨑"),  # In JIS X 0213 as it is.
        (OLD_KAMI, OLD_KAMI),
        ("檮原", "檮原"),
        ("葛\U000e0102城", "葛城"),
        ("\ue000山", "〓山"),
        ("山田 Smith", "山田 Smith"),
        ("😀", "〓"),
    ],
)
def test_degraded_for_display(name: str, shown: str) -> None:
    assert degrade_name(name) == shown


@given(st.text(max_size=30))
def test_a_degraded_name_can_be_encoded_and_never_holds_a_replacement_character(text: str) -> None:
    shown = degrade_name(text)
    shown.encode("euc_jis_2004")
    assert "\ufffd" not in shown
    assert degrade_name(shown) == shown


def test_graphemes() -> None:
    assert graphemes("葛\U000e0102城か\u3099ｶﾞ") == ["葛\U000e0102", "城", "か\u3099", "ｶﾞ"]
    assert graphemes("𠮷") == ["𠮷"]
    assert graphemes("") == []


@given(st.text(max_size=30))
def test_graphemes_lose_nothing(text: str) -> None:
    assert "".join(graphemes(text)) == text


def test_private_use() -> None:
    assert has_private_use("\ue000田")
    assert has_private_use("\U000f0001")
    assert not has_private_use("𠮷田\U000e0102")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_empty"),
        ("　 ", "name_empty"),
        (" 山田", "name_outer_space"),
        ("山田　", "name_outer_space"),
        ("山\n田", "name_characters"),
        ("山\0田", "name_characters"),
        ("山\t田", "name_characters"),
        ("山\u202e田", "name_characters"),  # Turns the writing direction round.
        ("山\u200b田", "name_characters"),
        ("山\ufffd", "name_characters"),
        ("\U000e0100田", "name_characters"),
        ("田" * 101, "name_too_long"),
    ],
)
def test_refused_names(name: str, code: str) -> None:
    with pytest.raises(NameProblem) as refusal:
        validate_name(name)
    assert refusal.value.code == code
    # The sentence carries code points, never the name.
    assert "山" not in str(refusal.value)
    assert "田" not in str(refusal.value)


def test_length_is_counted_as_read() -> None:
    name = "葛\U000e0102" * 3
    assert validate_name(name, max_length=3) == name
    with pytest.raises(NameProblem):
        validate_name(name, max_length=2)


@given(NAMES)
def test_accepted_names_come_back_unchanged(name: str) -> None:
    assert validate_name(name) == name
