import copy
import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from yui.kernel.access.public import Actor
from yui.kernel.journal.contracts import DamageKind
from yui.kernel.journal.public import JournalRefused, record
from yui.kernel.journal.sealing import sealer
from yui.kernel.journal.sealing.export import export_lines
from yui.kernel.journal.sealing.sealer import seal_body, unsealed_ids
from yui.kernel.journal.sealing.tree import leaf_hash, merkle_root
from yui.kernel.journal.sealing.verifier import verify
from yui.kernel.tenancy.public import BodyRef, body_scope, get_body

Lines = list[dict[str, Any]]


@pytest.fixture
def journal(db: None, staff: Actor) -> Lines:
    """An export of three seals of five entries each and two entries that wait."""
    reference = get_body("999016")
    for _ in range(3):
        with body_scope(reference):
            for number in range(5):
                record("tests.thing.done", object_id=str(number), details={"count": number})
        assert seal_body(reference) == 5
    with body_scope(reference):
        record("tests.thing.done")
        record("tests.thing.done")
    return copy.deepcopy(list(export_lines(reference)))


def _entries(lines: Lines) -> list[int]:
    return [index for index, line in enumerate(lines) if line["kind"] == "entry"]


def _seals(lines: Lines) -> list[int]:
    return [index for index, line in enumerate(lines) if line["kind"] == "seal"]


def test_an_undamaged_journal_is_intact(journal: Lines) -> None:
    verdict = verify(journal)
    assert verdict.intact, verdict.damages
    assert (verdict.entries, verdict.sealed, verdict.seals) == (17, 15, 3)


def change(lines: Lines) -> None:
    lines[_entries(lines)[7]]["details"] = {"count": 99}


def remove(lines: Lines) -> None:
    del lines[_entries(lines)[3]]


def swap(lines: Lines) -> None:
    first, second = _entries(lines)[1:3]
    lines[first], lines[second] = lines[second], lines[first]


def swap_contents(lines: Lines) -> None:
    first, second = (lines[index] for index in _entries(lines)[1:3])
    first["id"], second["id"] = second["id"], first["id"]
    swap(lines)


def insert(lines: Lines) -> None:
    index = _entries(lines)[2]
    forged = {
        **lines[index],
        "id": lines[_entries(lines)[-1]]["id"] + 1,
        "at": "2020-01-01T00:00:00.000000+00:00",
    }
    lines.insert(_entries(lines)[-1] + 1, forged)


def truncate(lines: Lines) -> None:
    gone = lines.pop(_seals(lines)[-1])
    lines[:] = [line for line in lines if not (line["kind"] == "entry" and line["id"] in gone["entry_ids"])]


def rewrite_a_seal(lines: Lines) -> None:
    seal = lines[_seals(lines)[1]]
    seal["entry_ids"] = seal["entry_ids"][:-1]


def forge_a_signature(lines: Lines) -> None:
    lines[_seals(lines)[2]]["signature"] = "00" * 64


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (change, DamageKind.CHANGED),
        (remove, DamageKind.REMOVED),
        (swap, DamageKind.REORDERED),
        (swap_contents, DamageKind.CHANGED),
        (insert, DamageKind.INSERTED),
        (truncate, DamageKind.TRUNCATED),
        (rewrite_a_seal, DamageKind.CHANGED),
        (forge_a_signature, DamageKind.BAD_SIGNATURE),
    ],
)
def test_every_damage_is_found(journal: Lines, damage: Callable[[Lines], None], kind: DamageKind) -> None:
    damage(journal)
    assert kind in {found.kind for found in verify(journal).damages}


def test_any_change_of_any_sealed_field_is_found(journal: Lines) -> None:
    chance = random.Random(7)
    fields = [
        "act",
        "actor_kind",
        "actor_id",
        "object_kind",
        "object_id",
        "reason",
        "legal_ground",
        "at",
        "subject",
    ]
    for index in _entries(journal)[:15]:
        damaged = copy.deepcopy(journal)
        field = chance.choice(fields)
        damaged[index][field] = (
            "2026-01-01T00:00:00.000000+00:00" if field == "at" else f"{damaged[index][field]}x"
        )
        assert not verify(damaged).intact, field


