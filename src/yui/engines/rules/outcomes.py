"""What a card decides about one unit in one month, as it is kept with the decision."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from yui.engines.rules.card import Card
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.logic import Between

FactValue = bool | int | str | date | Month | Between | None
Members = Mapping[str, Mapping[str, Any]]
"""By identifier of a unit, what holds of it where the decision is made of what holds of all units."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is known about one unit (a child).

    Attributes:
        id: Identifier; differs between any two units of a group and breaks ties in ranks.
        facts: Value by key of the fact; an absent or None value is unknown.
    """

    id: str
    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Group:
    """What is known about one group (a claimant with the children raised).

    Attributes:
        facts: Value by key of the fact; an absent or None value is unknown.
        units: The units, in any order.
    """

    facts: Mapping[str, FactValue]
    units: Sequence[Unit]


class Effect(StrEnum):
    """What follows from a decision table. Only a payment is ever acted on without asking.

    Source:
        支給 / 不支給 of the act concerned; 未確定 is ours: a fact is missing and must be asked for.
    """

    PAYMENT = "payment"
    NO_PAYMENT = "no_payment"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, order=True)
class Ask:
    """A fact that has to be known before it can be decided.

    Attributes:
        key: Key of the fact.
        unit_id: The unit it is about; empty for a fact of the group.
    """

    key: str
    unit_id: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decision about one unit in one month, with everything needed to explain it later.

    Attributes:
        unit_id: The unit decided about.
        amount_yen: Yen for the month; 0 when not paid, None when undetermined.
        row: Place of the deciding row in the card's table, counted from 0; for an undetermined outcome the
            first row that may hold.
        cite: The article of that row.
        conditions: Value of every condition (None: unknown).
        values: Every named value and rank.
        ask: Facts to ask for, when undetermined.
        card: The card that decided; its ``version`` is stored with the outcome.
        members: Tells what holds of each member of the group, where conditions or the amount are made of it.
    """

    unit_id: str
    month: Month
    effect: Effect
    amount_yen: int | None
    row: int
    cite: str
    conditions: Mapping[str, bool | None]
    values: Mapping[str, Any]
    ask: tuple[Ask, ...]
    card: Card = field(repr=False, compare=False)
    known_on: date | None = None
    members: Callable[[], Members] = field(default=dict, repr=False, compare=False)

    def as_json(self) -> str:
        """The outcome as JSON text; the condition vector, the amount and the version of the card."""
        return json.dumps(
            {
                "card": self.card.id,
                "version": self.card.version,
                "month": str(self.month),
                "known_on": self.known_on and self.known_on.isoformat(),
                "unit_id": self.unit_id,
                "effect": self.effect.value,
                "amount_yen": self.amount_yen,
                "row": self.row,
                "cite": self.cite,
                "conditions": dict(self.conditions),
                "values": _all(_plain, self.values),
                "ask": [[ask.key, ask.unit_id] for ask in self.ask],
                "members": {unit_id: _all(_plain, values) for unit_id, values in self.members().items()},
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str, cards: Iterable[Card]) -> "Outcome":
        """Reads back what :meth:`as_json` wrote.

        Args:
            text: The stored JSON.
            cards: All versions of the card that are kept.
        Raises:
            LookupError: the version that decided is not among the cards.
        """
        stored = json.loads(text)
        members = {unit_id: _all(_rich, values) for unit_id, values in stored.get("members", {}).items()}
        card = next((card for card in cards if card.version == stored["version"]), None)
        if card is None:
            raise LookupError(
                f"Version {stored['version'][:12]} of the card “{stored['card']}” is not among those kept, so the "
                "decision cannot be explained from it. Restore the card as it was."
            )
        return cls(
            unit_id=stored["unit_id"],
            month=Month.parse(stored["month"]),
            effect=Effect(stored["effect"]),
            amount_yen=stored["amount_yen"],
            row=stored["row"],
            cite=stored["cite"],
            conditions=stored["conditions"],
            values=_all(_rich, stored["values"]),
            ask=tuple(Ask(key, unit_id) for key, unit_id in stored["ask"]),
            card=card,
            known_on=stored["known_on"] and date.fromisoformat(stored["known_on"]),
            members=lambda: members,
        )


def _all(change: Callable[[Any], Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: change(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Between):
        return {"least": _plain(value.least), "most": _plain(value.most)}
    if isinstance(value, Month):
        return {"month": str(value)}
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _rich(value: Any) -> Any:
    match value:
        case {"least": least, "most": most}:
            return Between(_rich(least), _rich(most))
        case {"month": text}:
            return Month.parse(text)
        case {"date": text}:
            return date.fromisoformat(text)
    return value
