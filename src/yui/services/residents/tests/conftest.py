"""Clerks with open sessions, and a family at home."""

import datetime as dt
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
import time_machine
from django.forms import MultiWidget
from django.test import Client
from django.urls import reverse

from yui.identity.models import Account
from yui.identity.public import AccountKind, grant_role, register_account
from yui.identity.sessions import ASSURANCE, BACKEND, BODY
from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.calendar.public import PartialDate
from yui.kernel.services import all_permissions
from yui.kernel.tenancy.public import BodyRef
from yui.registries.people.public import (
    Address,
    Citizenship,
    HouseholdView,
    NewResident,
    PersonName,
    Relationship,
    Sex,
    get_household_of,
    record_move_in,
)

ADDRESS = Address(town="稲穂町一丁目", block="2番3号", building="ゆいハイツ101", postal_code="9990001")
# 葛 with a variation sequence of Moji_Joho, and a compatibility ideograph that normalisation would destroy.
IVS_NAME = "葛\U000e0102城"
COMPATIBILITY_NAME = "\ufa19谷"


def registrar() -> object:
    """The system with every permission, for facts a test starts from."""
    return acting_as(system_actor("tests.residents", [*all_permissions(), "identity.role.grant"]))


@pytest.fixture(autouse=True)
def today() -> Iterator[dt.date]:
    """The clock starts at noon on 1 June 2026 and goes on by itself."""
    with time_machine.travel(dt.datetime(2026, 6, 1, 3, tzinfo=dt.UTC), tick=True):
        yield dt.date(2026, 6, 1)


def newcomer(
    family: str, given: str, relationship: Relationship, born: str, sex: Sex, **more: object
) -> NewResident:
    more.setdefault(
        "citizenship", Citizenship(domicile="結県結見市稲穂町5番", domicile_head=f"{family}\u3000太郎")
    )
    return NewResident(
        name=PersonName(family_name=family, given_name=given, family_kana="カツラギ", given_kana="ハナコ"),
        born_on=PartialDate.fromisoformat(born),
        sex=sex,
        relationship=relationship,
        **more,
    )


def settle(*newcomers: NewResident, **more: object) -> list[UUID]:
    """Move people in and give their public ids."""
    more.setdefault("address", ADDRESS)
    more.setdefault("effective_on", dt.date(2020, 4, 1))
    with registrar():
        return list(record_move_in(newcomers=newcomers, **more).persons)


@pytest.fixture
def family(body: BodyRef) -> list[UUID]:
    """Father (head), mother, child."""
    return settle(
        newcomer(IVS_NAME, "太郎", Relationship.HEAD, "1988-01-02", Sex.MALE, relationship_text="世帯主"),
        newcomer(IVS_NAME, "花子", Relationship.SPOUSE, "1990-05-05", Sex.FEMALE, relationship_text="妻"),
        newcomer(IVS_NAME, "一", Relationship.CHILD, "2015-10-10", Sex.MALE, relationship_text="子"),
    )


@pytest.fixture
def home(family: list[UUID]) -> HouseholdView:
    with registrar():
        return get_household_of(family[0], reason="test")


def household_of(person: UUID, as_of: dt.date | None = None) -> HouseholdView:
    with registrar():
        return get_household_of(person, as_of=as_of, reason="test")


@pytest.fixture
def sign_in(body: BodyRef) -> Callable[[str], Client]:
    """A client with an open session of a member of staff with the given role."""

    def open_as(role: str) -> Client:
        account = register_account(
            issuer="https://op.example", subject=f"{role}-{uuid4()}", kind=AccountKind.STAFF, label="佐藤 実"
        )
        with registrar():
            grant_role(account=account.public_id, role_code=role, valid_from=dt.date(2024, 4, 1))
        client = Client()
        client.force_login(Account.objects.get(public_id=account.public_id), backend=BACKEND)
        session = client.session
        session[ASSURANCE], session[BODY] = "high", body.code
        session.save()
        return client

    return open_as


@pytest.fixture
def clerk(sign_in: Callable[[str], Client]) -> Client:
    """A clerk who has said why she looks."""
    client = sign_in("resident_clerk")
    client.post(reverse("residents:errand"), {"reason": "notification"})
    return client


@pytest.fixture
def supervisor(sign_in: Callable[[str], Client]) -> Client:
    client = sign_in("resident_supervisor")
    client.post(reverse("residents:errand"), {"reason": "ex_officio"})
    return client


def date_data(name: str, day: dt.date | None) -> dict[str, str]:
    """A date as the page sends it."""
    parts = ("ce", day.year, day.month, day.day) if day else ("ce", "", "", "")
    return {
        f"{name}_{part}": str(value)
        for part, value in zip(("era", "year", "month", "day"), parts, strict=True)
    }


def filled(client: Client, url: str, **typed: object) -> dict[str, object]:
    """What a browser sends of a freshly opened page after some fields were typed over; dates may be dates."""
    answer = client.get(url)
    assert answer.status_code == 200, answer.content.decode()[:500]
    form = answer.context["form"]
    sent: dict[str, object] = {"form_token": str(form.token), "form_version": form.version}
    for bound in form:
        value = typed.pop(bound.name, None) if bound.name in typed else bound.value()
        widget = bound.field.widget
        if isinstance(widget, MultiWidget):
            parts = widget.decompress(value) if not isinstance(value, list) else value
            sent |= {
                bound.html_name + suffix: part
                for suffix, part in zip(widget.widgets_names, parts, strict=True)
            }
        elif value not in (None, "", False):
            sent[bound.html_name] = value
    assert not typed, f"no such fields: {typed}"
    return sent


def opened(client: Client, url: str) -> dict[str, str]:
    """The hidden fields of a freshly opened page: its token and what it has seen."""
    form = client.get(url).context["form"]
    return {"form_token": str(form.token), "form_version": form.version}
