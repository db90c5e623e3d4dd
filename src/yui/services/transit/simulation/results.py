"""What a replayed day comes to: figures of one policy, by age, by place and for wheelchair users; as JSON and CSV."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import StringIO
from typing import Any

from yui.services.transit.simulation.policies import Rates
from yui.services.transit.simulation.replay import Fate, Replay, Story
from yui.services.transit.simulation.surroundings import AgeGroup


@dataclass(frozen=True)
class Figures:
    """Rides of a group. ``served + refused + cancelled + not_there`` is ``asked``.

    Attributes:
        cancelled: taken back by the rider.
        not_there: the car came and found nobody.
        wait_median_seconds: from when the rider was ready to the car; None where nobody was served.
        wait_p90_seconds: nine in ten waited no longer.
        ride_median_seconds: on board.
        ride_p90_seconds: nine in ten were on board no longer.
        walk_mean_metres: to and from meeting points together.
    """

    asked: int
    served: int
    refused: int
    cancelled: int
    not_there: int
    wait_median_seconds: int | None
    wait_p90_seconds: int | None
    ride_median_seconds: int | None
    ride_p90_seconds: int | None
    walk_mean_metres: int | None

    @property
    def served_per_mille(self) -> int | None:
        """Of a thousand rides that were still wanted, how many were served."""
        wanted = self.served + self.refused
        return round(1000 * self.served / wanted) if wanted else None


@dataclass(frozen=True)
class Result:
    """One policy on one day.

    Attributes:
        refused_by: rides by the reason they were refused for.
        riders: people carried.
        service_seconds: all cars from the beginning to the end of their shifts.
        driven_seconds: with and without riders.
        cost_yen: cars, hours and kilometres.
        cost_per_ride_yen: of a served ride, rounded; None where none was.
        riders_on_board_per_mille: riders on board times seconds, per thousand seconds driven.
    """

    policy: str
    cars: int
    all: Figures
    by_age: Mapping[str, Figures]
    by_area: Mapping[str, Figures]
    wheelchair: Figures
    others: Figures
    refused_by: Mapping[str, int]
    riders: int
    service_seconds: int
    driven_seconds: int
    metres: int
    cost_yen: int
    cost_per_ride_yen: int | None
    riders_on_board_per_mille: int | None


def result_of(replay: Replay, rates: Rates) -> Result:
    """The figures of a day that was replayed to its end."""
    stories = list(replay.stories.values())
    served = [story for story in stories if story.fate is Fate.SERVED]
    service = sum(car.seconds_in_service for car in replay.cars)
    driven = sum(car.seconds_driven for car in replay.cars)
    metres = sum(car.metres for car in replay.cars)
    ridden = sum(car.rider_seconds for car in replay.cars)
    cost = (
        rates.yen_per_car_day * len(replay.cars)
        + _rounded(rates.yen_per_hour * service, 3600)
        + _rounded(rates.yen_per_km * metres, 1000)
    )
    return Result(
        policy=replay.policy.name,
        cars=len(replay.cars),
        all=_figures(stories),
        by_age=_by(stories, lambda story: story.trip.age.value, [age.value for age in AgeGroup]),
        by_area=_by(stories, lambda story: story.trip.area, sorted({story.trip.area for story in stories})),
        wheelchair=_figures([story for story in stories if story.trip.wheelchairs]),
        others=_figures([story for story in stories if not story.trip.wheelchairs]),
        refused_by=dict(sorted(Counter(story.reason for story in stories if story.reason).items())),
        riders=sum(story.trip.seats for story in served),
        service_seconds=service,
        driven_seconds=driven,
        metres=metres,
        cost_yen=cost,
        cost_per_ride_yen=_rounded(cost, len(served)) if served else None,
        riders_on_board_per_mille=_rounded(1000 * ridden, driven) if driven else None,
    )


def _by(stories: Sequence[Story], key: Callable[[Story], str], order: Iterable[str]) -> dict[str, Figures]:
    groups: dict[str, list[Story]] = {name: [] for name in order}
    for story in stories:
        groups[key(story)].append(story)
    return {name: _figures(group) for name, group in groups.items()}


def _figures(stories: Sequence[Story]) -> Figures:
    fates = Counter(story.fate for story in stories)
    served = [story for story in stories if story.fate is Fate.SERVED]
    waits = sorted(max(story.picked - story.ready, 0) for story in served)
    rides = sorted(story.dropped - story.boarded for story in served)
    return Figures(
        asked=len(stories),
        served=fates[Fate.SERVED],
        refused=fates[Fate.REFUSED],
        cancelled=fates[Fate.CANCELLED],
        not_there=fates[Fate.NOT_THERE],
        wait_median_seconds=_rank(waits, 50),
        wait_p90_seconds=_rank(waits, 90),
        ride_median_seconds=_rank(rides, 50),
        ride_p90_seconds=_rank(rides, 90),
        walk_mean_metres=_rounded(sum(story.walk for story in served), len(served)) if served else None,
    )


def _rank(ordered: Sequence[int], percent: int) -> int | None:
    """The smallest value that so many in a hundred do not pass (nearest rank)."""
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1] if ordered else None


def _rounded(amount: int, by: int) -> int:
    """A quotient of whole numbers, half up."""
    return (2 * amount + by) // (2 * by)


def results_out(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Plain values that ``results_in`` reads."""
    return [asdict(result) for result in results]


def results_in(kept: Sequence[Mapping[str, Any]]) -> tuple[Result, ...]:
    """Results from plain values."""
    return tuple(
        Result(
            **{
                **one,
                "all": Figures(**one["all"]),
                "wheelchair": Figures(**one["wheelchair"]),
                "others": Figures(**one["others"]),
                "by_age": {name: Figures(**group) for name, group in one["by_age"].items()},
                "by_area": {name: Figures(**group) for name, group in one["by_area"].items()},
            }
        )
        for one in kept
    )


def as_json(results: Sequence[Result], about: Mapping[str, Any]) -> bytes:
    """The results as a file: the same bytes for the same day, policies and seed.

    Args:
        about: what was compared on what.
    """
    content = {"about": about, "results": results_out(results)}
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


_GROUPED = tuple(Figures.__dataclass_fields__)
_WHOLE = (
    "cars", "riders", "service_seconds", "driven_seconds", "metres", "cost_yen", "cost_per_ride_yen",
    "riders_on_board_per_mille",
)  # fmt: skip


def as_csv(results: Sequence[Result]) -> bytes:
    """One row for each policy and group; figures of cars and money stand in the row of all. UTF-8 with a mark."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(("policy", "group", "name", *_GROUPED, *_WHOLE))
    for result in results:
        groups = [("all", "", result.all), ("wheelchair", "yes", result.wheelchair)]
        groups += [("wheelchair", "no", result.others)]
        groups += [("age", name, figures) for name, figures in result.by_age.items()]
        groups += [("area", name, figures) for name, figures in result.by_area.items()]
        for group, name, figures in groups:
            whole = [getattr(result, column) if group == "all" else None for column in _WHOLE]
            table.writerow((result.policy, group, name, *asdict(figures).values(), *whole))
        for reason, count in result.refused_by.items():
            row = {"asked": count, "refused": count}
            table.writerow((result.policy, "refused_by", reason, *(row.get(column) for column in _GROUPED)))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


__all__ = ["Figures", "Result", "as_csv", "as_json", "result_of", "results_in", "results_out"]
