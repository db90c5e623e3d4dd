"""Feeds of public formats in, out and checked."""

import datetime as dt
import json
import subprocess
import sys
import tempfile
from collections import Counter
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils import timezone
from ruamel.yaml import YAML

from yui.services.transit.apps import BOARD, SEEN
from yui.services.transit.cli.services import Body, acting, give_up
from yui.services.transit.contracts import Definition
from yui.services.transit.definitions import get_service
from yui.services.transit.formats import gofs, gtfs
from yui.services.transit.formats.flex import feed_of
from yui.services.transit.formats.problems import FaultSeverity
from yui.services.transit.formats.publication import Publication, VehicleKind
from yui.services.transit.formats.realtime import Call, Trip, TripUpdate, trip_updates
from yui.services.transit.models import Duty, Vehicle
from yui.supply.public import plan_of

Feed = Annotated[Path, typer.Argument(exists=True, help="A feed: a zip file or a folder.")]
Japan = Annotated[bool, typer.Option("--japan", help="Ask for what GTFS-JP asks beyond GTFS.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class FeedForm(StrEnum):
    """A public format of data on a service of transit."""

    FLEX = "flex"
    GOFS = "gofs"
    REALTIME = "realtime"


def export_feed(
    target: Annotated[Path, typer.Argument(help="flex: a zip file; gofs: a folder; realtime: a .pb file.")],
    body: Body,
    service: Annotated[str, typer.Option(help="Code of the service.")],
    url: Annotated[str, typer.Option(help="Page about the service; for gofs also where the files will be.")],
    form: FeedForm = FeedForm.FLEX,
    operator_kana: Annotated[str, typer.Option(help="Reading of the operator's name.")] = "",
    operator_en: Annotated[str, typer.Option(help="English name of the operator.")] = "",
    email: Annotated[str, typer.Option(help="For questions about the data.")] = "",
) -> None:
    """Write a service as open data: GTFS-JP with GTFS-Flex, GOFS, or today's runs as GTFS-Realtime."""
    now = timezone.now()
    today = timezone.localdate(now)
    with acting(body, "export_feed", BOARD, SEEN):
        definition = get_service(service, today)
        vehicles = Vehicle.objects.filter(retired_on=None).order_by("pk")
        kinds = {(one.seats, one.wheelchairs): None for one in vehicles}
        publication = Publication(
            url=url,
            operator_kana=operator_kana,
            operator_en=operator_en,
            email=email,
            vehicles=tuple(VehicleKind(f"{seats}_{chairs}", seats, chairs) for seats, chairs in kinds),
        )
        try:
            if form is FeedForm.FLEX:
                target.write_bytes(gtfs.write(feed_of(definition, publication, today=today)))
            elif form is FeedForm.GOFS:
                files = gofs.files_of(definition, publication, base_url=url.rstrip("/"), today=today, at=now)
                for name, content in files.items():
                    path = target / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
            else:
                target.write_bytes(trip_updates(_runs(definition, today), at=now))
        except (LookupError, ValueError) as error:
            give_up(error)
    typer.echo(f"→ {target}", err=True)


def _runs(definition: Definition, today: dt.date) -> list[TripUpdate]:
    """What each car does today, at meeting points; doors are nobody else's business."""
    plan = plan_of(definition.code)
    stops = {(stop.latitude, stop.longitude): stop.code for stop in definition.stops}
    runs = []
    for route in plan.routes if plan else ():
        duty = Duty.objects.select_related("vehicle").filter(shift=route.shift).first()
        if duty is None or timezone.localdate(duty.from_at) != today:
            continue
        calls = [
            Call(code, number, stop.arrive_at, stop.arrive_at)
            for number, stop in enumerate(route.stops, 1)
            if not stop.done and (code := stops.get((stop.place.latitude, stop.place.longitude)))
        ]
        runs.append(
            TripUpdate(
                Trip(str(duty.public_id), definition.code, today), str(duty.vehicle.public_id), tuple(calls)
            )
        )
    return runs


def import_feed(
    feed: Feed,
    japan: Japan = False,
    stops: Annotated[
        Path | None, typer.Option(help="Write its stops as the part of a service's YAML that lists them.")
    ] = None,
    rewrite: Annotated[Path | None, typer.Option(help="Write the feed again; it must mean the same.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read a feed (GTFS, GTFS-JP, GTFS-Flex): what is in it, its stops for a service, and whether it can be kept."""
    try:
        reading = gtfs.read(feed, japan=japan)
    except ValueError as error:
        give_up(error)
    counts = {name: len(table.rows) for name, table in reading.feed.tables.items()}
    if stops:
        with stops.open("w", encoding="utf-8") as file:
            YAML().dump({"stops": _stops(reading.feed.rows("stops"))}, file)
    if rewrite:
        rewrite.write_bytes(gtfs.write(reading.feed))
        if lost := gtfs.differences(reading.feed, gtfs.read(rewrite).feed):
            give_up(f"What was written means something else: {', '.join(lost)}")
    if as_json:
        typer.echo(json.dumps({"tables": counts, "errors": len(reading.errors)}))
        return
    for name, count in counts.items():
        typer.echo(f"{name:24} {count:8}")
    typer.echo(f"{len(reading.errors)} errors, {len(reading.problems)} remarks", err=True)


def _stops(rows: Any) -> list[dict[str, Any]]:
    """Stops a vehicle calls at, as a definition lists them; the reading is to be added by hand where it is empty."""
    return [
        {
            "code": row["stop_id"],
            "name": row.get("stop_name", ""),
            "kana": row.get("tts_stop_name", ""),
            "latitude": float(row["stop_lat"]),
            "longitude": float(row["stop_lon"]),
            "zone": row.get("zone_id", ""),
        }
        for row in rows
        if row.get("location_type", "") in ("", "0") and row.get("stop_lat") and row.get("stop_lon")
    ]


def check_feed(feed: Feed, japan: Japan = False, as_json: AsJson = False) -> None:
    """Check a feed by our own rules and by two validators of others (gtfs-guru, gtfs-validator) where installed."""
    try:
        problems = gtfs.read(feed, japan=japan).problems
    except ValueError as error:
        give_up(error)
    found = {"yui": Counter((one.code.severity.name, one.code.value) for one in problems)}
    with tempfile.TemporaryDirectory() as folder:
        path = feed
        if feed.is_dir():
            path = Path(folder) / "feed.zip"
            path.write_bytes(gtfs.write(gtfs.read(feed).feed))
        for name, module, check in (
            ("gtfs-guru", "gtfs_guru", _guru),
            ("gtfs-validator", "gtfs_validator", _validator),
        ):
            if find_spec(module):
                found[name] = check(path, Path(folder))
            else:
                typer.echo(f"{name} is not installed and was not asked.", err=True)
    if as_json:
        plain = {
            name: [[*key, count] for key, count in sorted(counts.items())] for name, counts in found.items()
        }
        typer.echo(json.dumps(plain))
    else:
        for name, counts in found.items():
            typer.echo(f"{name}: {sum(counts.values())}")
            for (severity, code), count in sorted(counts.items()):
                typer.echo(f"  {severity:8} {code} ({count})")
    if any(severity == FaultSeverity.ERROR.name for counts in found.values() for severity, _code in counts):
        raise typer.Exit(1)


def _guru(path: Path, _folder: Path) -> Counter[tuple[str, str]]:
    import gtfs_guru

    result = gtfs_guru.validate(str(path), country_code="JP", date=timezone.localdate().isoformat())
    return Counter((notice.severity, notice.code) for notice in result.notices)


def _validator(path: Path, folder: Path) -> Counter[tuple[str, str]]:
    out = folder / "report"
    command = [sys.executable, "-m", "gtfs_validator.cli", "-i", str(path), "-o", str(out), "-c", "jp"]
    subprocess.run([*command, "-d", timezone.localdate().isoformat()], check=True, capture_output=True)
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    found: Counter[tuple[str, str]] = Counter()
    for notice in report["notices"]:
        found[notice["severity"], notice["code"]] += int(notice.get("totalNotices", 1))
    return found
