"""Hashes of entries and the Merkle tree over them, as in RFC 9162 §2.1 (leaf and node prefixes differ)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

ENTRY_FIELDS = (
    "id",
    "at",
    "act",
    "actor_kind",
    "actor_id",
    "subject",
    "object_kind",
    "object_id",
    "reason",
    "legal_ground",
    "details",
)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(body_code: str, entry: Mapping[str, Any]) -> bytes:
    """One entry as bytes that are the same everywhere: sorted JSON; ``at`` is UTC text with microseconds."""
    values = {name: entry[name] for name in ENTRY_FIELDS}
    values["subject"] = str(entry["subject"]) if entry["subject"] else None
    values["body"] = body_code
    return _ENCODER.encode(values).encode()


def leaf_hash(content: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + content).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over the leaves in order; of none, the hash of nothing.

    Complexity: O(n) hashes.
    """
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    # An odd last node moves up as it is, which gives the same tree as RFC 9162's split at a power of two.
    while len(level) > 1:
        paired = [
            hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)
        ]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def head_content(
    *, body_code: str, number: int, entry_ids: Sequence[int], root: bytes, previous: bytes, sealed_at: str
) -> bytes:
    """What a seal signs."""
    return json.dumps(
        {
            "body": body_code,
            "number": number,
            "entry_ids": list(entry_ids),
            "root": root.hex(),
            "previous": previous.hex(),
            "sealed_at": sealed_at,
        },
        sort_keys=True,
        separators=(",", ":"),
    ).encode()
