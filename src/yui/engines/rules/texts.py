"""Sentences in the languages every rule speaks, and how values are written in them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from yui.engines.rules.legal_dates import Month
from yui.engines.rules.logic import Between


class Language(StrEnum):
    """A language of explanations: Japanese, English, and plain Japanese (やさしい日本語)."""

    JA = "ja"
    EN = "en"
    EASY = "easy"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in all languages."""

    ja: str
    en: str
    easy: str

    def spoken(self, language: Language | str) -> str:
        """The sentence in one language."""
        return str(getattr(self, Language(language).value))


def write_value(value: object, language: Language | str, *, is_yen: bool = False) -> str:
    """Writes a date, month, number or amount as a reader of the language expects it."""
    japanese = Language(language) is not Language.EN
    if value is None:
        return "（未確認）" if japanese else "(not yet known)"
    if isinstance(value, Between):
        low, high = (write_value(v, language, is_yen=is_yen) for v in (value.least, value.most))
        return f"{low}〜{high}" if japanese else f"{low} to {high}"
    if isinstance(value, Month):
        return (
            f"{value.year}年{value.number}月"
            if japanese
            else f"{ENGLISH_MONTHS[value.number - 1]} {value.year}"
        )
    if isinstance(value, date):
        if japanese:
            return f"{value.year}年{value.month}月{value.day}日"
        return f"{value.day} {ENGLISH_MONTHS[value.month - 1]} {value.year}"
    if is_yen:
        return f"{value:,}円" if japanese else f"¥{value:,}"
    return str(value)


def write_ratio(value: object, scale: int, language: Language | str, *, is_yen: bool = False) -> str:
    """Writes an exact number that is counted in parts: 764 of scale 10,000 as 7.64%, yen with their parts."""
    if not isinstance(value, int):
        return write_value(None, language)
    exact = Fraction(value, scale)
    if is_yen:
        if exact.denominator == 1:
            return write_value(exact.numerator, language, is_yen=True)
        amount = f"{Decimal(exact.numerator) / Decimal(exact.denominator):,.2f}"
        return f"¥{amount}" if Language(language) is Language.EN else f"{amount}円"
    percent = exact * 100
    if 10**6 % percent.denominator == 0:
        return f"{(Decimal(percent.numerator) / percent.denominator).normalize():f}%"
    return f"{exact.numerator}/{exact.denominator}"


# Written out, since the names that strftime gives depend on the machine's locale.
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
