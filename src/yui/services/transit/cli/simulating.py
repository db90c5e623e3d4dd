"""``yui transit simulate``: policies compared on a day of demand, or one of them watched minute by minute."""

import datetime as dt
import time
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone
from rich.console import Console
from rich.progress import track
from rich.table import Table

from yui.engines.travel.public import NetworkError, OnRoads, StraightLine, read_openstreetmap
from yui.services.transit.apps import MANAGE, READ, SEEN
from yui.services.transit.cli.services import acting, give_up
from yui.services.transit.contracts import Definition, TransitRefused
from yui.services.transit.definitions import get_service, read_definition
from yui.services.transit.simulation.demand import DayOptions, Trip, clock, make_day, read_trace, write_trace
from yui.services.transit.simulation.policies import comparison_out, read_comparison
from yui.services.transit.simulation.replay import Replay, Town, UnsoundPlan
from yui.services.transit.simulation.results import Result, as_csv, as_json, result_of
from yui.services.transit.simulation.surroundings import UnreadableFile, read_surroundings
from yui.services.transit.trials import find_surroundings, past_day, town_of, travel_of

_Day = dt.datetime


def simulate(
    policies: Annotated[Path, typer.Argument(exists=True, help="YAML: policies to compare, and cost rates.")],
    definition: Annotated[
        Path | None, typer.Option(help="YAML of the service, for a try without a database.")
    ] = None,
    roads: Annotated[Path | None, typer.Option(help="OpenStreetMap extract; without, by the crow.")] = None,
    body: Annotated[str, typer.Option("--body", help="Code of the body whose service it is.")] = "",
    service: Annotated[str, typer.Option(help="Code of the body's service.")] = "",
    surroundings: Annotated[Path | None, typer.Option(help="CSV: who lives where, where people go.")] = None,
    trace: Annotated[Path | None, typer.Option(help="CSV: a real day, ride by ride.")] = None,
    past: Annotated[_Day | None, typer.Option(formats=["%Y-%m-%d"], help="A past day of the body.")] = None,
    rides: Annotated[int, typer.Option(help="Rides of a made-up day.")] = 60,
    seed: Annotated[int, typer.Option(help="Same seed, same day, same result.")] = 1,
    pace: Annotated[
        float, typer.Option(help="Watch the first policy: so many seconds of the day pass in one.")
    ] = 0.0,
    csv: Annotated[Path | None, typer.Option(help="Write the figures as a table.")] = None,
    save_trace: Annotated[Path | None, typer.Option(help="Write the day's rides as a trace.")] = None,
    as_text: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Try policies on a day before a bus starts: who is served, how long they wait, what it costs.

    With --definition from files alone; with --body and --service on the body's own roads, stops and past rides.
    """
    if bool(definition) == bool(body and service):
        give_up("Give either --definition, or --body and --service.")
    try:
        comparison = read_comparison(policies)
        if definition:
            town, trips = _from_files(read_definition(definition), roads, surroundings, trace, rides, seed)
        else:
            with acting(body, "simulate", MANAGE, READ, SEEN):
                kept = get_service(service, timezone.localdate())
                town = town_of(kept, travel_of(service))
                trips = past_day(service, past.date()) if past else _day(surroundings, trace, rides, seed)
    except (TransitRefused, UnreadableFile, NetworkError, ValueError) as refused:
        give_up(refused)
    if save_trace:
        save_trace.write_text(write_trace(trips), encoding="utf-8")
    if pace > 0:
        _watch(Replay(town, trips, comparison.policies[0], seed=seed), pace)
        return
    results = []
    try:
        for policy in track(
            comparison.policies, description="", transient=True, console=Console(stderr=True), disable=as_text
        ):
            results.append(result_of(Replay(town, trips, policy, seed=seed).run(), comparison.rates))
    except UnsoundPlan as unsound:
        give_up(unsound)
    if csv:
        csv.write_bytes(as_csv(results))
    if as_text:
        about = {"comparison": comparison_out(comparison), "seed": seed, "rides": len(trips)}
        typer.echo(as_json(results, about).decode(), nl=False)
    else:
        _print(results)


def _from_files(
    definition: Definition,
    roads: Path | None,
    surroundings: Path | None,
    trace: Path | None,
    rides: int,
    seed: int,
) -> tuple[Town, tuple[Trip, ...]]:
    if not (surroundings or trace):
        give_up("Give --surroundings for a made-up day, or --trace for a real one.")
    travel = OnRoads(read_openstreetmap(roads)) if roads else StraightLine()
    return town_of(definition, travel), _day(surroundings, trace, rides, seed)


def _day(surroundings: Path | None, trace: Path | None, rides: int, seed: int) -> tuple[Trip, ...]:
    if trace:
        return read_trace(trace.read_text(encoding="utf-8-sig"))
    spots = (
        read_surroundings(surroundings.read_text(encoding="utf-8-sig"))
        if surroundings
        else find_surroundings()
    )
    if spots is None:
        give_up("Who lives where is not known: give --surroundings, or import it once.")
    return make_day(spots, DayOptions(rides, seed))


def _watch(replay: Replay, pace: float) -> None:
    """The board minute by minute, as fast as asked for."""
    before = None
    for board in replay.minutes():
        if before is not None:
            time.sleep((board.now - before) / pace)
        before = board.now
        cars = "  ".join(f"{car.name}: {car.aboard}+{car.ahead}" for car in board.cars)
        typer.echo(
            f"{clock(board.now)[:5]}  asked {board.asked:4}  waiting {board.waiting:3}  served {board.served:4}  "
            f"refused {board.refused:3}  cars (aboard + stops ahead) {cars}"
        )


def _print(results: list[Result]) -> None:
    table = Table(box=None)
    for heading in (
        "policy", "cars", "served", "%", "refused", "wait", "90 %", "ride", "90 %", "walk m", "car h", "km",
        "yen a ride",
    ):  # fmt: skip
        table.add_column(heading, justify="left" if heading == "policy" else "right")
    for one in results:
        every = one.all
        table.add_row(
            one.policy,
            str(one.cars),
            f"{every.served}/{every.asked}",
            "–" if every.served_per_mille is None else f"{every.served_per_mille / 10:.1f}",
            str(every.refused),
            *(
                _minutes(value)
                for value in (
                    every.wait_median_seconds,
                    every.wait_p90_seconds,
                    every.ride_median_seconds,
                    every.ride_p90_seconds,
                )
            ),
            str(every.walk_mean_metres or 0),
            f"{one.service_seconds / 3600:.0f}",
            f"{one.metres / 1000:.0f}",
            "–" if one.cost_per_ride_yen is None else f"{one.cost_per_ride_yen:,}",
        )
    Console(width=None if Console().is_terminal else 140).print(table)


def _minutes(seconds: int | None) -> str:
    return "–" if seconds is None else f"{seconds // 60}:{seconds % 60:02}"
