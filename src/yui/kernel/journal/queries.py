"""Reads of the journal."""

from uuid import UUID

from yui.kernel.journal.contracts import EntryView
from yui.kernel.journal.models import Entry
from yui.kernel.journal.pseudonyms import pseudonym


def _view(entry: Entry) -> EntryView:
    return EntryView(
        id=entry.pk,
        at=entry.at,
        act=entry.act,
        actor_kind=entry.actor_kind,
        actor_id=entry.actor_id,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        reason=entry.reason,
        legal_ground=entry.legal_ground,
        details=entry.details,
    )


def list_about(subject: UUID, limit: int = 100, offset: int = 0) -> list[EntryView]:
    """What the active body's journal says about a person, newest first."""
    entries = Entry.objects.filter(subject=pseudonym(subject)).order_by("-id")
    return [_view(entry) for entry in entries[offset : offset + limit]]


def list_entries(*, act: str = "", object_id: str = "", limit: int = 100, offset: int = 0) -> list[EntryView]:
    """The active body's journal, newest first, optionally of one act (prefix) or object."""
    entries = Entry.objects.order_by("-id")
    if act:
        entries = entries.filter(act__startswith=act)
    if object_id:
        entries = entries.filter(object_id=object_id)
    return [_view(entry) for entry in entries[offset : offset + limit]]


def count_entries(*, act: str = "") -> int:
    """How many entries the active body has, optionally of one act."""
    return Entry.objects.filter(**({"act": act} if act else {})).count()
