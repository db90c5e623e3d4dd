"""Everybody of a body at once: the index of critical dates, the sweep, and what a changed card would bring."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from typer.testing import CliRunner, Result

from yui.kernel.access.public import Actor
from yui.kernel.calendar.public import PartialDate
from yui.kernel.jobs.public import drain, job, perform, subscribe
from yui.kernel.journal.public import list_entries
from yui.kernel.tenancy.public import BodyRef
from yui.procedures.programmes.cli import app
from yui.procedures.programmes.models import NextCriticalDate
from yui.procedures.programmes.public import count_coming
from yui.registries.people import public as people
from yui.registries.people.public import Address, NewResident, PersonName, Relationship, Sex
from yui.services.child_allowance import rules
from yui.services.child_allowance.actions import ExistingFamily, take_over
from yui.services.child_allowance.planning import plan_many
from yui.services.child_allowance.rules import Month

TODAY = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
PROGRAMME = "child_allowance"
told: list[tuple[str, str]] = []


@job("tests.date_reached")
def date_reached(*, subject: str, effective_on: str, **ids: str) -> None:
    """Note what was told."""
    told.append((subject, effective_on))


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def _resident(given: str, born: dt.date, relationship: Relationship) -> NewResident:
    return NewResident(
        name=PersonName(family_name="結城", given_name=given, family_kana="ユウキ", given_kana="テスト"),
        born_on=PartialDate.of(born),
        sex=Sex.FEMALE,
        relationship=relationship,
    )


def _family(block: str, *births: dt.date) -> UUID:
    """A parent who is paid for children since April 2025."""
    event = people.record_move_in(
        newcomers=[
            _resident("花子", dt.date(1990, 1, 1), Relationship.HEAD),
            *(_resident(f"子{n}", born, Relationship.CHILD) for n, born in enumerate(births)),
        ],
        address=Address(town="結町", block=block),
        effective_on=dt.date(2020, 4, 1) if max(births) < dt.date(2020, 4, 1) else max(births),
        previous_address="東京都",
    )
    parent, *children = event.persons
    take_over(
        families=[
            ExistingFamily(parent, Month(2026, 10), tuple((child, Month(2025, 4)) for child in children))
        ]
    )
    drain()
    plan_many([parent])
    return parent


@pytest.fixture
def town(body: BodyRef, staff: Actor) -> tuple[UUID, UUID, UUID]:
    """Three families: one child near its third birthday; one of twelve; three children."""
    return (
        _family("1-1", dt.date(2023, 12, 24)),
        _family("2-2", dt.date(2014, 5, 5)),
        _family("3-3", dt.date(2010, 5, 5), dt.date(2014, 5, 5), dt.date(2016, 5, 5)),
    )


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def dates() -> dict[UUID, dt.date]:
    return dict(NextCriticalDate.objects.values_list("person", "on"))


def test_every_family_has_its_next_date_in_the_index(town: tuple[UUID, UUID, UUID]) -> None:
    assert dates() == {
        town[0]: dt.date(2027, 1, 1),
        town[1]: dt.date(2033, 4, 1),
        town[2]: dt.date(2029, 4, 1),
    }
    coming = count_coming(PROGRAMME, start=dt.date(2026, 12, 1), until=dt.date(2029, 5, 1))
    assert coming == {dt.date(2027, 1, 1): 1, dt.date(2029, 4, 1): 1}


def test_the_day_reads_only_those_whose_date_has_come(
    town: tuple[UUID, UUID, UUID],
) -> None:
    subscribe("programmes.date.reached", "tests.date_reached")
    told.clear()
    with time_machine.travel(dt.datetime(2027, 1, 1, 4, 0, tzinfo=dt.UTC), tick=False):
        for day in ("2026-12-31", "2027-01-01", "2027-01-02"):
            perform("programmes.reach_day", body_code="999016", key=day, arguments={"day": day})
        drain()
    assert told == [(str(town[0]), "2027-01-01")]
    assert dates()[town[0]] == dt.date(2042, 4, 1)


def test_a_date_that_has_come_is_told_by_whoever_replaces_it(town: tuple[UUID, UUID, UUID]) -> None:
    """A record is corrected on the morning of 1 January, before the day's job has run."""
    subscribe("programmes.date.reached", "tests.date_reached")
    told.clear()
    with time_machine.travel(dt.datetime(2027, 1, 1, 1, 0, tzinfo=dt.UTC), tick=False):
        plan_many([town[0]])
        perform("programmes.reach_day", body_code="999016", key="x", arguments={"day": "2027-01-01"})
        drain()
    assert told == [(str(town[0]), "2027-01-01")]
    assert dates()[town[0]] == dt.date(2042, 4, 1)


