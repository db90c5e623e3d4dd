"""The reviewed list: why a published value of the peer differs from ours, and what we have nothing beside.

An entry says by what the peer's value comes about. Those that *move* the case by years or name a *reading* must
together reproduce it to the yen; one that states pairs of *values* must match exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from peers.asking import Compared, InBand
from peers.published import Asserted
from ruamel.yaml import YAML

LIST = Path(__file__).resolve().with_suffix(".yaml")


@dataclass(frozen=True)
class Entry:
    """One reviewed difference.

    Attributes:
        id: Its name.
        programme: Of what.
        peer, ours: What the peer does, and what we do instead.
        reason: Why ours is right.
        article: The legal source.
        variables: The peer's variables it may explain; all of the programme when left out.
        since, until: The days it may explain, both included.
        years: By how many years the case is moved to get the peer's value.
        reading: The reading that gives the peer's value.
        values: Pairs of our value and the peer's.
    """

    id: str
    programme: str
    peer: str
    ours: str
    reason: str
    article: str
    variables: tuple[str, ...] = ()
    since: date = date.min
    until: date = date.max
    years: int = 0
    reading: str = ""
    values: tuple[tuple[Any, Any], ...] = ()

    def covers(self, compared: Compared, asserted: Asserted) -> bool:
        """Whether it may explain this value."""
        named = not self.variables or asserted.variable in self.variables
        return compared.name == self.programme and named and self.since <= asserted.on <= self.until


@dataclass(frozen=True)
class Apart:
    """Published values that none of our cards is about.

    Attributes:
        name: What they are about.
        because: Why we have nothing beside them.
        files: How the paths of their files begin.
        variables: How their variables begin.
    """

    name: str
    because: str
    files: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()

    def covers(self, asserted: Asserted) -> bool:
        """Whether the value is one of them."""
        return asserted.file.startswith(self.files or ("",)) and asserted.variable.startswith(
            self.variables or ("",)
        )


def load_list() -> tuple[list[Entry], list[Apart]]:
    """The reviewed differences, and what is left apart.

    Raises:
        TypeError: an item says something that is not in :class:`Entry` or :class:`Apart`.
    """
    read = YAML(typ="safe").load(LIST)
    entries = [Entry(**{key: _frozen(value) for key, value in item.items()}) for item in read["differences"]]
    aparts = [Apart(**{key: _frozen(value) for key, value in item.items()}) for item in read["apart"]]
    return entries, aparts


def explanation(
    compared: Compared, asserted: Asserted, ours: Any, entries: Sequence[Entry]
) -> tuple[Entry, ...] | InBand | None:
    """The entries that together give the peer's value, those left out without which it stays.

    All that may apply have to hold together: what a part of them would give is no explanation.

    Returns:
        No entries for a value on which both agree; the amount of ours where both only say that it lies in a band of the
        peer's; None when the entries do not give the peer's value.
    """
    able = [entry for entry in entries if entry.covers(compared, asserted)]
    for entry in able:
        if any((ours, asserted.value) == pair for pair in entry.values):
            return (entry,)
    needed = [entry for entry in able if not entry.values]
    whole = _together(compared, asserted, needed)
    if whole not in (asserted.value, "in band"):
        return None
    if isinstance(ours, InBand) and whole == "in band":
        return ours
    if ours == asserted.value:
        return ()
    # From the last: what is listed first says more, so it is kept where either would do.
    for entry in reversed(tuple(needed)):
        fewer = [other for other in needed if other != entry]
        if _together(compared, asserted, fewer) == whole:
            needed = fewer
    return tuple(needed)


def _together(compared: Compared, asserted: Asserted, entries: Sequence[Entry]) -> Any:
    """What the law with these entries says; an amount within a band of the peer's by that name."""
    readings = frozenset(entry.reading for entry in entries if entry.reading)
    then = compared.ours(asserted.moved(sum(entry.years for entry in entries)), readings)
    return "in band" if isinstance(then, InBand) else then


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
