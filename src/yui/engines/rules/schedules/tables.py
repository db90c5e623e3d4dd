"""A schedule card as a table of the manual (Markdown)."""

from collections.abc import Iterator

from yui.engines.rules.schedules.card import LAST, Ages, Course, Dose, ScheduleCard, Series, Standard
from yui.engines.rules.schedules.sentences import PART, place_of

HEAD = ("Series", "Course", "Dose", "Age", "Least interval", "Recommended", "Article")


def schedule_table(card: ScheduleCard) -> str:
    """Every series of a card with its doses, one row each; ages and intervals in the words of the card."""
    rows = [row for series in card.series.values() for row in _rows(series)]
    lines = [HEAD, tuple("---" for _ in HEAD), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _rows(series: Series) -> Iterator[tuple[str, ...]]:
    for place, course in enumerate(series.courses):
        for dose in course.doses:
            first = dose.number == 1
            yield (
                f"{series.name.ja}<br>{series.name.en}" if first and not place else "",
                _course(series, course) if first else "",
                PART[dose.part].ja.format(n=place_of(dose, course.doses)) if len(course.doses) > 1 else "",
                _ages(dose.ages),
                _after(dose),
                "<br>".join(map(_standard, dose.standard)),
                "<br>".join(dict.fromkeys((series.cite, course.cite))) if first else "",
            )


def _course(series: Series, course: Course) -> str:
    parts = [series.products[course.product].ja] if course.product else []
    if course.started.start or course.started.end:
        parts.append(f"1回目が{_ages(course.started)}")
    return "、".join(parts)


def _ages(ages: Ages) -> str:
    return _span(str(ages.start or ""), str(ages.end or ""))


def _span(start: str, end: str) -> str:
    return "〜".join((start, end)) if start or end else ""


def _after(dose: Dose) -> str:
    parts = [f"{LAST if not number else f'{number}回目'}から{least}" for number, least in dose.after.items()]
    if dose.skip_past:
        parts.append(f"{dose.skip_past}を過ぎたら行わない")
    if dose.skip_if:
        earlier, past = dose.skip_if
        parts.append(f"{earlier}回目が{past}を過ぎたら行わない")
    return "<br>".join(parts)


def _standard(standard: Standard) -> str:
    span = _span(str(standard.start or ""), str(standard.end or ""))
    return f"{standard.after}回目から{span}" if standard.after is not None else span
