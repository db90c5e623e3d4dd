"""What crosses the door of programmes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from yui.engines.rules.public import Group, Month


@dataclass(frozen=True)
class Concerned:
    """A group that a programme decides about, as the service that keeps the programme knows it.

    Attributes:
        person: Who claims, owes or is told (public id); names the group.
        in_month: The facts that decide about a month, by key; those that only other versions of the rules ask for
            may be among them.
    """

    person: UUID
    in_month: Callable[[Month], Group]


Population = Callable[[Sequence[UUID] | None], Iterator[Concerned]]
"""The groups of the active body, or those of some persons. Read in batches, journalled by who reads."""
