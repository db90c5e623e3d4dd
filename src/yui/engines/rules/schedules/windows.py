"""What is asked and answered about a schedule: persons, doses given, windows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yui.engines.rules.schedules.ages import Interval
from yui.engines.rules.schedules.card import Course, Dose, ScheduleCard, Series
from yui.engines.rules.texts import Text


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a person.

    Attributes:
        born_on: None when not known.
        facts: Identifiers of choices by the key of the fact; one that is missing or None is not known.
    """

    born_on: date | None
    facts: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Given:
    """A dose that was given, or a check-up that took place.

    Attributes:
        series: Key of the series.
        on: The day; None when not known.
        product: Identifier of the product; None when not known. Only asked where the course depends on it.
        counts: What those who decide have said of it: True counts whatever its day, False does not count; None
            when nothing was said and the windows decide.
    """

    series: str
    on: date | None
    product: str | None = None
    counts: bool | None = None


class WindowState(StrEnum):
    """How it stands with the next dose: open (may be given), waiting (later), over (too old), done (all given),
    not_concerned (for others), question (a fact is missing), referred (not for the card to decide)."""

    OPEN = "open"
    WAITING = "waiting"
    OVER = "over"
    DONE = "done"
    NOT_CONCERNED = "not_concerned"
    QUESTION = "question"
    REFERRED = "referred"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included, as the acts say it."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Wait:
    """What makes the first day as late as it is: the interval after a dose, or an age when ``series`` is empty.

    Attributes:
        dose_on: The day of that dose.
    """

    until: date
    series: str = ""
    dose_on: date | None = None
    least: Interval | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact to be asked for: of the person, the product, or the day of a dose.

    Attributes:
        key: Key of the fact; ``born_on``; ``<series>.product``; ``<series>.<n>`` for the day of the n-th dose.
        ask: The question of the card; None for those every schedule asks alike.
    """

    key: str
    ask: Text | None = None


@dataclass(frozen=True)
class Window:
    """How it stands with a series on a day.

    Attributes:
        product: Identifier of the product it holds for; empty when for any.
        dose: The next dose; None when there is none.
        total: Doses of its course; 0 when none was found.
        lawful: When the law allows the dose. With a question: if the answer is that the person is concerned. Of a
            referred dose: when it would have been lawful.
        standard: The recommended time within it; None when the sources name none or it has become impossible.
        waits: What the first day waits for, when that day is still to come.
        missing: The facts to ask for.
        irregular: The day of the dose that was given outside its window, when the series is referred for it.
        no: Why the person is not concerned, or not decided about, in the words of the card.
        instead: Keys of the series that take its place; of a referred one, those given beside it.
    """

    card: ScheduleCard
    series: Series
    state: WindowState
    on: date
    product: str = ""
    dose: Dose | None = None
    course: Course | None = None
    lawful: Span | None = None
    standard: Span | None = None
    waits: tuple[Wait, ...] = ()
    missing: tuple[Missing, ...] = ()
    irregular: date | None = None
    no: Text | None = None
    instead: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Doses of the course."""
        return len(self.course.doses) if self.course else 0

    @property
    def in_standard(self) -> bool:
        """Whether the day lies in the recommended time."""
        return self.standard is not None and self.on in self.standard

    @property
    def said(self) -> tuple[object, ...]:
        """Everything that a reader is told, whatever the day and version: two windows that say the same are equal."""
        number = self.dose.number if self.dose else 0
        return (
            self.state, self.product, number, self.total, self.lawful, self.standard, self.in_standard,
            self.waits, self.missing, self.irregular, self.no, self.instead,
        )  # fmt: skip
