"""Records as the pages show them: rows, facts, timelines. No reads here."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yui.kernel.calendar.public import DateProblem, PartialDate, format_era
from yui.registries.people.public import (
    EVENT_KINDS,
    EventView,
    HouseholdPeriod,
    HouseholdView,
    ResidentView,
)
from yui.services.residents.desk import Task
from yui.services.residents.nationalities import nationality_name
from yui.services.residents.words import BECAME_BY, ENDED_BY, RELATIONSHIPS, SEXES

Row = dict[str, Any]


def day_text(day: dt.date | PartialDate | None) -> str:
    """A day for the reader: by era in Japanese, ISO in English."""
    if not day:
        return ""
    if (get_language() or "ja").startswith("ja"):
        try:
            return format_era(day)
        except DateProblem:
            pass
    return day.isoformat()


def born_text(resident: ResidentView) -> str:
    """The day of birth, in the words of the record where it is partly unknown."""
    return resident.born_text or day_text(resident.born_on)


def relationship_text(resident: ResidentView) -> str:
    """The words of the record, or the code's."""
    return resident.relationship_text or str(RELATIONSHIPS[resident.relationship])


def state_of(resident: ResidentView) -> tuple[str, str]:
    """Kind and word of a resident's state."""
    if resident.ended_by is None:
        return "done", _("Resident")
    return "", str(ENDED_BY[resident.ended_by])


def found_rows(residents: Iterable[ResidentView], task: Task | None) -> list[Row]:
    """Hits of a search; with a task, each leads to where the task begins."""
    rows = []
    for resident in residents:
        kind, label = state_of(resident)
        rows.append(
            {
                "resident": resident,
                "born": born_text(resident),
                "sex": SEXES[resident.sex],
                "relationship": relationship_text(resident),
                "state_kind": kind,
                "state": label,
                "url": task.start_url(resident)
                if task
                else reverse("residents:resident", args=[resident.person]),
                "household_url": reverse("residents:household", args=[resident.household]),
            }
        )
    return rows


def event_rows(events: Iterable[EventView]) -> list[Row]:
    """Changes of the record, without anybody's name."""
    return [
        {
            "event": event,
            "label": EVENT_KINDS[event.kind],
            "url": reverse("residents:change", args=[event.event]),
            "effective": day_text(event.effective_on),
            "recorded": date_format(timezone.localtime(event.recorded_at), "DATETIME_FORMAT"),
            "at": date_format(timezone.localtime(event.recorded_at), "TIME_FORMAT"),
        }
        for event in events
    ]


def member_rows(household: HouseholdView) -> list[Row]:
    """The members of a household on a day."""
    return [
        {
            "resident": member,
            "born": born_text(member),
            "sex": SEXES[member.sex],
            "relationship": relationship_text(member),
            "url": reverse("residents:resident", args=[member.person]),
        }
        for member in household.members
    ]


def record_facts(resident: ResidentView) -> list[Row]:
    """Every item of a record, in the order of the law (住民基本台帳法 articles 7 and 30-45)."""
    name, citizenship = resident.name, resident.citizenship
    items: list[tuple[str, Any]] = [
        (_("Name"), name.full),
        (_("Reading"), name.full_kana),
    ]
    if name.former_family_name:
        items.append((_("Former family name"), f"{name.former_family_name} ({name.former_family_kana})"))
    items += [
        (_("Date of birth"), born_text(resident)),
        (_("Sex"), SEXES[resident.sex]),
        (_("Relationship to the head"), relationship_text(resident)),
        (_("Address"), resident.address.line),
        (_("Postal code"), _postal(resident.address.postal_code)),
        (_("Address since"), day_text(resident.address_since_on)),
        (
            _("Resident since"),
            f"{day_text(resident.became_resident_on)} ({BECAME_BY[resident.became_resident_by]})",
        ),
        (_("Notified on"), day_text(resident.notified_on)),
        (_("Address before moving in"), resident.previous_address),
    ]
    if citizenship.nationality == "JPN":
        items += [
            (_("Registered domicile (honseki)"), citizenship.domicile),
            (_("First person of the family register"), citizenship.domicile_head),
        ]
    else:
        items += [
            (_("Nationality or region"), nationality_name(citizenship.nationality)),
            (_("Residence status"), citizenship.residence_status),
            (_("End of the period of stay"), day_text(citizenship.residence_until)),
        ]
    items += [
        (_("Resident record code"), resident.resident_code),
        (_("Person number"), resident.person_number),
        (_("Household number"), resident.household_number),
    ]
    if resident.ended_on and resident.ended_by:
        items.append(
            (_("No longer a resident"), f"{day_text(resident.ended_on)} ({ENDED_BY[resident.ended_by]})")
        )
    names = {_("Name"), _("Former family name"), _("First person of the family register")}
    return [{"label": label, "value": value or None, "name": label in names} for label, value in items]


