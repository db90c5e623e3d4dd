import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.registries.areas.public import (
    area_check_digit,
    complete_area_code,
    corporate_number_of_area,
    is_area_code,
    is_corporate_number,
    read_area_code,
)


@pytest.mark.parametrize(
    ("five", "digit"),
    [
        ("13101", "6"),
        ("01100", "2"),
        ("13000", "1"),
        ("47382", "1"),
        ("39405", "0"),
        ("99000", "1"),
        ("01000", "6"),
    ],
)
def test_check_digits_known_from_published_codes(five: str, digit: str) -> None:
    assert area_check_digit(five) == digit
    assert is_area_code(five + digit)


@given(st.integers(0, 99999), st.integers(0, 4), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: int, place: int, shift: int) -> None:
    code = complete_area_code(f"{number:05}")
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    # The last digit of 11 - Σ mod 11 is the same for Σ mod 11 = 0 and 10, so a few errors stay hidden.
    hidden = {
        (11 - sum(int(d) * w for d, w in zip(c, (6, 5, 4, 3, 2), strict=False)) % 11) for c in (code, wrong)
    }
    assert not is_area_code(wrong) or hidden == {1, 11}


@pytest.mark.parametrize("text", ["", "1234", "１３１０１", "131o1", "131016"])
def test_a_check_digit_needs_five_ascii_digits(text: str) -> None:
    with pytest.raises(ValueError, match="five digits"):
        area_check_digit(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("372013", "372013"),
        ("322075 ", "322075"),
        ("37201", "372013"),
        ("45208", "452084"),
        ("1101", "011011"),
        ("72028", "072028"),  # 会津若松市 without its leading zero, not 72-028
        ("222128", None),
        ("高松市", None),
        ("", None),
    ],
)
def test_codes_as_files_write_them(text: str, code: str | None) -> None:
    assert read_area_code(text) == code


@pytest.mark.parametrize(("code", "number"), [("130001", "8000020130001"), ("112020", "3000020112020")])
def test_the_corporate_number_of_a_local_government_follows_from_its_code(code: str, number: str) -> None:
    assert corporate_number_of_area(code) == number
    assert is_corporate_number(number)


@pytest.mark.parametrize(
    ("number", "valid"),
    [("7000012050002", True), ("6120001039879", True), ("7000012050003", False), ("700001205000", False)],
)
def test_corporate_numbers(number: str, valid: bool) -> None:
    assert is_corporate_number(number) is valid


def test_no_corporate_number_for_a_wrong_code() -> None:
    with pytest.raises(ValueError, match="check digit"):
        corporate_number_of_area("130002")
