"""Policies side by side as bars: what to draw where, in units of the drawing."""

from collections.abc import Sequence
from typing import NamedTuple

from yui.services.transit.simulation.results import Result

WIDTH, LABEL, ROW, HEAD, GAP, BAR = 480, 150, 30, 34, 14, 20
_FOR_VALUES = 96


class Measure(NamedTuple):
    """A figure of a policy, as bars compare it.

    Attributes:
        code: the word for its title is the caller's.
        values: of each policy in their order, in the unit of ``unit``; None where there is none.
    """

    code: str
    unit: str
    values: tuple[float | None, ...]


def measures(results: Sequence[Result]) -> list[Measure]:
    """What policies are compared by, the rider's side first."""

    def of(code: str, unit: str, values: Sequence[int | None], by: float) -> Measure:
        digits = 1 if by > 1 else None
        return Measure(
            code, unit, tuple(None if value is None else round(value / by, digits) for value in values)
        )

    return [
        of("served", "%", [one.all.served_per_mille for one in results], 10),
        of("wait_median", "min", [one.all.wait_median_seconds for one in results], 60),
        of("wait_p90", "min", [one.all.wait_p90_seconds for one in results], 60),
        of("ride_median", "min", [one.all.ride_median_seconds for one in results], 60),
        of("walk", "m", [one.all.walk_mean_metres for one in results], 1),
        of("driven", "min", [one.driven_seconds for one in results], 60),
        of("cost_per_ride", "yen", [one.cost_per_ride_yen for one in results], 1),
    ]


class Bar(NamedTuple):
    """One bar with its words; ``value`` is None where there is nothing to show."""

    policy: str
    value: float | None
    y: int
    width: int
    text_x: int


class Panel(NamedTuple):
    """The bars of one measure."""

    code: str
    unit: str
    y: int
    bars: tuple[Bar, ...]


class Chart(NamedTuple):
    """All panels, one below the other."""

    width: int
    height: int
    label: int
    panels: tuple[Panel, ...]


def draw(results: Sequence[Result]) -> Chart:
    """The bars of all measures; each measure has its own scale from nought."""
    panels, y = [], 0
    for measure in measures(results):
        most = max((value for value in measure.values if value is not None), default=0) or 1
        top, bars = y + HEAD, []
        for result, value in zip(results, measure.values, strict=True):
            width = 0 if value is None else round((WIDTH - LABEL - _FOR_VALUES) * value / most)
            bars.append(Bar(result.policy, value, top + (ROW - BAR) // 2, width, LABEL + width + 8))
            top += ROW
        panels.append(Panel(measure.code, measure.unit, y, tuple(bars)))
        y = top + GAP
    return Chart(WIDTH, y, LABEL, tuple(panels))
