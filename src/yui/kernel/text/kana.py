"""Kana: conversion and what counts as a reading."""

import jaconv

_READING_EXTRA = frozenset("ー・ 　")


def to_katakana(text: str) -> str:
    """Return the text with hiragana and half-width kana as full-width katakana; all else is kept.

    Example:
        >>> to_katakana("やまだ ﾊﾅｺ 花子")
        'ヤマダ ハナコ 花子'
    """
    return jaconv.hira2kata(jaconv.h2z(text, kana=True, ascii=False, digit=False))


def to_hiragana(text: str) -> str:
    """Return the text with katakana of either width as hiragana; all else is kept."""
    return jaconv.kata2hira(jaconv.h2z(text, kana=True, ascii=False, digit=False))


def is_katakana_reading(text: str) -> bool:
    """Tell whether a text is a reading in full-width katakana.

    Katakana, the long-vowel mark, the middle dot and spaces; at least one kana, not beginning with a
    long-vowel mark. Empty text is no reading.
    """
    letters = [c for c in text if c not in _READING_EXTRA]
    return (
        bool(letters)
        and all("ァ" <= c <= "ヺ" for c in letters)
        and not text.lstrip(" 　").startswith(("ー", "・"))
    )
