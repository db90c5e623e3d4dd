"""One item of a record, to bytes and back.

Both directions report into a list instead of raising, so that a clerk sees all problems at once.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from yui.kernel.text.public import BankField, BankKanaProblem, bank_kana, encode_bank
from yui.procedures.payments.zengin.layout import Field, FieldType
from yui.procedures.payments.zengin.problems import Problem, ProblemCode

Value = str | int | date | StrEnum | None

_VOICING_MARKS = "ﾞﾟ"


def problem_at(
    field: Field, record_number: int, code: ProblemCode, at: int = 0, **details: str | int
) -> Problem:
    """Return a problem placed at byte ``at`` of an item."""
    return Problem(code, record_number, field.offset + at, field.name, field.label, tuple(details.items()))


def encode_field(field: Field, value: Value, record_number: int, problems: list[Problem]) -> bytes:
    """Return the bytes of an item; on a problem, note it and return filler of the right length."""
    if field.type is FieldType.FILLER:
        return b" " * field.length
    if field.type is FieldType.TEXT:
        return _encode_text(field, "" if value is None else str(value), record_number, problems)
    return _encode_number(field, value, record_number, problems)


def _encode_text(field: Field, text: str, record_number: int, problems: list[Problem]) -> bytes:
    found = list(_text_problems(field, text, record_number))
    if field.required and not text.strip():
        found.append(problem_at(field, record_number, ProblemCode.REQUIRED))
    if not found and len(text) > field.length:
        found.append(
            problem_at(field, record_number, ProblemCode.TOO_LONG, actual=len(text), length=field.length)
        )
    problems.extend(found)
    return b" " * field.length if found else encode_bank(text).ljust(field.length)


def _text_problems(field: Field, text: str, record_number: int) -> Iterator[Problem]:
    assert field.characters is not None
    if _as_banks_write(text, field.characters):
        return
    for index, character in enumerate(text):
        if character in _VOICING_MARKS:
            if not _as_banks_write(text[max(index - 1, 0) : index + 1], field.characters):
                code = ProblemCode.LEADING_VOICING_MARK
                yield problem_at(field, record_number, code, index, position=index + 1)
        elif not _as_banks_write(character, field.characters):
            yield problem_at(
                field,
                record_number,
                ProblemCode.FORBIDDEN_CHARACTER,
                index,
                codepoint=f"{ord(character):04X}",
                position=index + 1,
            )


def _as_banks_write(text: str, characters: BankField) -> bool:
    """Whether a text already is what a bank file holds, with nothing left to convert."""
    try:
        return bank_kana(text, characters) == text
    except BankKanaProblem:
        return False


def _encode_number(field: Field, value: Value, record_number: int, problems: list[Problem]) -> bytes:
    text = f"{value:%m%d}" if isinstance(value, date) else "" if value is None else str(value)
    code: ProblemCode | None = None
    if isinstance(value, int) and value < 0:
        code = ProblemCode.NEGATIVE
    elif not text:
        code = ProblemCode.REQUIRED if field.required else None
    elif not (text.isascii() and text.isdigit()):
        code = ProblemCode.NOT_DIGITS
    elif field.exact and len(text) != field.length:
        code = ProblemCode.CODE_LENGTH
    elif len(text) > field.length:
        code = ProblemCode.TOO_LARGE
    elif field.codes and text not in field.codes:
        code = ProblemCode.UNKNOWN_CODE
    if code is None:
        return text.rjust(field.length, "0").encode("ascii")
    problems.append(problem_at(field, record_number, code, length=field.length, value=text[:4]))
    return b"0" * field.length


def decode_field(field: Field, record: bytes, record_number: int, problems: list[Problem]) -> str:
    """Return the text of an item: digits as they stand, texts without their trailing spaces.

    An item of digits left blank gives an empty string where the item is optional.
    """
    raw = record[field.offset : field.offset + field.length]
    if field.type is FieldType.NUMBER:
        return _decode_number(field, raw, record_number, problems)
    # One byte is one character: a stray lead byte of a two-byte character must not swallow its
    # neighbour, so bytes outside JIS X 0201 become private-use characters that no field allows.
    text = "".join(_ONE_BYTE[byte] for byte in raw).rstrip(" ")
    problems.extend(_text_problems(field, text, record_number))
    if field.required and not text:
        problems.append(problem_at(field, record_number, ProblemCode.REQUIRED))
    elif text.startswith(" "):
        problems.append(problem_at(field, record_number, ProblemCode.NOT_LEFT_ALIGNED))
    return text


def _decode_number(field: Field, raw: bytes, record_number: int, problems: list[Problem]) -> str:
    text = raw.decode("latin-1")
    if not text.strip(" "):
        if field.required:
            problems.append(problem_at(field, record_number, ProblemCode.REQUIRED))
        return ""
    for index, byte in enumerate(raw):
        if not 0x30 <= byte <= 0x39:
            problems.append(problem_at(field, record_number, ProblemCode.NOT_DIGITS, index))
            return ""
    # A zero-filled optional code is the writer's way of saying "none".
    if field.codes and text not in field.codes and (field.required or text.strip("0")):
        problems.append(problem_at(field, record_number, ProblemCode.UNKNOWN_CODE, value=text))
        return ""
    return text


_ONE_BYTE = tuple(
    bytes([byte]).decode("cp932") if byte < 0x80 or 0xA1 <= byte <= 0xDF else chr(0xE000 + byte)
    for byte in range(256)
)
