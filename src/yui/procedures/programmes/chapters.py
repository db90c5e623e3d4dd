"""The manual's chapter of a programme, made from its cards and cases."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from yui.engines.rules.public import Language, ScheduleCase, Text, run_cases, schedule_table
from yui.procedures.programmes.catalogue import (
    SCHEDULES,
    Place,
    find_places,
    load_cases_of,
    load_programme,
    load_schedule_cases_of,
    load_schedule_of,
)
from yui.procedures.programmes.presenting import (
    Sheet,
    Version,
    WrittenCondition,
    cases_in_words,
    differences_of,
    given_in_words,
    sheets_of,
    versions_of,
)

PARTS = {
    "facts": "Fact",
    "values": "Value",
    "conditions": "Condition",
    "ranks": "Rank",
    "decide": "Row",
}
CONFIDENCE = {
    "primary": "read in the text of the law",
    "secondary": "several official pages agree; the text of the law is still to be checked",
    "general": "general knowledge; to be checked before use",
}
SENSE = {
    "benefit": "paid to them",
    "charge": "owed by them",
    "standard": "a sum that others are measured against",
}
PERIOD = {"month": "a month", "fiscal_year": "a fiscal year", "once": "once"}


def write_chapters(services: Iterable[Path], folder: Path) -> None:
    """Writes the chapter of every programme and schedule of these services; leaves what is current untouched.

    Raises:
        BrokenProgramme: cards or cases have mistakes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    services = list(services)
    places = [*find_places(services), *find_places(services, SCHEDULES)]
    chapters = {f"{place.programme}.md": chapter_of(place) for place in places}
    for path in folder.glob("*.md"):
        if path.name not in chapters:
            path.unlink()
    for name, text in chapters.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def chapter_of(place: Place) -> str:
    """One programme in Markdown: law, versions side by side, conditions, decision table, cases.

    Of a schedule: law, series with their ages and intervals, cases.

    Raises:
        BrokenProgramme: its cards or cases have mistakes.
    """
    if place.is_schedule:
        return _schedule_chapter(place)
    versions = versions_of(place)
    newest = versions[-1]
    programme = newest.card.programme
    parts = [
        f"# {programme.ja} ({programme.en})",
        f"`{place.programme}`, kept by `services/{place.service}` in `cards/{place.programme}/`.",
        "## Versions",
        _versions(versions),
    ]
    sheets = sheets_of(versions)
    if sheets:
        parts += ["## Tables", *map(_sheet, sheets)]
    for older, newer in pairwise(versions):
        changes = differences_of(older, newer)
        if changes:
            lines = [(PARTS[one.part], one.name, _code(one.before), _code(one.after)) for one in changes]
            parts += [
                f"## What changed in {newer.card.in_force_from}",
                _table(("", "", "Before", "After"), lines),
            ]
    for version in reversed(versions):
        same = [] if version is newest else newest.conditions
        conditions = [one for one in version.conditions if one not in same]
        if conditions:
            parts += [f"## Conditions {version.period}", _conditions(conditions)]
            if len(conditions) < len(version.conditions):
                parts.append(f"The others are those of {newest.period}.")
        if version.results:
            results = [(name, _code(expression), cite) for name, expression, cite in version.results]
            parts += [f"## Values {version.period}", _table(("Value", "Is", "Article"), results)]
        parts += [f"## Decision {version.period}", "The first row that holds decides.", _rows(version)]
    parts += _cases(place)
    return "\n\n".join(parts) + "\n"


def _schedule_chapter(place: Place) -> str:
    cards = load_schedule_of(place).cards
    programme = cards[-1].programme
    parts = [
        f"# {programme.ja} ({programme.en})",
        f"`{place.programme}`, kept by `services/{place.service}` in `schedules/{place.programme}/`.",
    ]
    for card in reversed(cards):
        until = card.in_force_until or ""
        parts += [
            f"## In force {card.in_force_from}–{until}",
            f"[{card.law.title}]({card.law.address}) {card.law.amended_by}",
            f"{card.confidence}: {CONFIDENCE[card.confidence]}. {card.check}",
            schedule_table(card).rstrip(),
        ]
    cases = load_schedule_cases_of(place)
    if cases:
        head = ("Case", "Born", "Day", "Given", "Due", "Article, source")
        lines = [_schedule_case(case) for case in cases]
        parts += ["## Cases", f"`yui rules test {place.programme}` runs them.", _table(head, lines)]
    return "\n\n".join(parts) + "\n"


