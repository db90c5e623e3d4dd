"""The door of the journal."""

from yui.kernel.journal.actions import record, record_for_each, record_many
from yui.kernel.journal.contracts import (
    Damage,
    DamageKind,
    EntryDraft,
    EntryView,
    JournalRefused,
    Verdict,
)
from yui.kernel.journal.pseudonyms import Pseudonym, pseudonym, pseudonym_key, pseudonyms_of
from yui.kernel.journal.queries import count_entries, list_about, list_entries

__all__ = [
    "Damage",
    "DamageKind",
    "EntryDraft",
    "EntryView",
    "JournalRefused",
    "Pseudonym",
    "Verdict",
    "count_entries",
    "list_about",
    "list_entries",
    "pseudonym",
    "pseudonym_key",
    "pseudonyms_of",
    "record",
    "record_for_each",
    "record_many",
]
