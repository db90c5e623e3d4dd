"""A journal written by many at once, and one that is damaged in the database itself by its owner.

These tests commit. They work in bodies of their own, whose rows no other test can see.
"""

import datetime as dt
import itertools
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.journal.contracts import DamageKind, Verdict
from yui.kernel.journal.public import record
from yui.kernel.journal.sealing.export import export_lines
from yui.kernel.journal.sealing.sealer import seal_body, witness_of
from yui.kernel.journal.sealing.verifier import verify
from yui.kernel.tenancy.public import BodyKind, BodyRef, body_scope, open_body

SYSTEM = system_actor("tests")
TABLES = ("journal_entry", "journal_seal", "journal_deposit")
_codes = itertools.count(1)


@pytest.fixture
def town(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[BodyRef]:
    """A body whose heads the next one keeps."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        number = next(_codes)
        for each in (f"journal{number:04d}w", f"journal{number:04d}"):
            town = open_body(
                code=each, name=each, kind=BodyKind.CARE_PROVIDER, valid_from=dt.date(2000, 4, 1)
            )
        yield town
        for each in connections.all():
            each.close()


@pytest.fixture
def sealed(town: BodyRef) -> BodyRef:
    """Three seals of five entries."""
    for _ in range(3):
        with body_scope(town), acting_as(SYSTEM):
            for number in range(5):
                record("tests.thing.done", object_id=str(number), details={"count": number})
        assert seal_body(town) == 5
    return town


def test_many_writers_and_sealers_at_once_lose_and_double_nothing(town: BodyRef) -> None:
    """Numbers are taken before commit: entries become visible out of order while two sealers and a verifier run."""
    writing = threading.Event()
    verdicts: list[Verdict] = []

    def write(seed: int) -> int:
        chance, written = random.Random(seed), 0
        try:
            for _ in range(25):
                with body_scope(town), acting_as(SYSTEM):
                    for _ in range(chance.randint(1, 4)):
                        record("tests.thing.done", details={"seed": seed})
                        written += 1
                        time.sleep(chance.random() * 0.01)
            return written
        finally:
            connection.close()

    def seal(number: int) -> int:
        try:
            count = 0
            while not writing.is_set():
                count += seal_body(town)
            return count
        finally:
            connection.close()

    def look(number: int) -> int:
        try:
            while not writing.is_set():
                verdicts.append(verify(export_lines(town)))
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(7) as pool:
        others = [pool.submit(seal, 1), pool.submit(seal, 2), pool.submit(look, 1)]
        writers = [pool.submit(write, seed) for seed in range(4)]
        written = sum(writer.result() for writer in writers)
        writing.set()
        count = sum(other.result() for other in others)
    assert count + seal_body(town) == written
    verdict = verify(export_lines(town))
    assert (verdict.intact, verdict.entries, verdict.sealed) == (True, written, written)
    assert verdicts
    assert [damage for seen in verdicts for damage in seen.damages] == []


def damage(town: BodyRef, statement: str) -> None:
    """Do it as the owner of the tables, triggers off."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("SELECT set_config('yui.body_id', %s, true)", [str(town.id)])
        cursor.execute(statement)
        assert cursor.rowcount, "nothing was damaged"
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


NTH = "(SELECT id FROM journal_entry ORDER BY id OFFSET {} LIMIT 1)"
ENTRY = f"UPDATE journal_entry SET {{}} WHERE id = {NTH.format(6)}"
SEAL = "UPDATE journal_seal SET {} WHERE number = 2"
CHANGED = {DamageKind.CHANGED}
DAMAGES = {
    "act": (ENTRY.format("act = 'tests.other.done'"), CHANGED),
    "at": (ENTRY.format("at = at + interval '1 microsecond'"), CHANGED),
    "never": (ENTRY.format("at = 'infinity'"), CHANGED),
    "actor": (ENTRY.format("actor_id = 'another', actor_kind = 'staff'"), CHANGED),
    "subject": (ENTRY.format("subject = gen_random_uuid()"), CHANGED),
    "object": (ENTRY.format("object_id = 'x'"), CHANGED),
    "reason": (ENTRY.format("reason = 'x'"), CHANGED),
    "ground": (ENTRY.format("legal_ground = 'x'"), CHANGED),
    "details": (ENTRY.format("details = '{\"count\": 7}'"), CHANGED),
    "details type": (ENTRY.format("details = '[1]'"), CHANGED),
    "number": (ENTRY.format("id = id + 100000000"), {DamageKind.REMOVED}),
    "removed": (f"DELETE FROM journal_entry WHERE id = {NTH.format(6)}", {DamageKind.REMOVED}),
    "all removed": ("DELETE FROM journal_entry", {DamageKind.REMOVED}),
    "swapped": (
        f"UPDATE journal_entry e SET object_id = o.object_id FROM journal_entry o WHERE"
        f" (e.id, o.id) IN (({NTH.format(1)}, {NTH.format(2)}), ({NTH.format(2)}, {NTH.format(1)}))",
        CHANGED,
    ),
    "put in": (
        "INSERT INTO journal_entry (body_id, at, act, actor_kind, actor_id, object_kind, object_id, reason,"
        " legal_ground, details) SELECT body_id, at - interval '3 hours', act, actor_kind, actor_id, '', '', '', '',"
        " details FROM journal_entry LIMIT 1",
        {DamageKind.INSERTED, DamageKind.OVERDUE},
    ),
    "seal: root": (SEAL.format("root = sha256('x')"), CHANGED),
    "seal: short root": (SEAL.format("root = 'x'"), CHANGED),
    "seal: previous": (SEAL.format("previous = sha256('x')"), {DamageKind.BROKEN_CHAIN}),
    "seal: head": (SEAL.format("head = sha256('x')"), {DamageKind.BROKEN_CHAIN}),
    "seal: signature": (SEAL.format("signature = 'x'"), {DamageKind.BAD_SIGNATURE}),
    "seal: key": (SEAL.format("key_id = 'x'"), {DamageKind.BAD_SIGNATURE}),
    "seal: time": (SEAL.format("sealed_at = sealed_at - interval '1 day'"), CHANGED),
    "seal: no time": (SEAL.format("sealed_at = 'infinity'"), CHANGED),
    "seal: last entry": (SEAL.format("last_entry_id = last_entry_id + 1000"), CHANGED),
    "seal: number": (SEAL.format("number = 7"), {DamageKind.REMOVED, DamageKind.BROKEN_CHAIN}),
    "seal: fewer": (SEAL.format("entry_ids = entry_ids - 0"), CHANGED),
    "seal: none": (SEAL.format("entry_ids = '[]'"), CHANGED),
    "seal: null": (SEAL.format("entry_ids = 'null'"), CHANGED),
    "seal: words": (SEAL.format("entry_ids = '[\"x\"]'"), CHANGED),
    "seal: no list": (SEAL.format("entry_ids = '{\"x\": 1}'"), CHANGED),
    "first seal gone": ("DELETE FROM journal_seal WHERE number = 1", {DamageKind.REMOVED}),
    "seal gone": ("DELETE FROM journal_seal WHERE number = 2", {DamageKind.REMOVED}),
    "last seal gone": ("DELETE FROM journal_seal WHERE number = 3", {DamageKind.TRUNCATED}),
    "all seals gone": ("DELETE FROM journal_seal", {DamageKind.TRUNCATED}),
    "truncated": (
        "WITH gone AS (DELETE FROM journal_seal WHERE number = 3 RETURNING entry_ids)"
        " DELETE FROM journal_entry USING gone WHERE entry_ids @> to_jsonb(id)",
        {DamageKind.TRUNCATED},
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_in_the_database_is_found_and_named(sealed: BodyRef, name: str) -> None:
    statement, kinds = DAMAGES[name]
    assert verify(export_lines(sealed)).intact
    damage(sealed, statement)
    verdict = verify(export_lines(sealed))
    assert kinds & {found.kind for found in verdict.damages}, verdict.damages


def test_what_the_witness_keeps_counts(sealed: BodyRef) -> None:
    """History rewritten and sealed anew, with the right key, is betrayed by the head that the other body holds."""
    damage(sealed, "DELETE FROM journal_entry")
    damage(sealed, "DELETE FROM journal_seal")
    with body_scope(sealed), acting_as(SYSTEM):
        record("tests.other.done")
    assert seal_body(sealed) == 1
    kinds = {found.kind for found in verify(export_lines(sealed)).damages}
    assert kinds == {DamageKind.BROKEN_CHAIN, DamageKind.TRUNCATED}


def test_a_witness_of_earlier_still_tells(sealed: BodyRef) -> None:
    """A body opened between two others becomes the witness; what the old one keeps counts on."""
    between = open_body(
        code=f"{sealed.code}a", name="between", kind=BodyKind.CARE_PROVIDER, valid_from=dt.date(2000, 4, 1)
    )
    assert witness_of(sealed) == between
    damage(sealed, "DELETE FROM journal_seal WHERE number = 3")
    assert DamageKind.TRUNCATED in {found.kind for found in verify(export_lines(sealed)).damages}
