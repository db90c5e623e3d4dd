"""Entries and instants as the database writes them, so that what is hashed never depends on a reader's types."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import CharField, F, Func

from yui.kernel.journal.models import Entry
from yui.kernel.journal.sealing.tree import ENTRY_FIELDS

_CHUNK = 5000


class Instant(Func):
    """An instant as ISO text in UTC with microseconds; text for any value that a damaged row may hold."""

    template = (
        "CASE WHEN isfinite(%(expressions)s) THEN to_char(%(expressions)s AT TIME ZONE 'UTC', "
        "'YYYY-MM-DD\"T\"HH24:MI:SS.US+00:00') ELSE %(expressions)s::text END"
    )
    output_field = CharField()


def entry_rows(ids: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
    """The active body's entries in order, all or those with the given ids (ascending), a few thousand in memory."""
    rows, wanted = Entry.objects.order_by("pk"), None
    if ids is not None:
        # A range and a set: tens of thousands of numbers in one statement take longer than the rows between.
        rows, wanted = rows.filter(pk__range=(ids[0], ids[-1])), set(ids)
    plain = [name for name in ENTRY_FIELDS if name != "at"]
    for row in rows.values(*plain, instant=Instant(F("at"))).iterator(chunk_size=_CHUNK):
        row["at"] = row.pop("instant")
        if wanted is None or row["id"] in wanted:
            yield row
