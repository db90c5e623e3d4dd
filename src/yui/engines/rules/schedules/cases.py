"""Tables of situation → what is due, read with the place of every mistake and run against a schedule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yui.engines.rules.problems import CardError
from yui.engines.rules.reading import Reader, Spot
from yui.engines.rules.schedules.card import Fact, Schedule
from yui.engines.rules.schedules.due import due
from yui.engines.rules.schedules.windows import Given, Person, Span, Window, WindowState


@dataclass(frozen=True, slots=True)
class ExpectedWindow:
    """What a case says of a window; what it leaves out (None) is not compared.

    Attributes:
        series: The key of its series, with the name of the product after a stroke where there are several.
    """

    series: str
    state: WindowState
    dose: int | None = None
    total: int | None = None
    lawful: Span | None = None
    standard: Span | None = None
    ask: frozenset[str] | None = None

    def written(self) -> str:
        """As in a table of cases, in one line."""
        parts = [str(self.state)]
        if self.dose is not None or self.total is not None:
            parts.append("/".join(str(one) for one in (self.dose, self.total) if one is not None))
        parts += [f"{span.first}..{span.last}" for span in (self.lawful, self.standard) if span is not None]
        if self.ask:
            parts.append("ask " + ", ".join(sorted(self.ask)))
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class ScheduleCase:
    """One person on one day, with what is known to be due.

    Attributes:
        source: Where the known answer comes from.
        line: Where the case begins in its file.
    """

    title: str
    cite: str
    source: str
    person: Person
    given: tuple[Given, ...]
    on: date
    expected: tuple[ExpectedWindow, ...]
    line: int


def load_schedule_cases(source: str | Path, schedule: Schedule) -> tuple[ScheduleCase, ...]:
    """Reads and checks a table of cases.

    Args:
        source: The path of a YAML file, or the YAML text itself (anything with a line break).
    Raises:
        CardError: the table has mistakes; all are listed with line and column.
        OSError: the file cannot be read.
    """
    if isinstance(source, Path) or "\n" not in source:
        text, name = Path(source).read_text(encoding="utf-8"), str(source)
    else:
        text, name = source, ""
    try:
        loading = _Loading(text, schedule)
    except CardError as error:
        raise CardError(list(error.problems), name) from error
    cases = loading.cases()
    if loading.reader.problems:
        raise CardError(loading.reader.problems, name)
    return tuple(cases)


def run_schedule_case(case: ScheduleCase, schedule: Schedule) -> list[tuple[ExpectedWindow, ExpectedWindow]]:
    """What a case expects beside what the schedule says, in as many words as the case uses."""
    windows = {_called(window): window for window in due(schedule, case.person, case.given, case.on)}
    return [(expected, _got(expected, windows[expected.series])) for expected in case.expected]


def _called(window: Window) -> str:
    return f"{window.series.key}/{window.product}" if window.product else window.series.key


def _got(expected: ExpectedWindow, window: Window) -> ExpectedWindow:
    return ExpectedWindow(
        series=expected.series,
        state=window.state,
        dose=(window.dose.number if window.dose else 0) if expected.dose is not None else None,
        total=window.total if expected.total is not None else None,
        lawful=window.lawful if expected.lawful is not None else None,
        standard=window.standard if expected.standard is not None else None,
        ask=frozenset(missing.key for missing in window.missing) if expected.ask is not None else None,
    )


class _Loading:
    def __init__(self, text: str, schedule: Schedule) -> None:
        self.reader = Reader(text)
        self.schedule = schedule
        self.facts: dict[str, Fact] = {
            condition.fact.key: condition.fact
            for card in schedule.cards
            for series in card.series.values()
            for condition in series.conditions
        }

    def cases(self) -> list[ScheduleCase]:
        reader, root = self.reader, self.reader.root
        reader.allow(root, "given", "cases")
        given = reader.item(root, "given", required=False)
        if given:
            reader.allow(given, "facts")
        for_all = self._facts(reader.item(given, "facts") if given else None)
        cases = [self._case(spot, for_all) for spot in reader.elements(reader.item(root, "cases"))]
        return [case for case in cases if case is not None]

    def _case(self, spot: Spot, for_all: Mapping[str, str | None]) -> ScheduleCase | None:
        reader = self.reader
        reader.allow(spot, "title", "cite", "source", "born", "facts", "given", "on", "expect")
        born, day = reader.item(spot, "born"), reader.item(spot, "on")
        person = Person(
            reader.day(born) if born and born.value is not None else None,
            {**for_all, **self._facts(reader.item(spot, "facts", required=False))},
        )
        doses = reader.item(spot, "given", required=False)
        if doses:
            reader.allow(doses, *dict.fromkeys(key for card in self.schedule.cards for key in card.series))
        given = [
            self._dose(series, element)
            for series, inside in reader.items(doses)
            for element in reader.elements(inside)
        ]
        on = reader.day(day)
        expected = reader.item(spot, "expect")
        title, cite = reader.text(reader.item(spot, "title")), reader.citation(spot)
        source = reader.text(reader.item(spot, "source"))
        if on is None or day is None:
            return None
        try:
            known = {_called(window) for window in due(self.schedule, person, given, on)}
        except LookupError:
            self._wrong(day, "版のある日", "a day that a version covers")
            return None
        answers = []
        for name, inside in reader.items(expected):
            if name not in known:
                reader.note(
                    "unknown_item", inside, where="expect", item=name, allowed=", ".join(sorted(known))
                )
            elif answer := self._answer(name, inside):
                answers.append(answer)
        return ScheduleCase(title, cite, source, person, tuple(given), on, tuple(answers), spot.line)

    def _facts(self, spot: Spot | None) -> dict[str, str | None]:
        if spot is None:
            return {}
        self.reader.allow(spot, *self.facts)
        return {
            key: self.reader.choice(inside, *self.facts[key].choices.values()) or None
            if inside.value is not None
            else None
            for key, inside in self.reader.items(spot)
            if key in self.facts
        }

    def _dose(self, series: str, spot: Spot) -> Given:
        """One dose: its day, nothing where the day is not known, or its day with product and what was said of it."""
        reader = self.reader
        if spot.value is None:
            return Given(series, None)
        if not hasattr(spot.value, "items"):
            return Given(series, reader.day(spot))
        reader.allow(spot, "on", "product", "counts")
        on, product = reader.item(spot, "on"), reader.item(spot, "product", required=False)
        counts = reader.item(spot, "counts", required=False)
        return Given(
            series,
            reader.day(on) if on and on.value is not None else None,
            reader.text(product) or None,
            bool(counts.value) if counts else None,
        )

    def _answer(self, name: str, spot: Spot) -> ExpectedWindow | None:
        reader = self.reader
        reader.allow(spot, "state", "dose", "total", "lawful", "standard", "ask")
        state = reader.choice(reader.item(spot, "state"), *WindowState)
        asked = reader.item(spot, "ask", required=False)
        if not state:
            return None
        return ExpectedWindow(
            series=name,
            state=WindowState(state),
            dose=reader.whole(reader.item(spot, "dose", required=False)),
            total=reader.whole(reader.item(spot, "total", required=False)),
            lawful=self._span(reader.item(spot, "lawful", required=False)),
            standard=self._span(reader.item(spot, "standard", required=False)),
            ask=frozenset(reader.text(key) for key in reader.elements(asked)) if asked else None,
        )

    def _span(self, spot: Spot | None) -> Span | None:
        days = [self.reader.day(end) for end in self.reader.elements(spot)]
        if spot is None:
            return None
        if len(days) != 2 or days[0] is None or days[1] is None:
            self._wrong(spot, "[最初の日, 最後の日]", "[first day, last day]")
            return None
        return Span(days[0], days[1])

    def _wrong(self, spot: Spot, ja: str, en: str) -> None:
        self.reader.note("wrong_form", spot, where=spot.where, wanted_ja=ja, wanted_en=en)
