"""A family whose child was born and paid for, and open sessions of everybody concerned."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from yui.identity.models import Account
from yui.identity.public import AccountKind, grant_role, register_account
from yui.identity.sessions import ASSURANCE, BACKEND, BODY, SUBJECT
from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.calendar.public import BusinessCalendar, PartialDate, business_day_on_or_after
from yui.kernel.jobs.public import drain
from yui.kernel.services import all_permissions
from yui.kernel.tenancy.public import BodyRef
from yui.procedures.cases import public as procedures
from yui.procedures.payments import public as payments
from yui.procedures.payments.contracts import AccountInput, AccountSource
from yui.procedures.payments.contracts import AccountKind as BankKind
from yui.registries.people import public as people
from yui.registries.people.public import Address, NewResident, PersonName, Relationship, Sex

SURNAME = "結城"
CLERK = Actor(ActorKind.STAFF, str(uuid4()), "", frozenset(all_permissions()))
ACCOUNT = AccountInput(
    bank_code="0001", branch_code="001", kind=BankKind.ORDINARY, number="1234567", holder_kana="ユウキ タロウ"
)
SignIn = Callable[..., Client]


@dataclass(frozen=True)
class Family:
    """Who they are, their case, and the run that pays them."""

    father: UUID
    mother: UUID
    child: UUID
    case: UUID
    run: UUID
    order: UUID


def resident(given: str, born: dt.date, sex: Sex, relationship: Relationship) -> NewResident:
    return NewResident(
        name=PersonName(family_name=SURNAME, given_name=given, family_kana="ユウキ", given_kana="テスト"),
        born_on=PartialDate.of(born),
        sex=sex,
        relationship=relationship,
    )


def as_resident(person: UUID) -> Actor:
    return Actor(ActorKind.RESIDENT, f"account-of-{person}", subject=person)


@pytest.fixture
def family(body: BodyRef) -> Family:
    today = timezone.localdate()
    with acting_as(CLERK):
        moved = people.record_move_in(
            newcomers=[
                resident("太郎", dt.date(1990, 1, 1), Sex.MALE, Relationship.HEAD),
                resident("花子", dt.date(1992, 1, 1), Sex.FEMALE, Relationship.SPOUSE),
            ],
            address=Address(town="結町", block="1-1"),
            effective_on=dt.date(2020, 4, 1),
            previous_address="東京都",
        )
        father, mother = moved.persons
        born = people.record_birth(
            child=resident("結", today - dt.timedelta(days=3), Sex.FEMALE, Relationship.CHILD), mother=mother
        )
        drain()
        payments.register_account(
            payee=father, account=ACCOUNT, source=AccountSource.APPLICATION, valid_from=dt.date(2020, 4, 1)
        )
        payments.register_paying_account(
            code="main", originator_code="1", originator_name="ユイミシ", account=ACCOUNT
        )
    with acting_as(as_resident(father)):
        (case,) = procedures.list_cases_of(father)
        procedures.submit(case=case.public_id, version=case.version)
    with acting_as(CLERK):
        (order, *_later) = payments.list_orders_for(payee=father)
        day = business_day_on_or_after(order.due_on, BusinessCalendar.BANK)
        run = payments.freeze_run(run_id=payments.prepare_run(value_on=day).public_id)
    with acting_as(Actor(ActorKind.STAFF, "another", "", frozenset(all_permissions()))):
        payments.approve_run(run_id=run.public_id)
        payments.export_run(run_id=run.public_id)
    return Family(father, mother, born.persons[0], case.public_id, run.public_id, order.public_id)


@pytest.fixture
def sign_in(body: BodyRef) -> SignIn:
    """An open session of a resident, or of a member of staff with roles."""

    def open_as(*roles: str, subject: UUID | None = None) -> Client:
        kind = AccountKind.STAFF if roles else AccountKind.RESIDENT
        account = register_account(issuer="https://op.example", subject=str(uuid4()), kind=kind, label="職員")
        with acting_as(CLERK):
            for role in roles:
                grant_role(account=account.public_id, role_code=role, valid_from=dt.date(2020, 4, 1))
        client = Client()
        client.force_login(Account.objects.get(public_id=account.public_id), backend=BACKEND)
        session = client.session
        session[ASSURANCE], session[BODY] = "high", body.code
        if subject is not None:
            session[SUBJECT] = str(subject)
        session.save()
        return client

    return open_as
