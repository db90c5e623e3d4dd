"""What crosses the door of the journal."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

Detail = str | int | bool
GRACE = dt.timedelta(hours=1)
"""How long after an entry was written its transaction may commit."""


@dataclass(frozen=True)
class EntryDraft:
    """One thing to be journalled.

    Attributes:
        act: what happened, as ``app.object.past_participle``.
        subject: the registry's public id of the person concerned; stored only as a pseudonym of the body.
        object_kind, object_id: what it happened to (a public id or code).
        reason: a short code of why, for example ``counter_request``; never free text.
        legal_ground: the article that allows it.
        details: counts, codes and ids; never personal data.
    """

    act: str
    subject: UUID | None = None
    object_kind: str = ""
    object_id: str = ""
    reason: str = ""
    legal_ground: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict)


@dataclass(frozen=True)
class EntryView:
    """An entry as it is shown."""

    id: int
    at: dt.datetime
    act: str
    actor_kind: str
    actor_id: str
    object_kind: str
    object_id: str
    reason: str
    legal_ground: str
    details: Mapping[str, Detail]


class DamageKind(StrEnum):
    """What a verifier can find."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    BROKEN_CHAIN = "broken_chain"
    BAD_SIGNATURE = "bad_signature"
    TRUNCATED = "truncated"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Damage:
    """One finding: where, what, and in words."""

    kind: DamageKind
    seal_number: int | None
    entry_id: int | None
    text: str


@dataclass(frozen=True)
class Verdict:
    """The result of a verification."""

    body_code: str
    entries: int
    sealed: int
    seals: int
    damages: tuple[Damage, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return not self.damages


class JournalRefused(ValueError):
    """An entry would carry something that does not belong into the journal; a mistake in code."""
