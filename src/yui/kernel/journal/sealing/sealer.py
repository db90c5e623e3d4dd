"""The sealer: takes what writers have committed and chains it. Writers never wait for it."""

import datetime as dt
import hashlib

from django.db import connection
from django.utils import timezone

from yui.kernel.journal.contracts import GRACE
from yui.kernel.journal.models import Deposit, Seal
from yui.kernel.journal.sealing.keys import key_id, signing_key
from yui.kernel.journal.sealing.rows import entry_rows
from yui.kernel.journal.sealing.tree import canonical, head_content, leaf_hash, merkle_root
from yui.kernel.tenancy.public import BodyRef, body_scope, list_bodies

BATCH = 50_000
EMPTY = bytes(32)


def unsealed_ids(limit: int = BATCH) -> list[int]:
    """Ids of the active body's entries that no seal covers, in order.

    Numbers are taken before commit, so an entry may become visible after a higher one was sealed. Only the seals
    of the hour before the newest one are compared: what comes later is the verifier's business.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, last_entry_id FROM journal_seal WHERE sealed_at <= ("
            " SELECT sealed_at FROM journal_seal ORDER BY number DESC LIMIT 1) - %s::interval"
            " ORDER BY number DESC LIMIT 1",
            [f"{GRACE.total_seconds()} seconds"],
        )
        number, floor = cursor.fetchone() or (0, 0)
        cursor.execute(
            "SELECT e.id FROM journal_entry e WHERE e.id > %s AND NOT EXISTS (SELECT FROM ("
            " SELECT jsonb_array_elements_text(entry_ids)::bigint AS id FROM journal_seal WHERE number > %s"
            ") AS sealed WHERE sealed.id = e.id) ORDER BY e.id LIMIT %s",
            [floor, number, limit],
        )
        return [row[0] for row in cursor.fetchall()]


def seal_body(body: BodyRef) -> int:
    """Seal what is unsealed in a body's journal; returns the number of entries.

    Two sealers at once are harmless: the second finds the seal's number taken and leaves.
    """
    sealed = 0
    # One time for all batches of a run: a backlog is not mistaken for entries that were put in later.
    sealed_at = timezone.now()
    while True:
        with body_scope(body):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_try_advisory_xact_lock(hashtextextended('yui.journal.seal', %s))", [body.id]
                )
                if not cursor.fetchone()[0]:
                    return sealed
            ids = unsealed_ids()
            if not ids:
                return sealed
            seal = _seal(body, ids, sealed_at)
        _deposit(body, seal)
        sealed += len(ids)


def _seal(body: BodyRef, ids: list[int], sealed_at: dt.datetime) -> Seal:
    root = merkle_root([leaf_hash(canonical(body.code, row)) for row in entry_rows(ids)])
    last = Seal.objects.order_by("-number").first()
    number = last.number + 1 if last else 1
    previous = bytes(last.head) if last else EMPTY
    # Two sealers may take turns, and a clock may be set back.
    sealed_at = max(sealed_at, last.sealed_at) if last else sealed_at
    content = head_content(
        body_code=body.code,
        number=number,
        entry_ids=ids,
        root=root,
        previous=previous,
        sealed_at=sealed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
    )
    head = hashlib.sha256(content).digest()
    key = signing_key()
    return Seal.objects.create(
        number=number,
        entry_ids=ids,
        last_entry_id=max(ids[-1], last.last_entry_id if last else 0),
        root=root,
        previous=previous,
        sealed_at=sealed_at,
        head=head,
        key_id=key_id(key.public_key()),
        signature=key.sign(head),
    )


def witness_of(body: BodyRef) -> BodyRef | None:
    """The body that keeps this body's heads now: the next one by code, the last one's being the first."""
    others = [other for other in list_bodies() if other.id != body.id]
    later = [other for other in others if other.code > body.code]
    return next(iter(later or others), None)


def _deposit(body: BodyRef, seal: Seal) -> None:
    witness = witness_of(body)
    if witness is None:
        return
    with body_scope(witness):
        Deposit.objects.get_or_create(
            of_body_code=body.code, number=seal.number, defaults={"head": bytes(seal.head)}
        )


def seal_all() -> int:
    """Seal every body's journal; returns the number of entries."""
    return sum(seal_body(body) for body in list_bodies())
