"""What can be wrong with a bank file, and where.

A problem names the record, the byte and the item, and says what to do; it never repeats a name or an
account number, because problems travel into logs and screens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Severity(StrEnum):
    """Whether the file may go to the bank."""

    ERROR = "error"
    WARNING = "warning"


class ProblemCode(StrEnum):
    """Each way in which a file can be wrong or doubtful."""

    EMPTY_FILE = "empty_file"
    RECORD_LENGTH = "record_length"
    MIXED_NEWLINES = "mixed_newlines"
    EBCDIC = "ebcdic"
    BYTE_ORDER_MARK = "byte_order_mark"
    UNKNOWN_RECORD_KIND = "unknown_record_kind"
    UNKNOWN_BUSINESS = "unknown_business"
    MIXED_BUSINESSES = "mixed_businesses"
    WRONG_ITEM = "wrong_item"
    ORDER_OF_RECORDS = "order_of_records"
    MISSING_TRAILER = "missing_trailer"
    MISSING_END = "missing_end"
    AFTER_END = "after_end"
    NOT_DIGITS = "not_digits"
    NEGATIVE = "negative"
    CODE_LENGTH = "code_length"
    REQUIRED = "required"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    FORBIDDEN_CHARACTER = "forbidden_character"
    LEADING_VOICING_MARK = "leading_voicing_mark"
    NOT_LEFT_ALIGNED = "not_left_aligned"
    UNKNOWN_CODE = "unknown_code"
    NO_SUCH_DATE = "no_such_date"
    TRAILER_COUNT = "trailer_count"
    TRAILER_TOTAL = "trailer_total"
    TRAILER_RESULTS = "trailer_results"
    UNKNOWN_BANK = "unknown_bank"
    UNKNOWN_BRANCH = "unknown_branch"
    NAME_DIFFERS = "name_differs"
    NOT_A_BUSINESS_DAY = "not_a_business_day"
    DAY_IS_PAST = "day_is_past"
    DUPLICATE = "duplicate"
    AMOUNT_ZERO = "amount_zero"
    AMOUNT_AT_LIMIT = "amount_at_limit"


WARNINGS = frozenset(
    {
        ProblemCode.NAME_DIFFERS,
        ProblemCode.DUPLICATE,
        ProblemCode.AMOUNT_ZERO,
        ProblemCode.AMOUNT_AT_LIMIT,
        ProblemCode.NOT_LEFT_ALIGNED,
    }
)
"""Doubtful, but a bank takes it. Everything else keeps the file at home."""

_MESSAGES: dict[ProblemCode, str | Promise] = {
    ProblemCode.EMPTY_FILE: gettext_lazy("the file holds no record"),
    ProblemCode.RECORD_LENGTH: gettext_lazy("a record must be 120 bytes long, this one has %(length)s"),
    ProblemCode.MIXED_NEWLINES: gettext_lazy("the line break differs from that of the first record"),
    ProblemCode.EBCDIC: gettext_lazy("the file is in EBCDIC; ask the bank for JIS (character code 0)"),
    ProblemCode.BYTE_ORDER_MARK: gettext_lazy(
        "the file was saved as Unicode by an editor; ask for the file as the bank sent it"
    ),
    ProblemCode.UNKNOWN_RECORD_KIND: gettext_lazy("a record must begin with 1, 2, 8 or 9"),
    ProblemCode.UNKNOWN_BUSINESS: gettext_lazy("business code %(value)s is not one this system handles"),
    ProblemCode.MIXED_BUSINESSES: gettext_lazy("all headers of a file must name the same business"),
    ProblemCode.WRONG_ITEM: gettext_lazy("this record does not belong to the business of its header"),
    ProblemCode.ORDER_OF_RECORDS: gettext_lazy("records must come as header, data, trailer, end"),
    ProblemCode.MISSING_TRAILER: gettext_lazy("the last trailer record is missing"),
    ProblemCode.MISSING_END: gettext_lazy("the end record is missing; the file may have been cut off"),
    ProblemCode.AFTER_END: gettext_lazy("nothing may follow the end record"),
    ProblemCode.NOT_DIGITS: gettext_lazy("only the digits 0-9 are allowed here"),
    ProblemCode.NEGATIVE: gettext_lazy("an amount cannot be negative"),
    ProblemCode.CODE_LENGTH: gettext_lazy("the code must have exactly %(length)s digits"),
    ProblemCode.REQUIRED: gettext_lazy("this item must be filled in"),
    ProblemCode.TOO_LONG: gettext_lazy(
        "%(actual)s bytes do not fit into %(length)s; nothing is cut, shorten it where it was entered"
    ),
    ProblemCode.TOO_LARGE: gettext_lazy("the number has more than %(length)s digits"),
    ProblemCode.FORBIDDEN_CHARACTER: gettext_lazy(
        "character U+%(codepoint)s is not allowed at position %(position)s of this item"
    ),
    ProblemCode.LEADING_VOICING_MARK: gettext_lazy(
        "a voicing mark at position %(position)s follows no kana; the name was probably cut"
    ),
    ProblemCode.NOT_LEFT_ALIGNED: gettext_lazy("the text should begin in the first byte of the item"),
    ProblemCode.UNKNOWN_CODE: gettext_lazy("code %(value)s is not allowed here"),
    ProblemCode.NO_SUCH_DATE: gettext_lazy("%(value)s is no month and day near the expected date"),
    ProblemCode.TRAILER_COUNT: gettext_lazy("the trailer says %(stated)s records, there are %(actual)s"),
    ProblemCode.TRAILER_TOTAL: gettext_lazy(
        "the trailer says %(stated)s yen, the records add up to %(actual)s"
    ),
    ProblemCode.TRAILER_RESULTS: gettext_lazy(
        "the result totals of the trailer (%(stated)s) do not agree with the records (%(actual)s)"
    ),
    ProblemCode.UNKNOWN_BANK: gettext_lazy("there is no bank with code %(value)s"),
    ProblemCode.UNKNOWN_BRANCH: gettext_lazy("bank %(bank)s has no branch %(value)s"),
    ProblemCode.NAME_DIFFERS: gettext_lazy("the name differs from the bank register (%(expected)s)"),
    ProblemCode.NOT_A_BUSINESS_DAY: gettext_lazy("%(value)s is not a bank business day"),
    ProblemCode.DAY_IS_PAST: gettext_lazy("%(value)s is already past"),
    ProblemCode.DUPLICATE: gettext_lazy("same account, name and amount as record %(first)s"),
    ProblemCode.AMOUNT_ZERO: gettext_lazy("the amount is zero"),
    ProblemCode.AMOUNT_AT_LIMIT: gettext_lazy("the amount fills the item with nines"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file.

    Attributes:
        record_number: 1-based; 0 for the file as a whole.
        offset: 0-based byte within the record; None when the whole record is meant.
        label: Name of the item, translatable; empty when no item is meant.
    """

    code: ProblemCode
    record_number: int = 0
    offset: int | None = None
    field: str = ""
    label: str | Promise = ""
    details: tuple[tuple[str, str | int], ...] = ()

    @property
    def severity(self) -> Severity:
        """Whether it keeps the file from the bank."""
        return Severity.WARNING if self.code in WARNINGS else Severity.ERROR

    @property
    def reason(self) -> str:
        """What is wrong, in the active language."""
        return str(_MESSAGES[self.code]) % dict(self.details)

    @property
    def message(self) -> str:
        """Place and reason in one sentence, in the active language; bytes count from 1, as bank manuals do."""
        if not self.record_number:
            return self.reason
        place = {"record": self.record_number, "label": str(self.label), "reason": self.reason}
        if self.offset is None:
            return _("Record %(record)s: %(reason)s") % place
        return _("Record %(record)s, byte %(byte)s, %(label)s: %(reason)s") % {
            **place,
            "byte": self.offset + 1,
        }

    def __str__(self) -> str:
        return self.message


class ZenginRefused(ValueError):
    """The file cannot be written or read as it stands; ``problems`` says why, all of it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "; ".join(problem.message for problem in self.problems)


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Return those that keep the file from the bank."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]
