"""A body's journal as a file of JSON lines, enough to verify it anywhere."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import F

from yui.kernel.journal.models import Deposit, Seal
from yui.kernel.journal.sealing.keys import key_id, public_key_text, signing_key
from yui.kernel.journal.sealing.rows import Instant, entry_rows
from yui.kernel.tenancy.public import BodyRef, body_scope

FORMAT = "yui-journal-1"


def export_lines(body: BodyRef) -> Iterator[dict[str, Any]]:
    """The journal of a body: a heading, the heads that other bodies keep, every seal, and every entry in order.

    In this order, since a worker may seal meanwhile: a seal that is read covers only entries that are read after it.
    Memory does not grow with the journal.
    """
    key = signing_key().public_key()
    yield {
        "kind": "journal",
        "format": FORMAT,
        "body": body.code,
        "exported_at": dt.datetime.now(dt.UTC).isoformat(timespec="microseconds"),
        "keys": {key_id(key): public_key_text(key)},
    }
    with body_scope(body):
        # Of every body that was the witness once: it changes when a body is opened between the two.
        deposits = Deposit.objects.filter(of_body_code=body.code).order_by("number", "id")
        for deposit in deposits.iterator():
            yield {"kind": "deposit", "number": deposit.number, "head": bytes(deposit.head).hex()}
        seals = Seal.objects.order_by("number").defer("sealed_at").annotate(instant=Instant(F("sealed_at")))
        for seal in seals.iterator(chunk_size=20):
            yield {
                "kind": "seal",
                "number": seal.number,
                "entry_ids": seal.entry_ids,
                "last_entry_id": seal.last_entry_id,
                "root": bytes(seal.root).hex(),
                "previous": bytes(seal.previous).hex(),
                "sealed_at": seal.instant,
                "head": bytes(seal.head).hex(),
                "key_id": seal.key_id,
                "signature": bytes(seal.signature).hex(),
            }
        for row in entry_rows():
            yield {"kind": "entry", **row, "subject": str(row["subject"]) if row["subject"] else None}


def write_export(body: BodyRef, path: str) -> int:
    """Write the export to a file; returns the number of lines."""
    count = 0
    with open(path, "w", encoding="utf-8") as file:
        for line in export_lines(body):
            file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
            count += 1
    return count