def _postal(code: str) -> str:
    return f"{code[:3]}-{code[3:]}" if code else ""


def span_text(start: dt.date, until: dt.date | None) -> str:
    """A stretch of days, its last day included."""
    last = day_text(until - dt.timedelta(days=1)) if until else ""
    return (
        _("%(first)s to %(last)s") % {"first": day_text(start), "last": last}
        if last
        else (_("since %(first)s") % {"first": day_text(start)})
    )


def date_query(name: str, day: dt.date) -> dict[str, str]:
    """A date as a page's date field reads it from the address."""
    parts = {"era": "ce", "year": day.year, "month": day.month, "day": day.day}
    return {f"{name}_{part}": str(value) for part, value in parts.items()}


def household_entries(
    periods: Sequence[HouseholdPeriod], url: str, known_on: dt.date | None, today: dt.date
) -> list[Row]:
    """A household through time, newest first: what each stretch of days began with."""
    entries: list[Row] = []
    before: HouseholdView | None = None
    for period in periods:
        query = date_query("as_of", period.valid_from)
        if known_on:
            query |= date_query("known_on", known_on)
        entries.append(
            {
                "when": span_text(period.valid_from, period.valid_until),
                "title": " / ".join(household_differences(before, period.household)),
                "href": f"{url}?{urlencode(query)}",
                "future": period.valid_from > today,
            }
        )
        before = period.household
    return entries[::-1]


def household_differences(before: HouseholdView | None, after: HouseholdView) -> list[str]:
    """What is different between two states of a household, in words."""
    was: dict[UUID, ResidentView] = {m.person: m for m in before.members} if before else {}
    now = {member.person: member for member in after.members}
    joined = [member.name.full for person, member in now.items() if person not in was]
    left = [member.name.full for person, member in was.items() if person not in now]
    words = []
    if joined:
        pattern = _("Begins with %(names)s") if before is None else _("%(names)s joined")
        words.append(pattern % {"names": _listed(joined)})
    if left:
        words.append(_("%(names)s left") % {"names": _listed(left)})
    stayed = [(was[person], now[person]) for person in now if person in was]
    if any(old.address != new.address for old, new in stayed):
        words.append(_("New address: %(address)s") % {"address": stayed[0][1].address.line})
    head = after.head
    if before and head and before.head and head.person != before.head.person:
        words.append(_("New head: %(name)s") % {"name": head.name.full})
    changed = [new.name.full for old, new in stayed if _other_items(old) != _other_items(new)]
    if changed:
        words.append(_("Items changed: %(names)s") % {"names": _listed(changed)})
    return words or [_("Nobody lives here") if after.is_closed else _("Recorded anew")]


def _listed(names: Sequence[str]) -> str:
    return _(", ").join(names)


def _other_items(resident: ResidentView) -> tuple[object, ...]:
    return resident.name, resident.born_on, resident.sex, resident.citizenship, resident.relationship_text


def resident_differences(before: ResidentView | None, after: ResidentView) -> list[str]:
    """Which items of a record are different between two stretches of days."""
    if before is None:
        return [str(BECAME_BY[after.became_resident_by])]
    old = {fact["label"]: fact["value"] for fact in record_facts(before)}
    return [fact["label"] for fact in record_facts(after) if old.get(fact["label"]) != fact["value"]]