def _schedule_case(case: ScheduleCase) -> tuple[str, ...]:
    known = [f"{key}: {value}" for key, value in case.person.facts.items() if value is not None]
    doses = [f"{one.series} {one.on or '?'}" for one in case.given]
    return (
        case.title,
        str(case.person.born_on or "?"),
        str(case.on),
        "<br>".join([*known, *doses]),
        "<br>".join(f"{one.series}: {one.written()}" for one in case.expected),
        f"{case.cite}<br>{case.source}",
    )


def _versions(versions: Sequence[Version]) -> str:
    columns = [_facts_of(version) for version in versions]
    rows = [(label, *(column[label] for column in columns)) for label in columns[0]]
    return _table(("", *(version.period for version in versions)), [row for row in rows if any(row[1:])])


def _facts_of(version: Version) -> dict[str, str]:
    card = version.card
    months = ", ".join(map(str, card.payment_months))
    return {
        "Law": f"[{card.law.title}]({card.law.address})",
        "As amended by": card.law.amended_by,
        "Published on": str(card.known_from or ""),
        "Decides about": _both(card.unit if version.by_unit else card.group),
        "The amount is": f"{SENSE[card.sense]}, {PERIOD[card.period]}",
        "How sure": f"{card.confidence}: {CONFIDENCE[card.confidence]}",
        "To be checked": card.check,
        "Paid in": f"{months} ({card.payment_cite})" if months else "",
        "Claimed within": f"{card.claim_days} days ({card.claim_cite})" if card.claim_days else "",
    }


def _sheet(sheet: Sheet) -> str:
    head, rows = sheet.head, sheet.rows
    if sheet.cites:
        head, rows = (
            (*head, "Article"),
            tuple((*row, cite) for row, cite in zip(rows, sheet.cites, strict=True)),
        )
    title = f"**{sheet.name}** {sheet.cite}\n\n" if sheet.name else ""
    notes = "\n".join(f"- {note}" for note in sheet.notes)
    return f"{title}{_table(head, rows)}\n\n{notes}"


def _conditions(conditions: Iterable[WrittenCondition]) -> str:
    lines = [(one.name, _code(one.expression), _both(one.yes), _both(one.no), one.cite) for one in conditions]
    return _table(("Condition", "Is", "When it holds", "When it does not", "Article"), lines)


def _rows(version: Version) -> str:
    named = any(called for _if, _pay, called, _cite in version.rows)
    lines = [
        (_code(when), _code(pay), *((called,) if named else ()), cite)
        for when, pay, called, cite in version.rows
    ]
    return _table(("If", "Pay", *(("Named",) if named else ()), "Article"), lines)


def _cases(place: Place) -> list[str]:
    cases = cases_in_words(place, Language.EN)
    if not cases:
        return []
    findings = run_cases(load_cases_of(place), load_programme(place))
    lines = []
    for one in cases:
        expected = "<br>".join(
            f"{finding.unit_id}: {finding.expected.written(Language.EN)}"
            if finding.unit_id
            else finding.expected.written(Language.EN)
            for finding in findings
            if finding.case is one.case
        )
        case = one.case
        lines.append(
            (
                case.title,
                str(case.month),
                "<br>".join(one.situation),
                expected,
                f"{case.cite}<br>{case.source}",
            )
        )
    given = given_in_words(place, Language.EN)
    parts = ["## Cases", f"`yui rules test {place.programme}` runs them."]
    if given:
        parts.append(f"Unless a case says otherwise: {'; '.join(given)}.")
    return [*parts, _table(("Case", "Month", "Situation", "Outcome", "Article, source"), lines)]


def _both(text: Text) -> str:
    return f"{text.ja}<br>{text.en}"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
        for line in lines
    )
