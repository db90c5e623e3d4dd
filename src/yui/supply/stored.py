"""Between what rows keep as JSON and what crosses the door."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from yui.engines.travel.public import Place
from yui.supply.contracts import Break, Reason, Step, StepKind


def instant(seconds: int) -> dt.datetime:
    """An instant from whole seconds since 1970 UTC, as plans keep them."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def seconds_of(at: dt.datetime) -> int:
    """Whole seconds since 1970 UTC, rounded down."""
    return int(at.timestamp())


def place_out(place: Place) -> list[float]:
    """A place as two numbers."""
    return [place.latitude, place.longitude]


def place_in(kept: list[float]) -> Place:
    """A place from two numbers."""
    return Place(*kept)


def steps_out(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Steps as a row keeps them."""
    return [
        {
            "kind": step.kind.value,
            "place": place_out(step.place),
            "from": seconds_of(step.from_at),
            "until": seconds_of(step.until_at),
            "seconds": step.seconds,
            "name": step.name,
        }
        for step in steps
    ]


def steps_in(kept: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Steps from a row."""
    return tuple(
        Step(
            kind=StepKind(step["kind"]),
            place=place_in(step["place"]),
            from_at=instant(step["from"]),
            until_at=instant(step["until"]),
            seconds=step["seconds"],
            name=step["name"],
        )
        for step in kept
    )


def breaks_out(breaks: Iterable[Break]) -> list[list[int]]:
    """Breaks as a row keeps them."""
    return [[seconds_of(one.from_at), seconds_of(one.until_at), one.seconds] for one in breaks]


def breaks_in(kept: Iterable[list[int]]) -> tuple[Break, ...]:
    """Breaks from a row."""
    return tuple(Break(instant(start), instant(end), length) for start, end, length in kept)


def reasons_out(reasons: Iterable[Reason]) -> list[list[Any]]:
    """Reasons as a row keeps them."""
    return [[reason.code, dict(reason.values)] for reason in reasons]


def reasons_in(kept: Iterable[list[Any]]) -> tuple[Reason, ...]:
    """Reasons from a row."""
    return tuple(Reason(code, values) for code, values in kept)