def test_planning_keeps_the_dates(town: tuple[UUID, UUID, UUID]) -> None:
    NextCriticalDate.objects.all().delete()
    perform("child_allowance.plan_all", body_code="999016", key="2026-12-01", arguments={"day": "2026-12-01"})
    drain()
    assert len(dates()) == 3


def test_a_sweep_counts_what_changes_and_keeps_every_date(town: tuple[UUID, UUID, UUID]) -> None:
    NextCriticalDate.objects.all().delete()
    done = run("sweep", "--body", "999016", "--month", "2027-01", "--json")
    assert done.exit_code == 0, done.output
    (found,) = (one for one in json.loads(done.stdout) if one["programme"] == PROGRAMME)
    assert (found["groups"], found["units"], found["changing"], found["dates"]) == (3, 5, 1, 3)
    assert dates()[town[0]] == dt.date(2027, 1, 1)
    assert "child_allowance" in run("sweep", "--body", "999016", "--month", "2027-01").stdout
    assert list_entries(act="programmes.population.swept")[0].object_id == PROGRAMME


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The card of today with 2,000 yen less for a third child and 1,000 yen more from three on."""
    text = (rules.CARDS / "2024-10.yaml").read_text(encoding="utf-8")
    for old, new in (("value: 30000", "value: 28000"), ("value: 10000", "value: 11000")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = tmp_path / "changed.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_changed_card_beside_todays(town: tuple[UUID, UUID, UUID], changed: Path) -> None:
    span = ("--body", "999016", "--from", "2026-12", "--until", "2027-02")
    done = run("simulate", PROGRAMME, *span, "--card", str(changed), "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    # Before: 15,000 then 10,000; 10,000; 50,000. After: 15,000 then 11,000; 11,000; 11,000 * 2 + 28,000.
    assert [month["yen"] for month in found["today"].values()] == [75_000, 70_000]
    assert [month["yen"] for month in found["changed"].values()] == [76_000, 72_000]
    assert (found["groups"], found["gaining"], found["losing"], found["same"]) == (3, 2, 0, 1)
    assert (found["gained_yen"], found["lost_yen"]) == (3_000, 0)
    assert not any(str(person) in done.stdout for person in town)
    shown = run("simulate", PROGRAMME, *span, "--card", str(changed)).stdout
    assert "+1,000" in shown
    assert list_entries(act="programmes.change.simulated")[0].actor_kind == "system"


def test_as_time_passes_children_leave(town: tuple[UUID, UUID, UUID]) -> None:
    done = run(
        "simulate",
        PROGRAMME,
        "--body",
        "999016",
        "--from",
        "2029-03",
        "--until",
        "2029-05",
        "--ahead",
        "--json",
    )
    assert done.exit_code == 0, done.output
    april = json.loads(done.stdout)["today"]["2029-04"]
    assert (april["begin"], april["end"], april["paid"]) == (0, 1, 4)
    shown = run(
        "simulate", PROGRAMME, "--body", "999016", "--from", "2029-03", "--until", "2029-05", "--ahead"
    )
    assert "2029-04" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told_why"),
    [
        (("nothing",), 1, "nothing"),
        ((PROGRAMME, "--from", "2020-01"), 1, "2020-01"),
        ((PROGRAMME, "--from", "2027-02"), 1, "empty"),
        ((PROGRAMME, "--from", "2024-09"), 1, "does not cover"),
        ((PROGRAMME, "--from", "soon"), 2, "soon"),
        ((PROGRAMME, "--body", "999999"), 1, "999999"),
    ],
)
def test_what_cannot_be_simulated_is_refused(
    arguments: tuple[str, ...], code: int, told_why: str, changed: Path, db: None
) -> None:
    given = ("--body", "999016", "--from", "2026-12", "--until", "2027-02", "--card", str(changed))
    done = run("simulate", arguments[0], *given, *arguments[1:])
    assert done.exit_code == code
    assert told_why in done.stderr


def test_either_a_card_or_time(db: None) -> None:
    done = run("simulate", PROGRAMME, "--body", "999016", "--from", "2026-12", "--until", "2027-02")
    assert done.exit_code == 2
