"""A body's journal as a file of JSON lines, enough to verify it anywhere."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from yui.kernel.journal.models import Deposit, Entry, Seal
from yui.kernel.journal.sealing.keys import key_id, public_key_text, signing_key
from yui.kernel.journal.sealing.sealer import witness_of
from yui.kernel.journal.sealing.tree import ENTRY_FIELDS
from yui.kernel.tenancy.public import BodyRef, body_scope

FORMAT = "yui-journal-1"


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def export_lines(body: BodyRef) -> Iterator[dict[str, Any]]:
    """The journal of a body: a heading, every entry in order, every seal, and the heads its witness keeps."""
    key = signing_key().public_key()
    yield {
        "kind": "journal",
        "format": FORMAT,
        "body": body.code,
        "exported_at": _instant(dt.datetime.now(dt.UTC)),
        "keys": {key_id(key): public_key_text(key)},
    }
    with body_scope(body):
        for row in Entry.objects.order_by("pk").values(*ENTRY_FIELDS).iterator(chunk_size=5000):
            subject = str(row["subject"]) if row["subject"] else None
            yield {"kind": "entry", **row, "at": _instant(row["at"]), "subject": subject}
        for seal in Seal.objects.order_by("number").iterator(chunk_size=500):
            yield {
                "kind": "seal",
                "number": seal.number,
                "entry_ids": seal.entry_ids,
                "root": bytes(seal.root).hex(),
                "previous": bytes(seal.previous).hex(),
                "sealed_at": _instant(seal.sealed_at),
                "head": bytes(seal.head).hex(),
                "key_id": seal.key_id,
                "signature": bytes(seal.signature).hex(),
            }
    witness = witness_of(body)
    if witness is not None:
        with body_scope(witness):
            for deposit in Deposit.objects.filter(of_body_code=body.code).order_by("number"):
                yield {"kind": "deposit", "number": deposit.number, "head": bytes(deposit.head).hex()}


def write_export(body: BodyRef, path: str) -> int:
    """Write the export to a file; returns the number of lines."""
    count = 0
    with open(path, "w", encoding="utf-8") as file:
        for line in export_lines(body):
            file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
            count += 1
    return count
