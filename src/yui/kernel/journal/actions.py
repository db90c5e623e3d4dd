"""Writing to the journal, in the transaction of what it tells."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import connection

from yui.kernel.access.public import Actor, current_actor
from yui.kernel.journal.contracts import Detail, EntryDraft, JournalRefused
from yui.kernel.journal.models import Entry
from yui.kernel.journal.pseudonyms import Pseudonym, pseudonym
from yui.kernel.tenancy.public import current_body

_ACT = re.compile(r"[a-z_]+(\.[a-z_]+){2,3}")
_REASON = re.compile(r"[a-z0-9_.]{0,60}")
# ASCII only: a Japanese name, address or sentence cannot slip in.
_PLAIN = re.compile(r"[A-Za-z0-9_.:,/+\- ]{0,100}")


def record(
    act: str,
    *,
    subject: UUID | None = None,
    object_kind: str = "",
    object_id: str | UUID = "",
    reason: str = "",
    legal_ground: str = "",
    details: Mapping[str, Detail] | None = None,
) -> None:
    """Add one entry for the active body and actor, in the current transaction.

    Raises:
        JournalRefused: a value is not a code, id or count.
        NoActiveBody, NoActor: outside a scope.
    """
    record_many([EntryDraft(act, subject, object_kind, str(object_id), reason, legal_ground, details or {})])


def record_many(drafts: Iterable[EntryDraft]) -> int:
    """Add many entries at once; returns how many."""
    actor = current_actor()
    entries = [_entry(draft, actor) for draft in drafts]
    Entry.objects.bulk_create(entries, batch_size=2000)
    return len(entries)


def record_for_each(
    act: str,
    *,
    subjects: Sequence[Pseudonym],
    object_kind: str = "",
    reason: str = "",
    legal_ground: str = "",
    details: Mapping[str, Detail] | None = None,
) -> int:
    """Add one entry for each of many persons; returns how many.

    For one person and for a whole town: only pseudonyms go to the database, everything else once. The entries stand
    in the order of the pseudonyms, which fills their index quickly and tells nothing about a file.

    Args:
        subjects: from ``pseudonyms_of``, which may run while the database is busy with something else.
    """
    draft = EntryDraft(act, None, object_kind, "", reason, legal_ground, details or {})
    _check(draft)
    actor, body = current_actor(), current_body()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (body_id, act, actor_kind, actor_id, subject, object_kind, object_id,"
            " reason, legal_ground, details)"
            " SELECT %s, %s, %s, %s, subject, %s, '', %s, %s, %s::jsonb"
            " FROM unnest(%s::uuid[]) AS subject ORDER BY subject",
            [
                *(body.id, act, actor.kind.value, actor.public_id, object_kind, reason, legal_ground),
                json.dumps(dict(draft.details)),
                f"{{{','.join(subjects)}}}",
            ],
        )
    return len(subjects)


def _entry(draft: EntryDraft, actor: Actor) -> Entry:
    _check(draft)
    return Entry(
        act=draft.act,
        actor_kind=actor.kind.value,
        actor_id=actor.public_id,
        subject=pseudonym(draft.subject) if draft.subject else None,
        object_kind=draft.object_kind,
        object_id=draft.object_id,
        reason=draft.reason,
        legal_ground=draft.legal_ground,
        details=dict(draft.details),
    )


def _check(draft: EntryDraft) -> None:
    if not _ACT.fullmatch(draft.act):
        raise JournalRefused(f"An act is named app.object.past_participle, not {draft.act!r}.")
    if not _REASON.fullmatch(draft.reason):
        raise JournalRefused(f"The reason of {draft.act} must be a short code; free text may name people.")
    texts = [draft.object_kind, draft.object_id, *draft.details]
    texts += [value for value in draft.details.values() if isinstance(value, str)]
    if not all(_PLAIN.fullmatch(text) for text in texts):
        raise JournalRefused(
            f"The details of {draft.act} must be ids, codes and counts, never personal data."
        )
