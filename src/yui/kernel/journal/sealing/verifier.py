"""The verifier: needs only an export and public keys, and says which entry or seal is damaged, and how."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature

from yui.kernel.journal.contracts import GRACE, Damage, DamageKind, JournalRefused, Verdict
from yui.kernel.journal.sealing.keys import read_public_key
from yui.kernel.journal.sealing.tree import canonical, head_content, leaf_hash, merkle_root

OVERDUE = dt.timedelta(hours=1)
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
Line = Mapping[str, Any]


@dataclass
class _Reading:
    """What is kept of an export: of an entry only its hash and time, since a journal may have millions."""

    body: str
    exported_at: dt.datetime
    keys: dict[str, str]
    leaves: dict[int, bytes] = field(default_factory=dict)
    times: dict[int, dt.datetime] = field(default_factory=dict)
    seals: list[Line] = field(default_factory=list)
    deposits: set[tuple[int, str]] = field(default_factory=set)
    damages: list[Damage] = field(default_factory=list)
    count: int = 0

    def find(self, kind: DamageKind, text: str, *, seal: int | None = None, entry: int | None = None) -> None:
        self.damages.append(Damage(kind, seal, entry, text))


def verify(lines: Iterable[Line], trusted_keys: Mapping[str, str] | None = None) -> Verdict:
    """Verify an export.

    Args:
        lines: the export's lines.
        trusted_keys: key id → public key from a place the exporter does not control. Without it the keys inside
            the export are used, which finds damage but not a journal that was forged as a whole.

    Raises:
        JournalRefused: the lines are no export of a journal.
    """
    reading = _read(lines)
    keys = dict(trusted_keys) if trusted_keys is not None else reading.keys
    sealed, newest_before = _check_seals(reading, keys)
    _check_deposits(reading)
    _check_rest(reading, sealed, newest_before)
    return Verdict(reading.body, reading.count, len(sealed), len(reading.seals), tuple(reading.damages))


def _read(lines: Iterable[Line]) -> _Reading:
    lines = iter(lines)
    heading = next(lines, {})
    try:
        reading = _Reading(heading["body"], _instant(heading["exported_at"]), dict(heading["keys"]))
    except (KeyError, TypeError, ValueError) as error:
        raise JournalRefused("This is no export of a journal: it does not begin with its heading.") from error
    before = 0
    for line in lines:
        match line.get("kind"):
            case "entry":
                before = _read_entry(reading, line, before)
            case "seal":
                reading.seals.append(line)
            case "deposit":
                reading.deposits.add((line["number"], line["head"]))
    return reading


def _read_entry(reading: _Reading, line: Line, before: int) -> int:
    entry = int(line["id"])
    reading.count += 1
    if entry in reading.leaves:
        reading.find(DamageKind.INSERTED, f"Entry {entry} stands there twice.", entry=entry)
    if entry < before:
        reading.find(DamageKind.REORDERED, f"Entry {entry} stands after entry {before}.", entry=entry)
    reading.leaves[entry] = leaf_hash(canonical(reading.body, line))
    try:
        reading.times[entry] = _instant(line["at"])
    except ValueError:
        reading.times[entry] = _NEVER
    return entry


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _check_seals(reading: _Reading, keys: Mapping[str, str]) -> tuple[set[int], dt.datetime]:
    """Check seal by seal; returns what they cover, and when the last run but one sealed."""
    sealed: set[int] = set()
    previous, highest = bytes(32).hex(), 0
    run_before = run = _NEVER
    for position, seal in enumerate(reading.seals, start=1):
        number = seal["number"]
        if number != position:
            reading.find(
                DamageKind.REMOVED,
                f"Seal {position} is missing; seal {number} stands in its place.",
                seal=position,
            )
        if seal["previous"] != previous:
            reading.find(
                DamageKind.BROKEN_CHAIN, f"Seal {number} does not continue the seal before it.", seal=number
            )
        previous = seal["head"]
        try:
            _check_head(reading, seal, keys)
            ids = [int(entry) for entry in seal["entry_ids"]]
            sealed_at = _instant(seal["sealed_at"])
        except (TypeError, ValueError):
            reading.find(DamageKind.CHANGED, f"Seal {number} cannot be read.", seal=number)
            continue
        highest = max(highest, *ids, 0)
        if seal["last_entry_id"] != highest:
            reading.find(DamageKind.CHANGED, f"Seal {number} names another last entry.", seal=number)
        if sealed_at < run:
            reading.find(
                DamageKind.CHANGED,
                f"Seal {number} claims an earlier time than the one before it.",
                seal=number,
            )
        # The batches of one run have one time; what they cover was there when it began.
        run_before, run = (run, sealed_at) if sealed_at > run else (run_before, run)
        _check_entries(reading, seal, ids, sealed)
        _check_times(reading, ids, run_before, number)
        sealed.update(ids)
    return sealed, run_before


def _check_head(reading: _Reading, seal: Line, keys: Mapping[str, str]) -> None:
    number = seal["number"]
    content = head_content(
        body_code=reading.body,
        number=number,
        entry_ids=seal["entry_ids"],
        root=bytes.fromhex(seal["root"]),
        previous=bytes.fromhex(seal["previous"]),
        sealed_at=seal["sealed_at"],
    )
    if hashlib.sha256(content).hexdigest() != seal["head"]:
        reading.find(DamageKind.CHANGED, f"Seal {number} was changed after it was made.", seal=number)
    key = keys.get(seal["key_id"])
    if key is None:
        reading.find(
            DamageKind.BAD_SIGNATURE, f"Seal {number} is signed with a key we do not trust.", seal=number
        )
        return
    try:
        read_public_key(key).verify(bytes.fromhex(seal["signature"]), bytes.fromhex(seal["head"]))
    except InvalidSignature:
        reading.find(DamageKind.BAD_SIGNATURE, f"The signature of seal {number} is wrong.", seal=number)


def _check_entries(reading: _Reading, seal: Line, ids: list[int], sealed: set[int]) -> None:
    number = seal["number"]
    missing = [entry for entry in ids if entry not in reading.leaves]
    for entry in missing:
        reading.find(
            DamageKind.REMOVED,
            f"Entry {entry} was removed; seal {number} covers it.",
            seal=number,
            entry=entry,
        )
    if not sealed.isdisjoint(ids):
        reading.find(
            DamageKind.CHANGED, f"Seal {number} covers entries that were sealed before.", seal=number
        )
    if not missing and merkle_root([reading.leaves[entry] for entry in ids]).hex() != seal["root"]:
        reading.find(DamageKind.CHANGED, f"An entry that seal {number} covers was changed.", seal=number)


def _check_times(
    reading: _Reading, ids: Iterable[int], run_before: dt.datetime, number: int | None
) -> set[int]:
    """Find what claims to be older than an earlier run that would have covered it."""
    if run_before == _NEVER:
        return set()
    floor = run_before - GRACE
    late = {entry for entry in ids if entry in reading.times and reading.times[entry] < floor}
    for entry in sorted(late):
        reading.find(
            DamageKind.INSERTED,
            f"Entry {entry} claims a time before the seal that should have covered it: it was put in later.",
            seal=number,
            entry=entry,
        )
    return late


def _check_deposits(reading: _Reading) -> None:
    heads = {seal["number"]: seal["head"] for seal in reading.seals}
    for number, head in sorted(reading.deposits):
        if number not in heads:
            reading.find(
                DamageKind.TRUNCATED,
                f"Another body holds the head of seal {number}, which is gone here.",
                seal=number,
            )
        elif heads[number] != head:
            reading.find(
                DamageKind.BROKEN_CHAIN,
                f"Another body holds a different head of seal {number}: history was rewritten.",
                seal=number,
            )


def _check_rest(reading: _Reading, sealed: set[int], run_before: dt.datetime) -> None:
    """Entries that no seal covers: too old means put in later or a sealer that stands still."""
    rest = [entry for entry in reading.leaves if entry not in sealed]
    # The last run may still be going on, so only what the run before should have covered is surely late.
    late = _check_times(reading, rest, run_before, None)
    rest = [entry for entry in rest if entry not in late]
    if not rest:
        return
    waiting = reading.exported_at - min(reading.times[entry] for entry in rest)
    if waiting > OVERDUE:
        reading.find(
            DamageKind.OVERDUE,
            f"{len(rest)} entries wait for a seal, the oldest for {waiting}. Is the worker running?",
        )
