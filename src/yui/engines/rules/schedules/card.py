"""A schedule card: series of doses or check-ups with their ages and intervals, read from YAML and checked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from yui.engines.rules.law import Law, read_confidence, read_law
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.problems import CardError
from yui.engines.rules.reading import Reader, Spot, fingerprint
from yui.engines.rules.schedules.ages import AgePoint, Interval
from yui.engines.rules.texts import Text

LAST = "前回"
PARTS = ("初回", "追加")
Written = TypeVar("Written", AgePoint, Interval)
# Windows are tried on every birth of a leap year: all lengths of months and all fiscal-year cohorts occur in it.
BIRTHS = tuple(date(2024, 1, 1) + timedelta(days=day) for day in range(366))


@dataclass(frozen=True, slots=True)
class Ages:
    """A window of age, both ends included. An end that is not written is open."""

    start: AgePoint | None
    end: AgePoint | None


@dataclass(frozen=True, slots=True)
class Standard:
    """A part of the recommended time (標準的な接種期間): between two ages, or between two intervals after a dose.

    Attributes:
        after: Number of the dose that the intervals follow; None for ages.
    """

    after: int | None
    start: AgePoint | Interval | None
    end: AgePoint | Interval | None


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose of a course.

    Attributes:
        number: Place in the course, counted from 1.
        part: 初回 (primary), 追加 (booster), or empty where the act makes no such difference.
        ages: When the law allows it.
        after: Least intervals after earlier doses by their number; 0 is the last dose given. An interval after a
            dose that was left out does not count.
        skip_past: The dose is left out, and the next one follows, once this day is past.
        skip_if: It is left out too when that dose was given after that day.
        standard: The recommended time; empty when the sources name none.
    """

    number: int
    part: str
    ages: Ages
    after: Mapping[int, Interval]
    skip_past: AgePoint | None
    skip_if: tuple[int, AgePoint] | None
    standard: tuple[Standard, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """One way through a series. The first whose windows take all doses given is the one that counts.

    Attributes:
        product: Identifier of the product it is for; empty when for any.
        started: Age at the first dose for which it is meant.
    """

    cite: str
    product: str
    started: Ages
    doses: tuple[Dose, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """What one must know of the person besides the date of birth.

    Attributes:
        choices: Identifiers by their name in the card.
    """

    key: str
    choices: Mapping[str, str]
    ask: Text


@dataclass(frozen=True, slots=True)
class Condition:
    """Whom a series is for: those for whom a fact has a value; ``no`` is said to the others."""

    fact: Fact
    value: str
    no: Text


@dataclass(frozen=True, slots=True)
class Cohort:
    """The births a series decides about; ``outside`` is said to the others, about whom the card says nothing."""

    start: date | None
    until: date | None
    outside: Text

    def covers(self, born_on: date) -> bool:
        """Whether a birth belongs to it (``start`` included, ``until`` not)."""
        return (self.start is None or self.start <= born_on) and (self.until is None or born_on < self.until)


@dataclass(frozen=True, slots=True)
class Series:
    """A vaccine or a check-up.

    Attributes:
        kind: The kind between whose members an interval is kept; empty when there is none.
        products: Names of products by their identifier, where the course depends on it.
        begin_with: Identifiers of the products with which one may still begin.
        instead_of: Keys of series it has replaced: who began one of them goes on with them.
        note: A sentence for those who are told of a window; None when there is none.
    """

    key: str
    name: Text
    cite: str
    kind: str
    conditions: tuple[Condition, ...]
    cohort: Cohort | None
    products: Mapping[str, Text]
    begin_with: tuple[str, ...]
    instead_of: tuple[str, ...]
    note: Text | None
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """The least interval between different series of one kind (注射生ワクチン同士)."""

    least: Interval
    cite: str


@dataclass(frozen=True, eq=False)
class ScheduleCard:
    """One version of a schedule. Attributes as in :class:`~yui.engines.rules.card.Card`.

    Attributes:
        between: Least intervals by kind.
        series: By key, in the order of the card.
    """

    id: str
    version: str
    programme: Text
    law: Law
    in_force_from: Month
    in_force_until: Month | None
    known_from: date | None
    confidence: str
    check: str
    between: Mapping[str, Between]
    series: Mapping[str, Series] = field(repr=False)


@dataclass(frozen=True)
class Schedule:
    """All versions of a schedule, oldest first.

    Raises:
        ValueError: the versions belong to different schedules, or their months overlap or leave a gap.
    """

    cards: tuple[ScheduleCard, ...]

    def __post_init__(self) -> None:
        if len({card.id for card in self.cards}) != 1:
            raise ValueError("A schedule consists of versions of one card; these have different identifiers.")
        for earlier, later in zip(self.cards, self.cards[1:], strict=False):
            if earlier.in_force_until != later.in_force_from:
                raise ValueError(
                    f"One version of “{earlier.id}” ends at {earlier.in_force_until}, the next begins at "
                    f"{later.in_force_from}; each must begin where the one before ends."
                )

    @classmethod
    def of(cls, cards: Iterable[ScheduleCard]) -> "Schedule":
        """Orders versions by the month they take force."""
        return cls(tuple(sorted(cards, key=lambda card: card.in_force_from.index)))

    def card(self, on: date) -> ScheduleCard:
        """The version in force on a day.

        Raises:
            LookupError: no version covers the day.
        """
        month = Month.of(on)
        for card in self.cards:
            if card.in_force_from <= month and (card.in_force_until is None or month < card.in_force_until):
                return card
        first, last = self.cards[0].in_force_from, self.cards[-1].in_force_until
        span = f"from {first}" + (f" until {last}" if last else "")
        raise LookupError(f"No version of “{self.cards[0].id}” covers {on}; there are versions {span}.")


def load_schedule(source: str | Path) -> ScheduleCard:
    """Reads and checks a schedule card.

    Args:
        source: The path of a YAML file, or the YAML text itself (anything with a line break).
    Raises:
        CardError: the card has mistakes; all are listed with line and column.
        OSError: the file cannot be read.
    """
    if isinstance(source, Path) or "\n" not in source:
        text, name = Path(source).read_text(encoding="utf-8"), str(source)
    else:
        text, name = source, ""
    try:
        loading = _Loading(text)
    except CardError as error:
        raise CardError(list(error.problems), name) from error
    card = loading.card()
    if loading.reader.problems:
        raise CardError(loading.reader.problems, name)
    return card


class _Loading:
    def __init__(self, text: str) -> None:
        self.reader = Reader(text)
        self.facts: dict[str, Fact] = {}
        self.between: dict[str, Between] = {}

    def card(self) -> ScheduleCard:
        reader, root = self.reader, self.reader.root
        reader.allow(
            root, "schedule", "programme", "law", "in_force", "known_from", "confidence", "check",
            "facts", "between", "series",
        )  # fmt: skip
        period = reader.item(root, "in_force")
        start = reader.month(reader.item(period, "from")) if period else None
        until = reader.month(reader.item(period, "until", required=False)) if period else None
        if period and start and until and not start < until:
            reader.note("period_order", period)
        for name, spot in reader.items(reader.item(root, "facts", required=False)):
            self.facts[name] = self._fact(spot)
        for name, spot in reader.items(reader.item(root, "between", required=False)):
            reader.allow(spot, "least", "cite")
            least = self._interval(reader.item(spot, "least"))
            self.between[name] = Between(least or Interval("0日"), reader.citation(spot))
        return ScheduleCard(
            id=reader.text(reader.item(root, "schedule")),
            version=fingerprint(root.value),
            programme=reader.sentences(reader.item(root, "programme")),
            law=read_law(reader),
            in_force_from=start or Month(1, 1),
            in_force_until=until,
            known_from=reader.day(reader.item(root, "known_from", required=False)),
            confidence=read_confidence(reader),
            check=reader.text(reader.item(root, "check", required=False)),
            between=self.between,
            series=self._all_series(reader.item(root, "series")),
        )

    def _fact(self, spot: Spot) -> Fact:
        reader = self.reader
        reader.allow(spot, "key", "choices", "ask")
        choices = {name: reader.text(key) for name, key in reader.items(reader.item(spot, "choices"))}
        return Fact(
            reader.text(reader.item(spot, "key")), choices, reader.sentences(reader.item(spot, "ask"))
        )

    def _all_series(self, spot: Spot | None) -> dict[str, Series]:
        series = {key: self._series(key, inside) for key, inside in self.reader.items(spot)}
        for key, inside in self.reader.items(spot):
            for name in self._words(inside, "instead_of"):
                self._known(name, set(series) - {key})
        return series

    def _series(self, key: str, spot: Spot) -> Series:
        reader = self.reader
        reader.allow(
            spot, "name", "cite", "kind", "who", "born", "products", "begin_with", "instead_of", "note", "courses"
        )  # fmt: skip
        kind = reader.item(spot, "kind", required=False)
        if kind:
            self._known(kind, self.between)
        products = {
            key: reader.sentences(value)
            for key, value in reader.items(reader.item(spot, "products", required=False))
        }
        begin_with = self._words(spot, "begin_with")
        for word in begin_with:
            self._known(word, products)
        note = reader.item(spot, "note", required=False)
        courses = reader.item(spot, "courses")
        return Series(
            key=key,
            name=reader.sentences(reader.item(spot, "name")),
            cite=reader.citation(spot),
            kind=reader.text(kind),
            conditions=tuple(self._conditions(reader.item(spot, "who", required=False))),
            cohort=self._cohort(reader.item(spot, "born", required=False)),
            products=products,
            begin_with=tuple(reader.text(word) for word in begin_with) or tuple(products),
            instead_of=tuple(reader.text(word) for word in self._words(spot, "instead_of")),
            note=reader.sentences(note) if note else None,
            courses=tuple(self._course(inside, products) for inside in reader.elements(courses)),
        )

    def _words(self, spot: Spot, name: str) -> list[Spot]:
        return self.reader.elements(self.reader.item(spot, name, required=False))

    def _known(self, spot: Spot, names: Iterable[str]) -> bool:
        """Whether a word is one of the names; notes it when not."""
        word = self.reader.text(spot)
        if word and word not in names:
            known = "、".join(names)
            hint, hint_en = (f"使えるのは {known} です。", f"Known: {known}.") if known else ("", "")
            self.reader.note("undefined_name", spot, name=word, hint=hint, hint_en=hint_en)
            return False
        return bool(word)

    def _conditions(self, spot: Spot | None) -> Iterable[Condition]:
        reader = self.reader
        for inside in reader.elements(spot):
            reader.allow(inside, "fact", "is", "no")
            name, value = reader.item(inside, "fact"), reader.item(inside, "is")
            no = reader.sentences(reader.item(inside, "no"))
            if name and value and self._known(name, self.facts):
                fact = self.facts[reader.text(name)]
                if self._known(value, fact.choices):
                    yield Condition(fact, fact.choices[reader.text(value)], no)

    def _cohort(self, spot: Spot | None) -> Cohort | None:
        reader = self.reader
        if spot is None:
            return None
        reader.allow(spot, "from", "until", "outside")
        start, until = (reader.day(reader.item(spot, name, required=False)) for name in ("from", "until"))
        if start and until and not start < until:
            reader.note("window_order", spot, where=spot.where)
        return Cohort(start, until, reader.sentences(reader.item(spot, "outside")))

    def _course(self, spot: Spot, products: Iterable[str]) -> Course:
        reader = self.reader
        reader.allow(spot, "cite", "product", "started", "age", "doses")
        product = reader.item(spot, "product", required=False)
        if product:
            self._known(product, products)
        age = reader.item(spot, "age")
        ages = self._ages(age)
        if age:
            reader.item(age, "until")
        doses = [
            self._dose(inside, number, ages)
            for number, inside in enumerate(reader.elements(reader.item(spot, "doses")), start=1)
        ]
        started = self._ages(reader.item(spot, "started", required=False))
        return Course(reader.citation(spot), reader.text(product), started, tuple(doses))

    def _dose(self, spot: Spot, number: int, ages: Ages) -> Dose:
        reader = self.reader
        reader.allow(spot, "part", "age", "after", "skip_past", "skip_if", "standard")
        own = self._ages(reader.item(spot, "age", required=False), ages)
        after = {}
        for name, inside in reader.items(reader.item(spot, "after", required=False)):
            least = self._interval(inside)
            earlier = 0 if name == LAST else self._earlier(inside, name, number)
            if least is not None and earlier is not None:
                after[earlier] = least
        unless = reader.item(spot, "skip_if", required=False)
        skip_if = None
        if unless:
            reader.allow(unless, "dose", "past")
            dose = reader.item(unless, "dose")
            earlier = self._earlier(dose, reader.text(dose), number) if dose else None
            past = self._point(reader.item(unless, "past"))
            skip_if = (earlier, past) if earlier and past else None
        return Dose(
            number=number,
            part=reader.choice(reader.item(spot, "part", required=False), *PARTS),
            ages=own,
            after=after,
            skip_past=self._point(reader.item(spot, "skip_past", required=False)),
            skip_if=skip_if,
            standard=tuple(self._standard(inside, number) for inside in self._words(spot, "standard")),
        )

    def _earlier(self, spot: Spot, name: str, number: int) -> int | None:
        if name.isdecimal() and 1 <= int(name) < number:
            return int(name)
        self.reader.note("not_earlier", spot, name=name, number=number)
        return None

    def _standard(self, spot: Spot, number: int) -> Standard:
        reader = self.reader
        after = reader.item(spot, "after", required=False)
        if after is None:
            ages = self._ages(spot)
            return Standard(None, ages.start, ages.end)
        reader.allow(spot, "after", "from", "until")
        start, end = (self._interval(reader.item(spot, name, required=False)) for name in ("from", "until"))
        if start and end and start.after(BIRTHS[0]) > end.after(BIRTHS[0]):
            reader.note("window_order", spot, where=spot.where)
        return Standard(self._earlier(after, reader.text(after), number), start, end)

    def _ages(self, spot: Spot | None, otherwise: Ages = Ages(None, None)) -> Ages:
        reader = self.reader
        if spot is None:
            return otherwise
        reader.allow(spot, "from", "until")
        start, end = (self._point(reader.item(spot, name, required=False)) for name in ("from", "until"))
        found = Ages(start or otherwise.start, end or otherwise.end)
        if found.start and found.end and any(found.start.day(day) > found.end.day(day) for day in BIRTHS):
            reader.note("window_order", spot, where=spot.where)
        return found

    def _point(self, spot: Spot | None) -> AgePoint | None:
        return self._written(spot, AgePoint, "bad_age")

    def _interval(self, spot: Spot | None) -> Interval | None:
        return self._written(spot, Interval, "bad_interval")

    def _written(self, spot: Spot | None, form: Callable[[str], Written], code: str) -> Written | None:
        text = self.reader.text(spot)
        if spot is None or not text:
            return None
        try:
            return form(text)
        except ValueError:
            self.reader.note(code, spot, value=text)
            return None
