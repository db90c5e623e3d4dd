"""The door of ``kernel.text``."""

from .bank_kana import BankField, BankKanaProblem, bank_kana, encode_bank, fit_bank_kana
from .contracts import Message, TextProblem
from .kana import is_katakana_reading, to_hiragana, to_katakana
from .widths import fold_digits, fold_width, squeeze_spaces

__all__ = [
    "BankField",
    "BankKanaProblem",
    "Message",
    "TextProblem",
    "bank_kana",
    "encode_bank",
    "fit_bank_kana",
    "fold_digits",
    "fold_width",
    "is_katakana_reading",
    "squeeze_spaces",
    "to_hiragana",
    "to_katakana",
]
