"""The verifier: needs only an export and public keys, and says which entry or seal is damaged, and how."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature

from yui.kernel.journal.contracts import Damage, DamageKind, Verdict
from yui.kernel.journal.sealing.keys import read_public_key
from yui.kernel.journal.sealing.tree import canonical, head_content, leaf_hash, merkle_root

GRACE = dt.timedelta(hours=1)
OVERDUE = dt.timedelta(hours=1)


@dataclass
class _Reading:
    body: str = ""
    exported_at: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    entries: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    seals: list[Mapping[str, Any]] = field(default_factory=list)
    deposits: dict[int, str] = field(default_factory=dict)
    damages: list[Damage] = field(default_factory=list)

    def find(self, kind: DamageKind, text: str, *, seal: int | None = None, entry: int | None = None) -> None:
        self.damages.append(Damage(kind, seal, entry, text))


def verify(lines: Iterable[Mapping[str, Any]], trusted_keys: Mapping[str, str] | None = None) -> Verdict:
    """Verify an export.

    Args:
        lines: the export's lines.
        trusted_keys: key id → public key from a place the exporter does not control. Without it the keys inside
            the export are used, which finds damage but not a journal that was forged as a whole.
    """
    reading = _read(lines)
    keys = dict(trusted_keys) if trusted_keys is not None else reading.keys
    sealed = _check_seals(reading, keys)
    _check_deposits(reading)
    _check_rest(reading, sealed)
    return Verdict(reading.body, len(reading.order), len(sealed), len(reading.seals), tuple(reading.damages))


def _read(lines: Iterable[Mapping[str, Any]]) -> _Reading:
    reading = _Reading()
    for line in lines:
        kind = line.get("kind")
        if kind == "journal":
            reading.body, reading.exported_at = line["body"], line["exported_at"]
            reading.keys = dict(line["keys"])
        elif kind == "entry":
            if line["id"] in reading.entries:
                reading.find(DamageKind.INSERTED, f"Entry {line['id']} stands there twice.", entry=line["id"])
            reading.order.append(line["id"])
            reading.entries[line["id"]] = line
        elif kind == "seal":
            reading.seals.append(line)
        elif kind == "deposit":
            reading.deposits[line["number"]] = line["head"]
    for before, after in zip(reading.order, reading.order[1:], strict=False):
        if after < before:
            reading.find(DamageKind.REORDERED, f"Entry {after} stands after entry {before}.", entry=after)
    return reading


def _check_seals(reading: _Reading, keys: Mapping[str, str]) -> set[int]:
    sealed: set[int] = set()
    previous = bytes(32).hex()
    earlier = ""
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
        _check_head(reading, seal, keys)
        _check_entries(reading, seal, earlier)
        sealed.update(seal["entry_ids"])
        previous, earlier = seal["head"], seal["sealed_at"]
    return sealed


def _check_head(reading: _Reading, seal: Mapping[str, Any], keys: Mapping[str, str]) -> None:
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


def _check_entries(reading: _Reading, seal: Mapping[str, Any], earlier: str) -> None:
    number = seal["number"]
    missing = [entry for entry in seal["entry_ids"] if entry not in reading.entries]
    for entry in missing:
        reading.find(
            DamageKind.REMOVED,
            f"Entry {entry} was removed; seal {number} covers it.",
            seal=number,
            entry=entry,
        )
    if not missing:
        leaves = [leaf_hash(canonical(reading.body, reading.entries[entry])) for entry in seal["entry_ids"]]
        if merkle_root(leaves).hex() != seal["root"]:
            reading.find(DamageKind.CHANGED, f"An entry that seal {number} covers was changed.", seal=number)
    if earlier:
        _check_times(reading, seal["entry_ids"], earlier, number)


def _check_times(reading: _Reading, ids: Iterable[int], earlier: str, number: int | None) -> None:
    floor = dt.datetime.fromisoformat(earlier) - GRACE
    for entry in ids:
        line = reading.entries.get(entry)
        if line is not None and dt.datetime.fromisoformat(line["at"]) < floor:
            reading.find(
                DamageKind.INSERTED,
                f"Entry {entry} claims a time before the seal that should have covered it: it was put in later.",
                seal=number,
                entry=entry,
            )


def _check_deposits(reading: _Reading) -> None:
    heads = {seal["number"]: seal["head"] for seal in reading.seals}
    for number, head in sorted(reading.deposits.items()):
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


def _check_rest(reading: _Reading, sealed: set[int]) -> None:
    """Entries that no seal covers: too old means put in later or a sealer that stands still."""
    rest = [entry for entry in reading.order if entry not in sealed]
    if not rest:
        return
    if reading.seals:
        _check_times(reading, rest, reading.seals[-1]["sealed_at"], None)
    found = {damage.entry_id for damage in reading.damages}
    oldest = min(dt.datetime.fromisoformat(reading.entries[entry]["at"]) for entry in rest)
    waiting = dt.datetime.fromisoformat(reading.exported_at) - oldest
    if waiting > OVERDUE and not found & set(rest):
        reading.find(
            DamageKind.OVERDUE,
            f"{len(rest)} entries wait for a seal, the oldest for {waiting}. Is the worker running?",
        )
