"""What is due for a person on a day, and when that changes by time alone.

A dose counts when it was given within its lawful window. A dose that was not is never passed over or counted by
guess: the series is *referred* to those who decide (municipality and doctor), until their answer is recorded.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yui.engines.rules.compiling import FactError
from yui.engines.rules.legal_dates import ONE_DAY
from yui.engines.rules.schedules.ages import AgePoint, Interval
from yui.engines.rules.schedules.card import (
    Ages,
    Course,
    Dose,
    Fact,
    Schedule,
    ScheduleCard,
    Series,
    Standard,
)
from yui.engines.rules.schedules.windows import Given, Missing, Person, Span, Wait, Window, WindowState


@dataclass(frozen=True)
class ScheduleChange:
    """A day from which a window says something else though nothing was given and no fact changed."""

    on: date
    before: Window
    after: Window


def due(schedule: Schedule, person: Person, given: Iterable[Given], on: date) -> list[Window]:
    """How it stands with every series of a schedule on a day.

    Args:
        given: The doses given, in any order; of one series those without a day stand in their order. Doses given
            after the day are left out.
    Returns:
        One window per series in the order of the card; one per product where one may begin with several.
    Raises:
        LookupError: no version of the schedule covers the day.
        FactError: a fact has none of the values its question allows.
    """
    return _Deciding(schedule.card(on), person, list(given), on).windows()


def upcoming(
    schedule: Schedule, person: Person, given: Iterable[Given], start: date, until: date
) -> list[ScheduleChange]:
    """What changes by time alone in a span of days: windows and recommended times that open and close.

    Args:
        given: The doses given before the span.
        start: The first day looked at: a change from the day before it counts.
        until: The first day no longer looked at.
    Returns:
        The changes in order of day and series. The first one is the next critical date.
    Complexity:
        Two decisions per date that follows from the card for this person, not one per day.
    """
    given = list(given)
    changes: list[ScheduleChange] = []
    for day in sorted(_turning_days(schedule, person, given)):
        if start <= day < until and _covered(schedule, day) and _covered(schedule, day - ONE_DAY):
            old = {
                (window.series.key, window.product): window
                for window in due(schedule, person, given, day - ONE_DAY)
            }
            for after in due(schedule, person, given, day):
                before = old.get((after.series.key, after.product))
                if before is not None and before.said != after.said:
                    changes.append(ScheduleChange(day, before, after))
    return changes


def _covered(schedule: Schedule, day: date) -> bool:
    try:
        schedule.card(day)
    except LookupError:
        return False
    return True


def _turning_days(schedule: Schedule, person: Person, given: Sequence[Given]) -> set[date]:
    """Every day on which a window can begin, end, or give way to the next dose."""
    days = {card.in_force_from.first_day for card in schedule.cards}
    dates = [dose.on for dose in given if dose.on]
    for card in schedule.cards:
        for between in card.between.values():
            days |= {between.least.after(day) for day in dates}
        for series in card.series.values():
            for course in series.courses:
                for point in _points(course):
                    if isinstance(point, Interval):
                        days |= {point.after(day) for day in dates}
                    elif person.born_on:
                        days.add(point.day(person.born_on))
    if person.born_on:
        days.add(person.born_on)
    return days | {day + ONE_DAY for day in days | set(dates)}


def _points(course: Course) -> Iterator[AgePoint | Interval]:
    found: list[AgePoint | Interval | None] = [course.started.start, course.started.end]
    for dose in course.doses:
        found += [dose.ages.start, dose.ages.end, dose.skip_past, *dose.after.values()]
        found += [end for part in dose.standard for end in (part.start, part.end)]
    return (point for point in found if point is not None)


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far the doses given lead in a course.

    Attributes:
        taken: Days by number of the dose.
        next: Index of the next dose; the number of doses when all are given or left out.
        rejected: The dose given outside its window, with that window; None when all were taken.
    """

    taken: dict[int, date]
    next: int
    rejected: tuple[date, Span] | None


