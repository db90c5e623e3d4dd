"""The official code of a prefecture or municipality (全国地方公共団体コード)."""

import re

_WEIGHTS = (6, 5, 4, 3, 2)
_FIVE = re.compile(r"[0-9]{5}\Z", re.ASCII)
_SIX = re.compile(r"[0-9]{6}\Z", re.ASCII)


def local_government_check_digit(five_digits: str) -> str:
    """The sixth digit for prefecture (2) and municipality (3).

    Raises:
        ValueError: not five digits.

    Source:
        総務省 検査数字: Σ of the digits times 6, 5, 4, 3, 2; the last digit of 11 - Σ mod 11.

    Example:
        >>> local_government_check_digit("13101"), local_government_check_digit("01100")
        ('6', '2')
    """
    if not _FIVE.match(five_digits):
        raise ValueError("A code without its check digit has exactly five digits.")
    total = sum(int(digit) * weight for digit, weight in zip(five_digits, _WEIGHTS, strict=True))
    return str((11 - total % 11) % 10)


def is_local_government_code(code: str) -> bool:
    """Whether a code has six digits and the right check digit; it need not exist.

    Example:
        >>> is_local_government_code("131016"), is_local_government_code("131017"), is_local_government_code("13101")
        (True, False, False)
    """
    return bool(_SIX.match(code)) and code[5] == local_government_check_digit(code[:5])
