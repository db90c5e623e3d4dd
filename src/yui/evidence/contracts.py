"""What crosses the door of evidence."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from yui.evidence.charts.forms import FigureStatus
from yui.evidence.recomputing import columns_of
from yui.kernel.text.public import Message

NATION = "000000"
"""The code of the whole country, beside the codes of areas."""


class EvidenceRefused(ValueError):
    """Something that cannot be kept as a figure; the message is for a person."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class UnknownFigure(EvidenceRefused, LookupError):
    """There is no such indicator, version or publication."""


class Absence(StrEnum):
    """Why there is no value. None of them is nought, and none is another."""

    NOT_PUBLISHED = "not_published"  # whoever has the value keeps it to themselves
    SUPPRESSED = "suppressed"  # so few that people could be recognised
    MISSING = "missing"  # nobody has counted
    NOT_APPLICABLE = "not_applicable"  # there is nothing to be counted


class PeriodKind(StrEnum):
    """What a figure is about in time."""

    FISCAL_YEAR = "fiscal_year"
    CALENDAR_YEAR = "calendar_year"
    MONTH = "month"
    DAYS = "days"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class EntryState(StrEnum):
    """How far a figure entered by hand has come."""

    ENTERED = "entered"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


_FISCAL, _YEAR, _MONTH = re.compile(r"FY(\d{4})"), re.compile(r"\d{4}"), re.compile(r"(\d{4})-(\d\d)")


@dataclass(frozen=True, order=True)
class Period:
    """A fiscal year, a year, a month or a span of days.

    Attributes:
        until_on: the first day after it.
    """

    from_on: dt.date
    until_on: dt.date
    kind: PeriodKind

    @classmethod
    def read(cls, text: str) -> "Period":
        """Of its code: ``FY2024``, ``2024``, ``2024-05``, or first and last day as ``2024-05-01..2024-05-07``.

        Raises:
            ValueError: it is none of these.
        """
        if found := _FISCAL.fullmatch(text):
            year = int(found[1])
            return cls(dt.date(year, 4, 1), dt.date(year + 1, 4, 1), PeriodKind.FISCAL_YEAR)
        if _YEAR.fullmatch(text):
            return cls(dt.date(int(text), 1, 1), dt.date(int(text) + 1, 1, 1), PeriodKind.CALENDAR_YEAR)
        if found := _MONTH.fullmatch(text):
            first = dt.date(int(found[1]), int(found[2]), 1)
            return cls(first, (first + dt.timedelta(31)).replace(day=1), PeriodKind.MONTH)
        first_on, _, last_on = text.partition("..")
        span = cls(
            dt.date.fromisoformat(first_on),
            dt.date.fromisoformat(last_on or first_on) + dt.timedelta(1),
            PeriodKind.DAYS,
        )
        if span.until_on <= span.from_on:
            raise ValueError("The last day is before the first.")
        return span

    @classmethod
    def of_day(cls, day: dt.date) -> "Period":
        """One day."""
        return cls(day, day + dt.timedelta(1), PeriodKind.DAYS)

    @property
    def code(self) -> str:
        """As :meth:`read` reads it."""
        match self.kind:
            case PeriodKind.FISCAL_YEAR:
                return f"FY{self.from_on.year}"
            case PeriodKind.CALENDAR_YEAR:
                return f"{self.from_on.year}"
            case PeriodKind.MONTH:
                return f"{self.from_on:%Y-%m}"
        return f"{self.from_on}..{self.last_on}"

    @property
    def last_on(self) -> dt.date:
        """The last day."""
        return self.until_on - dt.timedelta(1)


@dataclass(frozen=True)
class Words:
    """The same in both languages."""

    ja: str
    en: str

    def said(self, language: str) -> str:
        """In the reader's language."""
        return self.en if language.startswith("en") else self.ja


@dataclass(frozen=True)
class Definition:
    """One version of what an indicator says.

    Attributes:
        code: of the indicator, the same in every body.
        owner: the office that answers for it.
        question: that was asked, word for word where it was a survey.
        population: who or what is counted.
        formula: the rule; see :func:`yui.evidence.recomputing.figure_of`.
        direction: which way is better.
        digits: after the decimal point.
        targets: by the code of the period.
        people: columns of the formula that count people.
        fewest: such a count from 1 to below it is not told; 0 where nobody is counted.
        valid_from: the first day that figures of this version may be about.
    """

    code: str
    version: int
    owner: str
    title: Words
    question: Words
    population: Words
    unit: Words
    formula: str
    direction: Direction
    digits: int
    valid_from: dt.date
    caveats: Words = Words("", "")
    targets: Mapping[str, Decimal] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    fewest: int = 0

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """What the formula computes with."""
        return columns_of(self.formula)


@dataclass(frozen=True)
class Vintage:
    """One release of a projection.

    Attributes:
        code: short, for example ``ipss-2023-medium``.
        name: of the release, for example 日本の将来推計人口（令和5年推計）.
        variant: of its assumptions.
        base_on: the day of the count it rests on.
        population: who is counted in it.
        figures: what it is known to say: by indicator, area and period. A value that is none of these is refused.
    """

    code: str
    name: str
    variant: str
    base_on: dt.date
    population: str
    source: str
    figures: Mapping[str, Mapping[str, Mapping[str, Decimal]]] = field(default_factory=dict)


@dataclass(frozen=True)
class DataRow:
    """What one figure, or a part of it, is computed from.

    Attributes:
        inputs: by the columns of the formula; empty where there is no value.
        absence: why there is none.
    """

    area: str
    period: Period
    inputs: Mapping[str, Decimal | int]
    source: str
    retrieved_on: dt.date
    status: FigureStatus = FigureStatus.ACTUAL
    vintage: str = ""
    absence: Absence | None = None


@dataclass(frozen=True)
class Query:
    """How rows were come by: a computed query of a service, a file, or somebody's hand."""

    name: str
    version: str


@dataclass(frozen=True)
class Figure:
    """One figure as it is known.

    Attributes:
        value: None where there is none; then ``absence`` says why.
        snapshot: SHA-256 of the rows that it was computed from.
        recorded_at: when it became known; None in a published one.
    """

    area: str
    period: Period
    status: FigureStatus
    vintage: str
    value: Decimal | None
    absence: Absence | None
    source: str
    retrieved_on: dt.date
    version: int
    query: Query
    snapshot: str
    recorded_at: dt.datetime | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Two figures of one key are one and its correction."""
        return self.area, self.period.code, self.status.value, self.vintage


@dataclass(frozen=True)
class Recorded:
    """What became of rows: figures added, known already, and not told because so few are concerned."""

    added: int
    unchanged: int
    withheld: int
    snapshot: str


@dataclass(frozen=True)
class Entry:
    """A figure entered by hand, before or after the second look."""

    public_id: str
    code: str
    version: int
    row: DataRow
    state: EntryState
    entered_by: str
    entered_at: dt.datetime


@dataclass(frozen=True)
class Published:
    """What a body has published of one version of an indicator.

    Attributes:
        publisher: code of the body.
        number: of the publication, from 1.
        sha256: of ``SHA256SUMS``; names the publication to the byte.
        definition_sha256: equal where two bodies mean the same.
    """

    publisher: str
    publisher_name: str
    number: int
    published_at: dt.datetime
    sha256: str
    definition_sha256: str
    definition: Definition
    figures: tuple[Figure, ...]
