"""Figures by hand: one enters, another looks."""

from uuid import UUID

from django.utils import timezone

from yui.evidence.actions.recording import find_fault, keep
from yui.evidence.apps import CONFIRM, ENTER
from yui.evidence.contracts import DataRow, EntryState, EvidenceRefused, Query, Recorded, UnknownFigure
from yui.evidence.models import HandEntry
from yui.evidence.queries import definition_row, entry_of
from yui.evidence.stored import definition_of, plain_row
from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import record
from yui.kernel.text.public import Message, gettext_noop

BY_HAND = Query("by_hand", "1")


def enter_figure(code: str, row: DataRow, *, version: int | None = None) -> UUID:
    """Note a figure for a second look; it counts only after that.

    Raises:
        EvidenceRefused: it cannot be kept.
        PermissionRefused: ``evidence.figure.enter`` is missing.
    """
    require(ENTER)
    known = definition_row(code, version)
    if known.fewest:
        told = gettext_noop(
            "Figures of people come as whole tables; import a file, so that small counts are withheld."
        )
        raise EvidenceRefused(Message("people_by_hand", told))
    if (fault := find_fault(definition_of(known), row)) is not None:
        raise EvidenceRefused(fault)
    entry = HandEntry(definition=known, row=plain_row(row), entered_by=current_actor().public_id)
    entry.save(force_insert=True)
    record("evidence.figure.entered", object_kind="entry", object_id=entry.public_id)
    return entry.public_id


def confirm_entry(public_id: UUID) -> Recorded:
    """Take a figure over that somebody else entered.

    Raises:
        EvidenceRefused: it is one's own, was looked at already, or cannot be kept.
        UnknownFigure: there is no such entry.
        PermissionRefused: ``evidence.figure.confirm`` is missing.
    """
    entry = _look(public_id, EntryState.CONFIRMED)
    told = entry_of(entry)
    recorded = keep(told.code, [told.row], query=BY_HAND, version=told.version)
    record("evidence.figure.confirmed", object_kind="entry", object_id=public_id)
    return recorded


def refuse_entry(public_id: UUID) -> None:
    """Say that a figure that somebody else entered is not right; it stays as an entry and never counts.

    Raises: as :func:`confirm_entry`.
    """
    _look(public_id, EntryState.REFUSED)
    record("evidence.figure.refused", object_kind="entry", object_id=public_id)


def _look(public_id: UUID, state: EntryState) -> HandEntry:
    require(CONFIRM)
    entry = HandEntry.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if entry is None:
        raise UnknownFigure(Message("no_entry", gettext_noop("There is no such entry.")))
    if entry.state != EntryState.ENTERED.value:
        raise EvidenceRefused(Message("looked_already", gettext_noop("Somebody has looked at this already.")))
    actor = current_actor().public_id
    if actor == entry.entered_by:
        told = gettext_noop("You entered this yourself; a second person must look at it.")
        raise EvidenceRefused(Message("own_entry", told))
    entry.state, entry.looked_by, entry.looked_at = state.value, actor, timezone.now()
    entry.save(update_fields=["state", "looked_by", "looked_at"])
    return entry
