"""Bytes of unknown origin into text."""

from dataclasses import dataclass

from .contracts import Message, TextProblem, gettext_noop

_SAMPLE = 50_000
"""Characters looked at when two readings compete."""

_CLOSE = 0.1
"""Below this difference of plausibility a second opinion is heard."""

_BINARY = {
    b"%PDF-": "pdf",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"7z\xbc\xaf\x27\x1c": "archive",
}
_VOICED = "ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ"
_SEMI_VOICED = "ﾊﾋﾌﾍﾎ"


@dataclass(frozen=True)
class Decoded:
    """Text and how it was found.

    Attributes:
        text: Without byte order mark; line ends as they were.
        encoding: Python's name: utf-8, utf-16-le, utf-16-be, cp932, euc-jp, euc_jis_2004 or
            iso-2022-jp.
        had_bom: Whether a byte order mark stood in front.
        warnings: What a person should know, in order.
    """

    text: str
    encoding: str
    had_bom: bool
    warnings: tuple[Message, ...] = ()


class NotTextProblem(TextProblem):
    """Bytes that are a file of another kind, whatever the name says.

    Attributes:
        kind: xlsx, xls, zip, pdf, gzip, image, archive or binary.
    """

    def __init__(self, message: Message, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


class ExcelFileProblem(NotTextProblem):
    """An Excel workbook where text was expected; ``kind`` is xlsx or xls."""


class UndecodableProblem(TextProblem):
    """Text in no encoding we know, or damaged."""


def decode_bytes(data: bytes) -> Decoded:
    """Decode a file: signatures of other formats, byte order mark, UTF-8, CP932 or EUC-JP, all strictly.

    Bytes valid both as CP932 and as EUC-JP are read the way that gives likelier Japanese, with
    charset-normalizer as a second opinion when that is close, and a warning. Nothing is replaced or
    dropped.

    Raises:
        ExcelFileProblem: The bytes are an Excel workbook.
        NotTextProblem: The bytes are another kind of file, or hold NUL characters.
        UndecodableProblem: No encoding fits; the message names the line.
    """
    _refuse_other_formats(data)
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if data.startswith(mark):
            try:
                return _finish(data[len(mark) :].decode(encoding), encoding, had_bom=True)
            except UnicodeDecodeError as error:
                raise _undecodable(data, error.start + len(mark)) from None
    if b"\0" in data:
        raise _not_text("binary")
    if b"\x1b$" in data or b"\x1b(J" in data:
        text = _strictly(data, "iso-2022-jp")
        if text is not None:
            return _finish(text, "iso-2022-jp")
    text = _strictly(data, "utf-8")
    if text is not None:
        return _finish(text, "utf-8")
    return _decode_legacy(data)


def _decode_legacy(data: bytes) -> Decoded:
    cp932, euc = _strictly(data, "cp932"), _strictly(data, "euc-jp")
    euc_name = "euc-jp"
    if euc is None:
        # Circled numbers and ㈱ stand in EUC-JP files although only the later standard has them.
        euc, euc_name = _strictly(data, "euc_jis_2004"), "euc_jis_2004"
    # Python gives the bytes A0, FD, FE and FF, which CP932 leaves empty, and 80 a place of their own.
    if cp932 is not None and any(c in cp932 for c in "\x80\uf8f0\uf8f1\uf8f2\uf8f3"):
        cp932 = None
    if cp932 is None and euc is None:
        raise _undecodable(data, max(_reach(data, e) for e in ("utf-8", "cp932", "euc-jp")))
    if euc is None or cp932 is None:
        return _finish(cp932, "cp932") if cp932 is not None else _finish(euc or "", euc_name)
    as_cp932, as_euc = plausibility(cp932), plausibility(euc)
    prefers_euc = as_euc > as_cp932
    if abs(as_euc - as_cp932) < _CLOSE:
        prefers_euc = _second_opinion(data) == "euc_jp"
    warning = Message(
        "decode_ambiguous",
        gettext_noop(
            "The file could be in CP932 or EUC-JP; it was read as %(encoding)s. Look at a few lines."
        ),
        {"encoding": "EUC-JP" if prefers_euc else "CP932"},
    )
    return _finish(euc, euc_name, warning) if prefers_euc else _finish(cp932, "cp932", warning)


def plausibility(text: str) -> float:
    """Return how much a text looks like Japanese, from 0 to 1, by its characters beyond ASCII.

    Kana and full-width symbols count whole, kanji of JIS level 1 nearly so, rarer ones little. Half-width
    katakana count when they spell words: read as CP932, EUC-JP gives half-width punctuation and voicing
    marks after kana that take none.
    """
    total = weight = 0.0
    before = ""
    for character in text[:_SAMPLE]:
        if not character.isascii():
            total += 1
            weight += _weight(character, before)
        before = character
    return weight / total if total else 1.0


def _weight(character: str, before: str) -> float:
    if "\u3000" <= character <= "\u30ff" or "\uff01" <= character <= "\uff5e":
        return 1.0
    if "\uff61" <= character <= "\uff9f":
        if character == "ﾞ":
            return 0.9 if before and before in _VOICED else -2.0
        if character == "ﾟ":
            return 0.9 if before and before in _SEMI_VOICED else -2.0
        small_first = "ｧ" <= character <= "ｰ" and not "ｦ" <= before <= "ﾟ"
        return -0.5 if character in "｡｢｣､･" or small_first else 0.85
    try:
        # JIS X 0208 level 1 is rows 16 to 47.
        lead = character.encode("euc_jp")[0]
    except UnicodeEncodeError:
        return 0.1
    if 0xB0 <= lead <= 0xCF:
        return 0.9
    return 0.3 if lead >= 0xD0 else 0.7


def _second_opinion(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_isolation=["cp932", "euc_jp"]).best()
    return best.encoding if best else None


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _reach(data: bytes, encoding: str) -> int:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return len(data)


def _finish(text: str, encoding: str, *warnings: Message, had_bom: bool = False) -> Decoded:
    if "\0" in text:
        raise _not_text("binary")
    found = list(warnings)
    if "\ufffd" in text:
        found.append(
            Message(
                "decode_already_damaged",
                gettext_noop("Characters had been lost before this file was made (marked by U+FFFD)."),
            )
        )
    if any("\ue000" <= c <= "\uf8ff" for c in text):
        found.append(
            Message(
                "decode_private_use",
                gettext_noop("The file holds private-use characters, which only its maker can show."),
            )
        )
    return Decoded(text, encoding, had_bom, tuple(found))


def _refuse_other_formats(data: bytes) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _excel("xls")
    if data.startswith(b"PK\x03\x04"):
        raise _excel("xlsx") if b"xl/" in data else _not_text("zip")
    for signature, kind in _BINARY.items():
        if data.startswith(signature):
            raise _not_text(kind)


def _excel(kind: str) -> ExcelFileProblem:
    sentence = gettext_noop("This is an Excel workbook (%(kind)s), not a text file, whatever its name says.")
    return ExcelFileProblem(Message("excel_file", sentence, {"kind": kind}), kind)


def _not_text(kind: str) -> NotTextProblem:
    sentence = gettext_noop("This is not a text file but another kind of file (%(kind)s).")
    return NotTextProblem(Message("not_text", sentence, {"kind": kind}), kind)


def _undecodable(data: bytes, position: int) -> UndecodableProblem:
    return UndecodableProblem(
        Message(
            "undecodable",
            gettext_noop(
                "Line %(line)d is in none of UTF-8, CP932 and EUC-JP. Save the file as UTF-8 again."
            ),
            {"line": data.count(b"\n", 0, position) + 1},
        )
    )
