"""Bytes to records, with a precise account of everything that is not as the format asks.

Reading is strict in what counts (order, totals, digits, characters) and tolerant in what banks and
their software vary: line breaks, a missing last line break, a final Ctrl-Z, blank optional codes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from yui.procedures.payments.zengin.fields import decode_field, problem_at
from yui.procedures.payments.zengin.layout import RECORD_LENGTH, Layout, RecordKind, layout_for
from yui.procedures.payments.zengin.problems import Problem, ProblemCode, ZenginRefused, errors_of
from yui.procedures.payments.zengin.records import (
    AccountKind,
    Batch,
    Business,
    Debit,
    DebitResult,
    Header,
    Item,
    NewCode,
    Newline,
    Salary,
    Transfer,
    TransferDesignation,
    ZenginFile,
)
from yui.procedures.payments.zengin.writer import totals

_HALF_A_YEAR = timedelta(days=184)
_EBCDIC_ONE = 0xF1


def read(data: bytes, *, near: date) -> ZenginFile:
    """Return the records of a file.

    Args:
        near: A day within half a year of the file's day; it supplies the year the format leaves out.

    Raises:
        ZenginRefused: when anything is wrong; it carries every problem found.
    """
    file, problems = parse(data, near=near)
    if errors := errors_of(problems):
        raise ZenginRefused(errors)
    return file


def validate(data: bytes, *, near: date) -> list[Problem]:
    """Return every problem and doubt of a file; an empty list means it is sound."""
    return parse(data, near=near)[1]


def resolve_month_day(month_day: str, *, near: date) -> date | None:
    """Return the date with this MMDD that lies within half a year of ``near``, else None.

    A file names no year. One that is prepared in December for January, or read back in January for
    December, still gets the right one; 29 February is found only near a leap day that exists.

    Example:
        >>> resolve_month_day("0105", near=date(2026, 12, 20))
        datetime.date(2027, 1, 5)
        >>> resolve_month_day("0229", near=date(2027, 2, 1)) is None
        True
    """
    if len(month_day) != 4 or not (month_day.isascii() and month_day.isdigit()):
        return None
    found = []
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            found.append(date(year, int(month_day[:2]), int(month_day[2:])))
        except ValueError:
            continue
    nearest = min(found, key=lambda day: abs(day - near), default=None)
    return nearest if nearest is not None and abs(nearest - near) <= _HALF_A_YEAR else None


def parse(data: bytes, *, near: date) -> tuple[ZenginFile, list[Problem]]:
    """Return what could be read and everything that was wrong with it."""
    problems: list[Problem] = []
    if data[:3] == b"\xef\xbb\xbf" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ZenginFile(()), [Problem(ProblemCode.BYTE_ORDER_MARK)]
    if data[:1] and data[0] == _EBCDIC_ONE:
        return ZenginFile(()), [Problem(ProblemCode.EBCDIC)]
    rows, newline = split_records(data, problems)
    if not rows:
        return ZenginFile((), newline), [*problems, Problem(ProblemCode.EMPTY_FILE)]
    assembly = _Assembly(near, problems)
    for number, row in rows:
        if not assembly.take(number, row):
            break
    assembly.finish()
    problems.sort(key=lambda problem: (problem.record_number, problem.offset or 0))
    return ZenginFile(tuple(assembly.batches), newline), problems


def split_records(data: bytes, problems: list[Problem]) -> tuple[list[tuple[int, bytes]], Newline]:
    """Cut a file into numbered 120-byte records and tell its line break."""
    data = data.removesuffix(b"\x1a")
    rows: list[tuple[int, bytes]] = []
    first: Newline | None = None
    for number, (row, newline) in enumerate(_rows(data), start=1):
        if len(row) == RECORD_LENGTH:
            rows.append((number, row))
        else:
            details = (("length", len(row)),)
            problems.append(Problem(ProblemCode.RECORD_LENGTH, number, details=details))
        if newline is None:
            continue
        first = first or newline
        if newline is not first:
            problems.append(Problem(ProblemCode.MIXED_NEWLINES, number))
    return rows, first or Newline.NONE


def _rows(data: bytes) -> Iterator[tuple[bytes, Newline | None]]:
    """Yield each record with the line break behind it (None at the end of the file)."""
    breaks = (Newline.CRLF, Newline.CR, Newline.LF)
    uses_breaks = b"\r" in data or b"\n" in data
    position = 0
    while position < len(data):
        if not uses_breaks:
            end = position + RECORD_LENGTH
            yield data[position:end], Newline.NONE if end < len(data) else None
            position = end
            continue
        ends = [at for at in (data.find(b"\r", position), data.find(b"\n", position)) if at >= 0]
        end = min(ends, default=len(data))
        newline = next((n for n in breaks if data.startswith(n.value, end)), None)
        yield data[position:end], newline if end < len(data) else None
        position = end + (len(newline.value) if newline else 0)


@dataclass
class _Assembly:
    """The place in ``1 2… 8 [1 2… 8]… 9`` that reading has reached."""

    near: date
    problems: list[Problem]
    batches: list[Batch] = field(default_factory=list)
    header: Header | None = None
    business: Business | None = None
    items: list[Item] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    in_batch: bool = False
    ended: bool = False
    refused: bool = False

    def take(self, number: int, row: bytes) -> bool:
        """Read one record; False when nothing after it can be understood."""
        if self.ended:
            self.problems.append(Problem(ProblemCode.AFTER_END, number))
            return False
        try:
            kind = RecordKind(chr(row[0]))
        except ValueError:
            self.problems.append(Problem(ProblemCode.UNKNOWN_RECORD_KIND, number, 0))
            return True
        expected = {
            RecordKind.HEADER: not self.in_batch,
            RecordKind.DATA: self.in_batch,
            RecordKind.TRAILER: self.in_batch,
            RecordKind.END: not self.in_batch and bool(self.batches or self.refused),
        }
        if not expected[kind]:
            self.problems.append(Problem(ProblemCode.ORDER_OF_RECORDS, number))
        match kind:
            case RecordKind.HEADER:
                return self._take_header(number, row)
            case RecordKind.DATA if self.business:
                self._take_item(number, row, self.business)
            case RecordKind.TRAILER if self.business and self.in_batch:
                self._take_trailer(number, row, self.business)
            case RecordKind.END:
                self.ended = True
        return True

    def _take_header(self, number: int, row: bytes) -> bool:
        code = row[1:3].decode("latin-1")
        if row[3:4] == b"1":
            self.problems.append(Problem(ProblemCode.EBCDIC, number, 3))
            self.ended = self.refused = True
            return False
        try:
            business = Business(code)
        except ValueError:
            details = (("value", code if code.isalnum() else "?"),)
            self.problems.append(Problem(ProblemCode.UNKNOWN_BUSINESS, number, 1, details=details))
            self.ended = self.refused = True
            return False
        if self.business and business is not self.business:
            self.problems.append(Problem(ProblemCode.MIXED_BUSINESSES, number, 1))
        layout = layout_for(business, RecordKind.HEADER)
        values = self._values(layout, number, row)
        on = resolve_month_day(values["on"], near=self.near)
        if on is None and values["on"]:
            place = layout.by_name["on"]
            problem = problem_at(place, number, ProblemCode.NO_SUCH_DATE, value=values["on"])
            self.problems.append(problem)
        self.header = Header(
            business=business,
            on=on or self.near,
            account_kind=_account_kind(values.pop("account_kind")),
            **{name: values[name] for name in _HEADER_TEXTS},
        )
        self.business, self.in_batch, self.items, self.numbers = business, True, [], []
        return True

    def _take_item(self, number: int, row: bytes, business: Business) -> None:
        before = len(self.problems)
        values = self._values(layout_for(business, RecordKind.DATA), number, row)
        if errors_of(self.problems[before:]):
            self.refused = True
            # Totals are still compared below, so the amount of a record refused for its name counts.
        self.numbers.append(number)
        self.items.append(_item(business, values))

    def _take_trailer(self, number: int, row: bytes, business: Business) -> None:
        layout = layout_for(business, RecordKind.TRAILER)
        values = self._values(layout, number, row)
        stated = {name: int(values.get(name) or 0) for name in layout.by_name if name != "record_kind"}
        assert self.header is not None
        answered = stated.get("collected_count", 0) + stated.get("uncollected_count", 0)
        if business is Business.DIRECT_DEBIT and not answered:
            self._expect_request(layout.by_name["collected_count"].offset, number)
        batch = Batch(self.header, tuple(self.items))
        actual = totals(batch)
        for name, code in _TRAILER_CODES.items():
            if name in stated and stated[name] != actual[name]:
                place = layout.by_name[name]
                problem = problem_at(place, number, code, stated=stated[name], actual=str(actual[name]))
                self.problems.append(problem)
        self.batches.append(batch)
        self.in_batch = False

    def _expect_request(self, offset: int, number: int) -> None:
        """Without result totals every result must be 0, which then means "not yet answered"."""
        answered = [item for item in self.items if getattr(item, "result", None) not in _UNANSWERED]
        if answered:
            details = (("stated", 0), ("actual", len(answered)))
            self.problems.append(
                Problem(ProblemCode.TRAILER_RESULTS, number, offset, "collected_count", details=details)
            )
        self.items = [_without_result(item) for item in self.items]

    def _values(self, layout: Layout, number: int, row: bytes) -> dict[str, str]:
        return {f.name: decode_field(f, row, number, self.problems) for f in layout if f.name}

    def finish(self) -> None:
        """Note what is missing at the end of the file."""
        if self.in_batch:
            self.problems.append(Problem(ProblemCode.MISSING_TRAILER))
        if not self.ended:
            self.problems.append(Problem(ProblemCode.MISSING_END))


_UNANSWERED = (None, DebitResult.COLLECTED)
_HEADER_TEXTS = (
    "originator_code",
    "originator_name",
    "bank_code",
    "bank_name",
    "branch_code",
    "branch_name",
    "account_number",
)
_TRAILER_CODES = {
    "record_count": ProblemCode.TRAILER_COUNT,
    "total_yen": ProblemCode.TRAILER_TOTAL,
    "collected_count": ProblemCode.TRAILER_RESULTS,
    "collected_yen": ProblemCode.TRAILER_RESULTS,
    "uncollected_count": ProblemCode.TRAILER_RESULTS,
    "uncollected_yen": ProblemCode.TRAILER_RESULTS,
}


def _account_kind(code: str) -> AccountKind | None:
    return AccountKind(code) if code.strip("0") else None


def _without_result(item: Item) -> Item:
    return replace(item, result=None) if isinstance(item, Debit) else item


def _item(business: Business, values: dict[str, str]) -> Item:
    given = {
        name: values[name]
        for name in ("bank_code", "bank_name", "branch_code", "branch_name", "account_number", "name")
    }
    # A refused record still needs a kind to be counted; its problem is already noted.
    kind = _account_kind(values["account_kind"]) or AccountKind.OTHER
    amount = int(values["amount_yen"] or 0)
    new = NewCode(values["new_code"] or "0")
    if business is Business.DIRECT_DEBIT:
        return Debit(
            **given,
            account_kind=kind,
            amount_yen=amount,
            new_code=new,
            customer_number=values["customer_number"],
            result=DebitResult(values["result"] or "0"),
        )
    clearing = values["clearing_house_code"]
    if business.is_salary:
        return Salary(
            **given,
            account_kind=kind,
            amount_yen=amount,
            new_code=new,
            clearing_house_code=clearing,
            employee_number=values["employee_number"],
            department_code=values["department_code"],
        )
    return Transfer(
        **given,
        account_kind=kind,
        amount_yen=amount,
        new_code=new,
        clearing_house_code=clearing,
        customer_code_1=values["customer_code_1"],
        customer_code_2=values["customer_code_2"],
        designation=TransferDesignation(values["designation"]) if values["designation"] else None,
        identification=values["identification"],
    )