class _Deciding:
    def __init__(self, card: ScheduleCard, person: Person, given: list[Given], on: date) -> None:
        self.card = card
        self.person = person
        self.given = [dose for dose in given if dose.on is None or dose.on <= on]
        self.on = on

    def windows(self) -> list[Window]:
        return [window for series in self.card.series.values() for window in self._windows(series)]

    def _windows(self, series: Series) -> Iterator[Window]:
        born = self.person.born_on
        plain = Window(self.card, series, WindowState.REFERRED, self.on)
        replaced = self._replaced(plain, series)
        if replaced is not None:
            yield replaced
        elif born is None:
            yield replace(plain, state=WindowState.QUESTION, missing=(Missing("born_on"),))
        elif series.cohort is not None and not series.cohort.covers(born):
            yield replace(plain, no=series.cohort.outside)
        else:
            own = [dose for dose in self._in_order(series.key) if dose.counts is not False]
            for window in self._by_product(plain, series, born, own):
                yield self._concerned(window, series)

    def _in_order(self, key: str) -> list[Given]:
        """The doses of a series by their day; one without a day keeps its place after the one before."""
        own = [dose for dose in self.given if dose.series == key]
        if all(dose.on for dose in own):
            own.sort(key=lambda dose: dose.on or self.on)
        return own

    def _replaced(self, plain: Window, series: Series) -> Window | None:
        """A series that has replaced others, or was replaced, as far as that settles it."""
        begun = {dose.series for dose in self.given if dose.counts is not False}
        new = next((one for one in self.card.series.values() if series.key in one.instead_of), series)
        if not new.instead_of:
            return None
        old = begun & set(new.instead_of)
        if old and new.key in begun:
            return replace(plain, instead=tuple(sorted((old | {new.key}) - {series.key})))
        if bool(old) == (series is new):
            others = series.instead_of if series is new else (new.key,)
            return replace(plain, state=WindowState.NOT_CONCERNED, instead=others)
        return None

    def _by_product(self, plain: Window, series: Series, born: date, own: list[Given]) -> Iterator[Window]:
        if not series.products:
            yield self._decide(plain, series.courses, born, own)
        elif not own:
            for product in series.begin_with:
                yield self._decide(replace(plain, product=product), _for(series, product), born, own)
        elif own[0].product is None:
            window = self._decide(plain, series.courses, born, [])
            asks = (Missing(f"{series.key}.product"),)
            over = window.state is WindowState.OVER
            yield window if over else replace(plain, state=WindowState.QUESTION, missing=asks)
        else:
            product = own[0].product
            courses = _for(series, product)
            window = replace(plain, product=product if product in series.products else "")
            yield self._decide(window, courses, born, own) if courses else window

    def _concerned(self, window: Window, series: Series) -> Window:
        """The window for a person for whom the conditions hold, do not hold, or are not known to."""
        missing: list[Fact] = []
        for condition in series.conditions:
            value = self.person.facts.get(condition.fact.key)
            if value is None:
                missing.append(condition.fact)
            elif value not in condition.fact.choices.values():
                choices = ", ".join(condition.fact.choices.values())
                raise FactError(
                    f"“{condition.fact.key}” must be one of {choices}, or missing when it is not known."
                )
            elif value != condition.value:
                return Window(self.card, series, WindowState.NOT_CONCERNED, self.on, no=condition.no)
        if missing and window.state not in (WindowState.OVER, WindowState.DONE, WindowState.REFERRED):
            asks = tuple(Missing(fact.key, fact.ask) for fact in missing)
            return replace(window, state=WindowState.QUESTION, missing=window.missing + asks)
        return window

    def _decide(self, plain: Window, courses: Sequence[Course], born: date, own: Sequence[Given]) -> Window:
        series = plain.series
        over = max((_last(dose, born) for course in courses for dose in course.doses), default=None)
        unknown = tuple(
            Missing(f"{series.key}.{number}") for number, dose in enumerate(own, start=1) if dose.on is None
        )
        if unknown:
            if over is not None and over < self.on:
                return replace(plain, state=WindowState.OVER, lawful=Span(born, over))
            return replace(plain, state=WindowState.QUESTION, missing=unknown)
        if not own:
            return self._first_dose(plain, courses, born)
        first = own[0].on
        assert first is not None
        tried = [
            (course, self._progress(series, course, born, own))
            for course in courses
            if first in _span(course.started, born)
        ]
        if not tried:
            tried = [
                (courses[0], self._progress(series, courses[0], born, own))
            ]  # too early or too late for all
        course, progress = next(
            (one for one in tried if one[1].rejected is None), max(tried, key=lambda one: len(one[1].taken))
        )
        window = replace(plain, course=course)
        if progress.rejected is not None:
            day, lawful = progress.rejected
            dose = course.doses[progress.next]
            return replace(window, dose=dose, irregular=day, lawful=lawful)
        return self._next_dose(window, course, progress, born)

    def _first_dose(self, plain: Window, courses: Sequence[Course], born: date) -> Window:
        """Nothing was given: the course meant for who begins today, or on the first day that is lawful."""
        nothing = _Progress({}, 0, None)
        for course in courses:
            lawful, _ = self._lawful(plain.series, course.doses[0], nothing.taken, born)
            if max(self.on, lawful.first) in _span(course.started, born):
                return self._next_dose(replace(plain, course=course), course, nothing, born)
        return self._next_dose(replace(plain, course=courses[-1]), courses[-1], nothing, born)

    def _next_dose(self, window: Window, course: Course, progress: _Progress, born: date) -> Window:
        number = self._skipped(window.series, course, progress.next, progress.taken, born, self.on)
        if number == len(course.doses):
            return replace(window, state=WindowState.DONE)
        dose = course.doses[number]
        lawful, waits = self._lawful(window.series, dose, progress.taken, born)
        window = replace(window, dose=dose, lawful=lawful)
        if lawful.last < max(self.on, lawful.first):
            return replace(window, state=WindowState.OVER)
        window = replace(
            window,
            state=WindowState.OPEN if lawful.first <= self.on else WindowState.WAITING,
            standard=_standard(dose, progress.taken, born, lawful),
            waits=waits if self.on < lawful.first else (),
        )
        unknown = tuple(
            Missing(f"{key}.{place}")
            for key in self._kin(window.series)
            for place, other in enumerate(self._in_order(key), start=1)
            if other.on is None
        )
        return replace(window, state=WindowState.QUESTION, missing=unknown) if unknown else window

    def _progress(self, series: Series, course: Course, born: date, own: Sequence[Given]) -> _Progress:
        taken: dict[int, date] = {}
        number = 0
        for given in own:
            assert given.on is not None
            number = self._skipped(series, course, number, taken, born, given.on)
            if number == len(course.doses):
                break
            dose = course.doses[number]
            lawful, _ = self._lawful(series, dose, taken, born, given.on)
            if not given.counts and given.on not in lawful:
                return _Progress(taken, number, (given.on, lawful))
            taken[dose.number] = given.on
            number += 1
        return _Progress(taken, number, None)

    def _skipped(
        self, series: Series, course: Course, number: int, taken: Mapping[int, date], born: date, day: date
    ) -> int:
        """The index of the next dose on a day, after those that are left out."""
        while number < len(course.doses):
            dose = course.doses[number]
            past = dose.skip_past.day(born) if dose.skip_past else None
            skip = past is not None and max(day, self._after(dose, taken, born)) > past
            if dose.skip_if:
                earlier, limit = dose.skip_if
                skip = skip or (earlier in taken and taken[earlier] > limit.day(born))
            if not skip:
                break
            number += 1
        return number

    def _after(self, dose: Dose, taken: Mapping[int, date], born: date) -> date:
        """The first day that the intervals within the series allow."""
        return max((wait.until for wait in self._within(dose, taken, "")), default=born)

    def _within(self, dose: Dose, taken: Mapping[int, date], key: str) -> Iterator[Wait]:
        if taken:
            last = max(taken.values())
            yield Wait(last + ONE_DAY, key, last)
            for number, least in dose.after.items():
                day = taken.get(number) if number else last
                if day is not None:
                    yield Wait(least.after(day), key, day, least)

    def _lawful(
        self,
        series: Series,
        dose: Dose,
        taken: Mapping[int, date],
        born: date,
        given_on: date | None = None,
    ) -> tuple[Span, tuple[Wait, ...]]:
        """When a dose is lawful, and what its first day waits for; of a dose already given, as it was on that day."""
        waits = [Wait(dose.ages.start.day(born) if dose.ages.start else born)]
        waits += self._within(dose, taken, series.key)
        if series.kind:
            least = self.card.between[series.kind].least
            waits += [
                Wait(least.after(other.on), key, other.on, least)
                for key in self._kin(series)
                for other in self.given
                # Doses given on one day (同時接種) keep no interval.
                if other.series == key and other.on and (given_on is None or other.on < given_on)
            ]
        first = max(wait.until for wait in waits)
        last = _last(dose, born)
        if dose.skip_past:
            last = min(last, dose.skip_past.day(born))
        return Span(first, last), tuple(wait for wait in waits if wait.until == first)

    def _kin(self, series: Series) -> list[str]:
        """The other series of its kind."""
        return [
            other.key
            for other in self.card.series.values()
            if series.kind and other.kind == series.kind and other.key != series.key
        ]


def _for(series: Series, product: str) -> Sequence[Course]:
    return [course for course in series.courses if course.product in ("", product)]


def _last(dose: Dose, born: date) -> date:
    return dose.ages.end.day(born) if dose.ages.end else date.max


def _span(ages: Ages, born: date) -> Span:
    return Span(
        ages.start.day(born) if ages.start else date.min, ages.end.day(born) if ages.end else date.max
    )


def _standard(dose: Dose, taken: Mapping[int, date], born: date, lawful: Span) -> Span | None:
    """The part of the lawful window that is recommended."""
    if not dose.standard:
        return None
    first, last = lawful.first, lawful.last
    for part in dose.standard:
        start, end = _ends(part, taken, born)
        first, last = max(first, start or first), min(last, end or last)
    return Span(first, last) if first <= last else None


def _ends(part: Standard, taken: Mapping[int, date], born: date) -> tuple[date | None, date | None]:
    base = taken.get(part.after) if part.after is not None else born
    if base is None:
        return None, None
    start, end = (
        None if point is None else point.day(born) if isinstance(point, AgePoint) else point.after(base)
        for point in (part.start, part.end)
    )
    return start, end
