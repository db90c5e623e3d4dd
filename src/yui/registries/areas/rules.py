"""Check digits of official area codes, and the corporate numbers that follow from them.

Source:
    総務省「全国地方公共団体コード」 検査数字の算出方法; 法人番号の指定等に関する省令
    (平成26年財務省令第70号) 第2条 for the corporate number.
"""

import re
from collections.abc import Container

from stdnum.jp import cn

from yui.kernel.tenancy.public import is_local_government_code, local_government_check_digit

# Local governments are numbered by 法人番号 = check digit + 000020 + their six-digit code.
_LOCAL_GOVERNMENT_PREFIX = "000020"


def area_check_digit(five_digits: str) -> str:
    """Return the sixth digit of an area code (全国地方公共団体コード).

    Args:
        five_digits: prefecture (2) and municipality (3).

    Raises:
        ValueError: not five digits.

    Source:
        総務省 検査数字: Σ of the digits times 6, 5, 4, 3, 2; the last digit of 11 - Σ mod 11.

    Example:
        >>> area_check_digit("13101"), area_check_digit("01100"), area_check_digit("13000")
        ('6', '2', '1')
    """
    return local_government_check_digit(five_digits)


def complete_area_code(five_digits: str) -> str:
    """Return the six-digit code for five digits; raises ValueError like ``area_check_digit``.

    Example:
        >>> complete_area_code("39405")
        '394050'
    """
    return five_digits + area_check_digit(five_digits)


def is_area_code(code: str) -> bool:
    """Tell whether a code has six digits and the right check digit; it need not exist.

    Example:
        >>> is_area_code("131016"), is_area_code("131017"), is_area_code("13101")
        (True, False, False)
    """
    return is_local_government_code(code)


def read_area_code(text: str, known: Container[str] = ()) -> str | None:
    """Return the six-digit code that a file means, or None.

    Files write codes without their check digit (``37201``), with spaces, or without the leading zero that
    a spreadsheet drops (``11002``, ``1101``). Six digits must carry the right check digit. Five digits may
    be a code without check digit or one that lost its zero: the one that is known counts, else the latter
    only when the check digit fits and no prefecture fits the former.

    Args:
        text: a cell.
        known: codes that are likely here.

    Example:
        >>> [read_area_code(text) for text in ("322075 ", "37201", "1101", "222128")]
        ['322075', '372013', '011011', None]
    """
    digits = text.strip()
    if not re.fullmatch(r"[0-9]{4,6}", digits, re.ASCII):
        return None
    if len(digits) == 6:
        return digits if is_area_code(digits) else None
    if len(digits) == 4:
        return complete_area_code("0" + digits)
    completed, padded = complete_area_code(digits), "0" + digits
    if not is_area_code(padded) or completed in known:
        return completed
    return padded if padded in known or not 1 <= int(digits[:2]) <= 47 else completed


def corporate_number_of_area(code: str) -> str:
    """Return the corporate number (法人番号) of a prefecture or municipality.

    Raises:
        ValueError: the code's check digit is wrong.

    Example:
        >>> corporate_number_of_area("130001"), corporate_number_of_area("112020")
        ('8000020130001', '3000020112020')
    """
    if not is_area_code(code):
        raise ValueError("The area code is not six digits with the right check digit.")
    twelve = _LOCAL_GOVERNMENT_PREFIX + code
    return cn.calc_check_digit(twelve) + twelve


def is_corporate_number(number: str) -> bool:
    """Tell whether a corporate number has 13 digits and the right check digit.

    Example:
        >>> is_corporate_number("7000012050002"), is_corporate_number("7000012050003")
        (True, False)
    """
    return bool(re.fullmatch(r"[0-9]{13}", number, re.ASCII)) and cn.is_valid(number)
