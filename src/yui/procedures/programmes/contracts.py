"""What crosses the door of programmes."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
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


@dataclass(frozen=True)
class Then:
    """A question about the past, for a decision that is explained again.

    Attributes:
        valid_on: The day on which the facts have to be true; of what was true on no such day, what was known first.
        known_on: The day at the end of which they have to be known. What was recorded later is left out.
        unit_id: The unit that was decided about; it belongs to the group though nothing may be recorded of it any
            more.
        details: What was kept with the decision, such as the month asked for; the service knows what it means.
    """

    valid_on: dt.date
    known_on: dt.date
    unit_id: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


class Population(Protocol):
    """The groups of the active body, or those of some persons. Read in batches, journalled by who reads."""

    def __call__(
        self, persons: Sequence[UUID] | None = None, /, *, then: Then | None = None
    ) -> Iterator[Concerned]:
        """The groups as they are, or as they were."""
