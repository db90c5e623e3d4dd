"""``yui transit``: services and roads from files, days tried, feeds out, in and checked."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from yui.services.transit.cli import app
from yui.services.transit.contracts import Definition
from yui.services.transit.models import ServiceVersion, Surroundings
from yui.services.transit.tests.conftest import VILLAGE, a_car
from yui.services.transit.tests.test_trials import TABLE
from yui.shell.sample.geography import municipality
from yui.shell.sample.landmarks import HEADINGS, hamlets, landmarks, write_definition
from yui.shell.sample.streets import streets_of

BODY = "999016"
POLICIES = """
rates: {yen_per_car_day: 0, yen_per_hour: 2000, yen_per_km: 20}
policies:
  - {name: のりば, pattern: meeting_points, walk_metres: 1500,
     cars: [{count: 1, seats: 8, wheelchairs: 1, opens: "08:00", closes: "18:00"}]}
  - {name: 戸口, pattern: door_to_door,
     cars: [{count: 1, seats: 8, wheelchairs: 1, opens: "08:00", closes: "18:00"}]}
"""


def yui(*command: object, code: int = 0) -> Result:
    done = CliRunner().invoke(app, [str(part) for part in command])
    assert done.exit_code == code, done.output + repr(done.exception)
    return done


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    path = tmp_path / "policies.yaml"
    path.write_text(POLICIES, encoding="utf-8")
    return path


@pytest.fixture
def around(tmp_path: Path) -> Path:
    path = tmp_path / "around.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture
def village_files(tmp_path: Path) -> tuple[Path, Path]:
    """A definition and the roads it lies on."""
    streets = streets_of(municipality("nawashiro"), 1)
    write_definition(tmp_path / "bus.yaml", streets)
    streets.write(tmp_path / "roads.osm")
    return tmp_path / "bus.yaml", tmp_path / "roads.osm"


def test_a_service_and_its_roads_from_files(
    body: object, village_files: tuple[Path, Path], around: Path
) -> None:
    definition, roads = village_files
    yui("define", definition, "--body", BODY, "--dry-run")
    assert not ServiceVersion.objects.exists()
    yui("roads", roads, "--body", BODY, "--source", "結県", "--licence", "CC0")
    for _twice in range(2):
        yui("define", definition, "--body", BODY, "--road-map", "roads")
        yui("surroundings", around, "--body", BODY)
    assert ServiceVersion.objects.count() == 1
    assert Surroundings.objects.count() == 1
    roads.write_text("no roads", encoding="utf-8")
    yui("roads", roads, "--body", BODY, "--source", "結県", "--licence", "CC0", code=1)
    yui("define", around, "--body", BODY, code=1)


def test_a_day_is_tried_from_files_alone(
    village_files: tuple[Path, Path], policies: Path, around: Path, tmp_path: Path
) -> None:
    definition, _roads = village_files
    day, table = tmp_path / "day.csv", tmp_path / "figures.csv"
    common = ("simulate", policies, "--definition", definition, "--json", "--seed", 2)
    first = yui(*common, "--surroundings", around, "--rides", 6, "--save-trace", day, "--csv", table)
    results = json.loads(first.stdout)
    assert [one["policy"] for one in results["results"]] == ["のりば", "戸口"]
    assert results["results"][0]["all"]["asked"] == 6
    assert table.read_text(encoding="utf-8-sig").count("のりば") > 3
    again = yui(*common, "--trace", day)
    assert again.stdout == first.stdout
    yui(*common, code=1)
    yui("simulate", policies, code=1)


def test_the_board_is_printed_minute_by_minute(
    village_files: tuple[Path, Path], policies: Path, tmp_path: Path
) -> None:
    definition, roads = village_files
    around = tmp_path / "here.csv"
    streets = streets_of(municipality("nawashiro"), 1)
    rows = [
        f"home,{one.name},{one.place.latitude},{one.place.longitude},1,5,3,4," for one in hamlets(streets)
    ]
    rows += [
        f"{one.kind},{one.name},{one.place.latitude},{one.place.longitude},,,,,1"
        for one in landmarks(streets)
    ]
    around.write_text("\n".join([",".join(HEADINGS), *rows]), encoding="utf-8")
    given = ("--definition", definition, "--roads", roads, "--surroundings", around)
    lines = yui("simulate", policies, *given, "--rides", 3, "--pace", 1e9).stdout.splitlines()
    assert len(lines) > 5
    assert "served    3" in lines[-1]


def test_a_day_of_the_bodys_own_service(village: Definition, policies: Path, around: Path) -> None:
    own = ("simulate", policies, "--body", BODY, "--service", VILLAGE.code)
    yui(*own, code=1)
    yui("surroundings", around, "--body", BODY)
    assert "戸口" in yui(*own, "--rides", 3).stdout
    yui(*own, "--past", "2026-11-24", code=1)


def test_feeds_go_out_are_checked_and_come_in(village: Definition, tmp_path: Path) -> None:
    a_car()
    feed = tmp_path / "feed.zip"
    out = ("--body", BODY, "--service", VILLAGE.code, "--url", "https://www.vill.example.jp/bus")
    yui("export-feed", feed, *out)
    found = json.loads(yui("check-feed", feed, "--json").stdout)
    assert set(found) == {"yui", "gtfs-guru", "gtfs-validator"}
    assert not any(severity == "ERROR" for notices in found.values() for severity, _code, _count in notices)
    stops = tmp_path / "stops.yaml"
    yui("import-feed", feed, "--stops", stops, "--rewrite", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == feed.read_bytes()
    assert VILLAGE.stops[0].name in stops.read_text(encoding="utf-8")
    yui("export-feed", tmp_path / "gofs", *out, "--form", "gofs")
    assert (tmp_path / "gofs" / "gofs.json").exists()
    yui("export-feed", tmp_path / "runs.pb", *out, "--form", "realtime")
    assert (tmp_path / "runs.pb").stat().st_size > 0
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "stops.txt").write_text("stop_id,stop_lat\na,95\n", encoding="utf-8")
    yui("check-feed", tmp_path / "bad", code=1)