def test_a_journal_forged_as_a_whole_is_found_with_a_trusted_key(journal: Lines) -> None:
    assert not verify(journal, trusted_keys={}).intact


def test_an_entry_that_commits_late_is_sealed_next_time(db: None, staff: Actor) -> None:
    reference = get_body("999016")
    with body_scope(reference):
        for _ in range(3):
            record("tests.thing.done")
        ids = unsealed_ids()
    with body_scope(reference):
        # The middle one as if its transaction had not been visible yet.
        sealer._seal(reference, [ids[0], ids[2]], timezone.now())
        assert unsealed_ids() == [ids[1]]
    assert seal_body(reference) == 1
    assert verify(export_lines(reference)).intact


def test_what_was_sealed_long_ago_is_not_sealed_again(db: None, staff: Actor) -> None:
    """A seal may hold only a late entry with a low number; the numbers above it are sealed all the same."""
    reference = get_body("999016")
    started = dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.UTC)
    with body_scope(reference):
        for _ in range(3):
            record("tests.thing.done")
        ids = unsealed_ids()
        for hours, part in enumerate((ids[1:], ids[:1])):
            sealer._seal(reference, part, started + dt.timedelta(hours=2 * hours))
        record("tests.thing.done")
    with time_machine.travel(started + dt.timedelta(hours=4), tick=False):
        assert seal_body(reference) == 1
    with body_scope(reference):
        record("tests.thing.done")
        assert len(unsealed_ids()) == 1


def test_a_backlog_of_many_batches_is_no_damage(
    db: None, staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker stood still for hours: what waited is overdue until it is sealed, and then intact."""
    monkeypatch.setattr(sealer, "BATCH", 2)
    monkeypatch.setattr(unsealed_ids, "__defaults__", (2,))
    reference = get_body("999016")
    now = timezone.now()
    with body_scope(reference):
        for hours in (8, 7, 6, 5, 4, 3):
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO journal_entry (body_id, at, act, actor_kind, actor_id, object_kind, object_id,"
                    " reason, legal_ground, details) VALUES (%s, %s, 'tests.thing.done', 'staff', 'x', '', '', '',"
                    " '', '{}')",
                    [reference.id, now - dt.timedelta(hours=hours)],
                )
    assert {damage.kind for damage in verify(export_lines(reference)).damages} == {DamageKind.OVERDUE}
    assert seal_body(reference) == 6
    verdict = verify(export_lines(reference))
    assert verdict.intact, verdict.damages
    assert verdict.seals == 3


def test_two_sealings_seal_nothing_twice(db: None, staff: Actor) -> None:
    reference = get_body("999016")
    with body_scope(reference):
        record("tests.thing.done")
    assert seal_body(reference) == 1
    assert seal_body(reference) == 0


@pytest.mark.parametrize("statement", ["UPDATE journal_entry SET act = 'x'", "DELETE FROM journal_entry"])
def test_the_run_time_role_cannot_rewrite(body: BodyRef, staff: Actor, statement: str) -> None:
    record("tests.thing.done")
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "entry",
    [
        {"act": "tests.thing.done", "details": {"name": "結 花子"}},
        {"act": "tests.thing.done", "object_id": "結見市"},
        {"act": "tests.thing.done", "reason": "Called about her husband"},
        {"act": "Something happened"},
    ],
)
def test_personal_data_is_refused(body: BodyRef, staff: Actor, entry: dict[str, Any]) -> None:
    with pytest.raises(JournalRefused):
        record(entry.pop("act"), **entry)


@given(st.lists(st.binary(max_size=4), max_size=40))
def test_the_root_equals_the_standards_recursion(contents: list[bytes]) -> None:
    leaves = [leaf_hash(content) for content in contents]
    assert merkle_root(leaves) == _recursive(leaves)


def _recursive(leaves: list[bytes]) -> bytes:
    import hashlib

    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _recursive(leaves[:split]) + _recursive(leaves[split:])).digest()
