"""The door of ``kernel.text``."""

from .bank_kana import BankField, BankKanaProblem, bank_kana, encode_bank, fit_bank_kana
from .contracts import Message, TextProblem, gettext_noop
from .decoding import Decoded, ExcelFileProblem, NotTextProblem, UndecodableProblem, decode_bytes
from .kana import is_katakana_reading, to_hiragana, to_katakana
from .names import NameProblem, degrade_name, graphemes, has_private_use, search_key, validate_name
from .numbers import NumberProblem, parse_integer, parse_yen
from .widths import fold_digits, fold_width, squeeze_spaces

__all__ = [
    "BankField",
    "BankKanaProblem",
    "Decoded",
    "ExcelFileProblem",
    "Message",
    "NameProblem",
    "NotTextProblem",
    "NumberProblem",
    "TextProblem",
    "UndecodableProblem",
    "bank_kana",
    "decode_bytes",
    "degrade_name",
    "encode_bank",
    "fit_bank_kana",
    "fold_digits",
    "fold_width",
    "gettext_noop",
    "graphemes",
    "has_private_use",
    "is_katakana_reading",
    "parse_integer",
    "parse_yen",
    "search_key",
    "squeeze_spaces",
    "to_hiragana",
    "to_katakana",
    "validate_name",
]
