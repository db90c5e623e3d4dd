"""Lenient numbers, widths and kana."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from yui.kernel.text.public import (
    Message,
    NumberProblem,
    fold_digits,
    fold_width,
    is_katakana_reading,
    parse_integer,
    parse_yen,
    squeeze_spaces,
    to_hiragana,
    to_katakana,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", 1234),
        ("１２３４", 1234),
        ("1,234,567", 1234567),
        ("１，２３４", 1234),
        ("▲1,200", -1200),
        ("△ 1,200", -1200),
        ("－５", -5),
        ("−5", -5),
        ("12.00", 12),
        (" 007 ", 7),
    ],
)
def test_integers(text: str, number: int) -> None:
    assert parse_integer(text) == number


@pytest.mark.parametrize(
    "text", ["", "-", "1,23", "1,2345", ",123", "1.5", "12a", "--1", "1千", "①②", "三", "1_000", "½", "١٢"]
)
def test_no_integers(text: str) -> None:
    with pytest.raises(NumberProblem):
        parse_integer(text)


@pytest.mark.parametrize(
    ("text", "yen"),
    [
        ("¥32,500 ", 32500),
        ("￥３２，５００円", 32500),
        ("32,500円", 32500),
        ("\\32500", 32500),
        ("△300円", -300),
        ("-¥300", -300),
        ("¥-300", -300),
        ("金10,000円也".removeprefix("金"), 10000),
        ("0", 0),
    ],
)
def test_yen(text: str, yen: int) -> None:
    assert parse_yen(text) == yen


@pytest.mark.parametrize("text", ["", "円", "¥", "12千円", "100円200円", "-¥-3", "$5", "3.5円", "無料"])
def test_no_yen(text: str) -> None:
    with pytest.raises(NumberProblem):
        parse_yen(text)


@given(st.integers(-(10**12), 10**12))
def test_written_amounts_come_back(amount: int) -> None:
    wide = str.maketrans("0123456789,-", "０１２３４５６７８９，▲")
    for text in (f"{amount:,}", f"{amount:,}円", f"{amount}", f"{amount:,}".translate(wide)):
        assert parse_yen(text) == amount


def test_widths() -> None:
    assert fold_digits("１２３－Ａ①") == "123－Ａ①"
    assert fold_width("Ａ－１　ア①㈱") == "A-1 ア①㈱"
    assert squeeze_spaces("　山田 \n 太郎 ") == "山田 太郎"


def test_kana() -> None:
    assert to_katakana("やまだ ﾊﾞﾅﾅ Ａ1") == "ヤマダ バナナ Ａ1"
    assert to_hiragana("ヤマダ ﾊﾞﾅﾅ 山") == "やまだ ばなな 山"


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("ヤマダ　タロウ", True),
        ("ジョン・スミス", True),
        ("ヨーコ", True),
        ("ヰヱヴ", True),
        ("やまだ", False),
        ("ﾔﾏﾀﾞ", False),
        ("ーコ", False),
        ("・", False),
        ("", False),
        ("ヤマダA", False),
    ],
)
def test_readings(text: str, valid: bool) -> None:
    assert is_katakana_reading(text) is valid


def test_messages_are_translated_when_shown() -> None:
    message = Message("example", "Line %(line)d of 100%%.", {"line": 3})
    with translation.override("en"):
        assert str(message) == "Line 3 of 100%."
    assert str(Message("plain", "100%")) == "100%"
