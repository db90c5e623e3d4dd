"""The sample in the registries."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from yui.identity.public import list_staff
from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.services import all_permissions, all_roles
from yui.kernel.tenancy.public import Body, body_scope, list_bodies
from yui.procedures.payments.public import list_paying_accounts
from yui.registries.people.public import (
    count_residents,
    list_persons_by_number,
    list_protection,
    match_four_attributes,
    search_residents,
)
from yui.services.transit.public import list_services_on
from yui.shell.sample import loading
from yui.shell.sample.figures import read_table
from yui.shell.sample.geography import municipalities
from yui.shell.sample.public import SampleRefused, load_sample
from yui.shell.sample.signing_in import issuer_of, read_people
from yui.shell.sample.writing import Manifest, write
from yui.supply.public import DemandState, PlanView, list_demands, plan_of

RESIDENTS = 3_000
PORTS = {"port": 8701, "provider_port": 8702}


@pytest.fixture(scope="module")
def _opened(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    # Bodies are opened through the owner's connection, whose work a test's own transaction could not see.
    with django_db_blocker.unblock():
        before = {body.code for body in list_bodies()}
        loading._open_bodies()
    yield
    with django_db_blocker.unblock():
        opened = Body.objects.using("owner").exclude(code__in=before)
        opened.filter(parent__isnull=False).delete()
        opened.delete()


@pytest.fixture
def folder(
    _opened: None, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Path:
    """An installation of its own, whose bodies are open and empty."""
    monkeypatch.setenv("YUI_STATE", str(tmp_path))
    monkeypatch.setattr(loading, "_open_bodies", lambda: None)
    settings.OIDC_CLIENT_KEY = str(tmp_path / "key.json")
    return tmp_path / "sample"


def test_loads_once_and_a_second_run_changes_nothing(folder: Path) -> None:
    first = load_sample(residents=RESIDENTS, **PORTS)
    counts = _counts()
    assert first.loaded == tuple(place.code for place in municipalities())
    # Births, deaths and moves of three days: a handful in three thousand.
    assert abs(sum(counts.values()) - RESIDENTS) < 40
    second = load_sample(residents=None, **PORTS)
    assert second.loaded == ()
    assert _counts() == counts
    assert second.residents == RESIDENTS
    with pytest.raises(SampleRefused, match="YUI_STATE"):
        load_sample(residents=RESIDENTS + 1, **PORTS)
    (folder / "played_through").unlink()
    load_sample(residents=None, **PORTS)
    assert _counts() == counts


def _counts() -> dict[str, int]:
    counts = {}
    for place in municipalities():
        with body_scope(place.code), acting_as(system_actor("test", all_permissions())):
            counts[place.code] = count_residents()
    return counts


def test_everything_is_where_it_belongs(folder: Path) -> None:
    load_sample(residents=RESIDENTS, **PORTS)
    people = read_people(folder)
    manifest = Manifest.read(folder)
    assert manifest is not None
    assert dt.date.fromisoformat(manifest.on) < timezone.localdate()
    for place in municipalities():
        with body_scope(place.code), acting_as(system_actor("test", all_permissions())):
            here = [person for person in people if person["municipality_code"] == place.code]
            residents = [person for person in here if person["kind"] == "resident"]
            assert len(list_persons_by_number(person["person_number"] for person in residents)) == len(
                residents
            )
            for person in residents:
                # The card's four attributes lead to the very resident, as at a first sign-in.
                matched = match_four_attributes(
                    account=uuid.uuid4(),
                    name=person["name"],
                    birthdate=dt.date.fromisoformat(person["birthdate"]),
                    address=person["address"],
                    gender=person["gender"],
                )
                number = person["person_number"]
                assert list_persons_by_number([number])[number] == matched
            roles = Counter(one.account.label for one in list_staff())
            assert roles == {
                person["name"]: len(person["roles"]) for person in here if person["kind"] == "staff"
            }
            assert len(list_paying_accounts()) == 1
    with body_scope("993018"), acting_as(system_actor("test", all_permissions())):
        mother = next(person for person in people if person["id"] == "protected-mother")
        person = list_persons_by_number([mother["person_number"]])[mother["person_number"]]
        assert [measure.person for measure in list_protection(person, reason="test")] == [person]
    with body_scope("992011"), acting_as(system_actor("test", all_permissions())):
        for row in read_table("hard_names.csv"):
            if row["municipality"] == "yuimi":
                found = search_residents(name=f"{row['family']}　{row['given']}", reason="test", limit=500)
                names = {(one.resident.name.family_name, one.resident.name.given_name) for one in found}
                assert (row["family"], row["given"]) in names
    with body_scope("993018"), acting_as(system_actor("test", {"residents.record.read"})):
        assert not search_residents(name="藤井　美穂", reason="test")


def test_too_small_a_sample_is_refused(folder: Path) -> None:
    with pytest.raises(SampleRefused, match="at least"):
        load_sample(residents=500, **PORTS)


def test_every_role_of_the_staff_is_declared() -> None:
    declared = set(all_roles())
    for row in read_table("staff.csv"):
        assert set(row["roles"].split()) <= declared, row["id"]


def test_the_issuer_is_the_practice_provider_on_this_machine() -> None:
    assert issuer_of(8702) == "http://localhost:8702/realms/main"


def test_the_page_says_where_to_go_as_whom(folder: Path, client: Client, settings: Settings) -> None:
    settings.PRACTICE = True
    assert client.get("/demo/").status_code == 404
    write(folder, residents=RESIDENTS)
    japanese = client.get("/demo/", headers={"accept-language": "ja"}).content.decode()
    english = client.get("/demo/", headers={"accept-language": "en"}).content.decode()
    for page in (japanese, english):
        assert "結城　直人" in page
        assert "佐野　美咲" in page
    assert "三人目が生まれる予定の家族" in japanese
    assert "expecting their third child" in english
    settings.PRACTICE = False
    assert client.get("/demo/").status_code == 404


def _of_the_village() -> tuple[list[Any], PlanView | None]:
    service = "nae"
    day = timezone.make_aware(dt.datetime.combine(timezone.localdate(), dt.time()))
    with body_scope("993221"), acting_as(system_actor("test", all_permissions())):
        demands = list_demands(service, from_at=day, until_at=day + dt.timedelta(days=2))
        return demands, plan_of(service)


def test_the_bus_of_the_village_runs(folder: Path) -> None:
    """At eleven: a ride is done and paid, a mother is on board, a wheelchair rider joins her, one was refused."""
    with time_machine.travel(dt.datetime(2026, 11, 25, 2, tzinfo=dt.UTC), tick=False):
        load_sample(residents=RESIDENTS, **PORTS)
        demands, plan = _of_the_village()
        states = Counter(demand.state for demand in demands)
        assert states == {
            DemandState.DONE: 1,
            DemandState.UNDER_WAY: 1,
            DemandState.PROMISED: 2,
            DemandState.REFUSED: 1,
        }
        aboard = next(one for one in demands if one.state is DemandState.UNDER_WAY)
        joining = next(one for one in demands if one.load.get("wheelchairs"))
        assert aboard.shift == joining.shift
        assert aboard.planned[1] > joining.planned[0]
        assert plan is not None
        refused = next(one for one in demands if one.state is DemandState.REFUSED)
        assert refused.reasons
        with body_scope("993221"), acting_as(system_actor("test", all_permissions())):
            (service,) = list_services_on(timezone.localdate())
        assert len(service.stops) == 25
        load_sample(residents=None, **PORTS)
        assert len(_of_the_village()[0]) == len(demands)
    with time_machine.travel(dt.datetime(2026, 11, 26, 2, tzinfo=dt.UTC), tick=False):
        load_sample(residents=None, **PORTS)
        assert len(_of_the_village()[0]) > 1


def test_at_night_only_tomorrow_is_booked(folder: Path) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 25, 14, tzinfo=dt.UTC), tick=False):
        load_sample(residents=RESIDENTS, **PORTS)
        demands, _plan = _of_the_village()
        assert [demand.state for demand in demands] == [DemandState.PROMISED]
