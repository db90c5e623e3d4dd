"""Codes of the sample: unique, scattered, and never those of a real person."""

_MY_NUMBER_PREFIX = "99"
_MY_NUMBER_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# Both steps share no factor with a power of ten, so serial -> code is a permutation.
_RESIDENT_CODE_STEP = 6_180_339_887
_MY_NUMBER_STEP = 381_966_011


def my_number_check_digit(eleven_digits: str) -> int:
    """Return the check digit a real My Number with these eleven digits would carry.

    Source: 行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による通知カード及び
    個人番号カード並びに情報提供ネットワークシステムによる特定個人情報の提供等に関する命令 第五条.

    >>> my_number_check_digit("12345678901")
    8
    """
    total = sum(int(digit) * weight for digit, weight in zip(eleven_digits, _MY_NUMBER_WEIGHTS, strict=True))
    remainder = total % 11
    return 0 if remainder <= 1 else 11 - remainder


def _partial_sums(weights: tuple[int, ...]) -> list[int]:
    width = len(weights)
    return [
        sum(int(digit) * weight for digit, weight in zip(f"{value:0{width}}", weights, strict=True))
        for value in range(10**width)
    ]


class Numbers:
    """Resident codes and practice My Numbers of one sample.

    A million check digits are needed in seconds, so weighted sums of three-digit groups are
    looked up instead of recomputed.
    """

    def __init__(self, offset: int) -> None:
        """Start the permutations at `offset`, which depends on the seed."""
        self._offset = offset
        prefix = sum(int(d) * w for d, w in zip(_MY_NUMBER_PREFIX, _MY_NUMBER_WEIGHTS[:2], strict=True))
        self._high = [prefix + value for value in _partial_sums(_MY_NUMBER_WEIGHTS[2:5])]
        self._middle = _partial_sums(_MY_NUMBER_WEIGHTS[5:8])
        self._low = _partial_sums(_MY_NUMBER_WEIGHTS[8:11])

    def resident_code(self, serial: int) -> str:
        """Return eleven digits, different for every serial below ten thousand million."""
        return f"9{(serial * _RESIDENT_CODE_STEP + self._offset) % 10_000_000_000:010d}"

    def my_number(self, serial: int) -> str:
        """Return a practice My Number: prefix 99 and a check digit that is always wrong."""
        body = (serial * _MY_NUMBER_STEP + self._offset) % 1_000_000_000
        high, rest = divmod(body, 1_000_000)
        middle, low = divmod(rest, 1_000)
        remainder = (self._high[high] + self._middle[middle] + self._low[low]) % 11
        right = 0 if remainder <= 1 else 11 - remainder
        return f"{_MY_NUMBER_PREFIX}{body:09d}{(right + 5) % 10}"
