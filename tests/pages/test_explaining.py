"""``yui rules explain``, the resident's page and the officer's page give the same reasons for the same decision."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from uuid import UUID

import pytest
import time_machine
from django.template.loader import render_to_string
from django.urls import reverse
from typer.testing import CliRunner, Result

from tests.pages.conftest import CLERK, Family, SignIn, as_resident, resident
from yui.engines.rules.public import Member, Reason
from yui.kernel.access.public import acting_as
from yui.kernel.calendar.public import PartialDate
from yui.kernel.jobs.public import drain
from yui.kernel.journal.public import list_entries
from yui.kernel.tenancy.public import BodyRef
from yui.procedures.cases import public as procedures
from yui.procedures.programmes.cli import app
from yui.registries.people import public as people
from yui.registries.people.public import Address, Relationship, Sex
from yui.services.child_allowance.actions import record_recipient
from yui.services.child_allowance.family import Stated
from yui.services.portal.pages import ReasonLine

Line = tuple[str, str]
LAST_YEAR, BORN_ON, TODAY = dt.date(2025, 11, 25), dt.date(2025, 11, 20), dt.date(2026, 11, 25)
YOUNG = "3歳の誕生日の月までの額を使います。"
BEFORE_FIRST = (
    "支給は請求の翌月（15日特例のときは出生・転入などの翌月）から始まるため、この月の分はまだありません。"
)


def on(day: dt.date) -> time_machine.travel:
    return time_machine.travel(f"{day}T10:00:00+09:00", tick=False)


@dataclass(frozen=True)
class Claimed:
    """A child born last year, claimed for and decided about."""

    father: UUID
    mother: UUID
    child: UUID
    case: UUID


def claim(body: BodyRef, sent_on: dt.date = LAST_YEAR, **changes: str) -> Claimed:
    with on(LAST_YEAR), acting_as(CLERK):
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
            child=resident("結", BORN_ON, Sex.FEMALE, Relationship.CHILD), mother=mother
        )
        drain()
    with on(sent_on), acting_as(as_resident(father)):
        (case,) = procedures.list_cases_of(father)
        procedures.submit(case=case.public_id, version=case.version, changes=changes)
    return Claimed(father, mother, born.persons[0], case.public_id)


@pytest.fixture
def claimed(body: BodyRef) -> Iterator[Claimed]:
    found = claim(body)
    with on(TODAY):
        yield found


def command(case: UUID, *more: str) -> Result:
    return CliRunner().invoke(app, ["explain", str(case), "--body", "999016", "--json", *more])


def explained(case: UUID, *more: str) -> list[tuple[str, str, bool | None]]:
    done = command(case, *more)
    assert done.exit_code == 0, done.output
    (explanation,) = json.loads(done.stdout)
    return [(reason["text"], reason["cite"], reason["value"]) for reason in explanation["reasons"]]


def told(case: UUID, *more: str) -> list[str]:
    return [text for text, _cite, _value in explained(case, *more)]


def as_of(day: dt.date) -> tuple[str, str]:
    return "--as-of", day.isoformat()


def on_page(
    sign_in: SignIn, where: str, claimed: Claimed, language: str, day: dt.date | None
) -> list[list[Line]]:
    """Every list of reasons on a page, the decision's first."""
    client = sign_in(subject=claimed.father) if where == "portal:case" else sign_in("allowance_officer")
    parts = {"era": "ce", "year": day.year, "month": day.month, "day": day.day} if day else {}
    query = {f"known_on_{part}": str(value) for part, value in parts.items()}
    answer = client.get(reverse(where, args=[claimed.case]), query, headers={"accept-language": language})
    text = answer.content.decode()
    assert answer.status_code == 200, text
    lists = re.findall(r'<ul class="plain-list reasons">(.*?)</ul>', text, re.DOTALL)
    return [
        [
            (unescape(said), cite)
            for said, cite in re.findall(r'</span> (.*?) <span class="soft">\((.*?)\)', one)
        ]
        for one in lists
    ]


def everywhere(sign_in: SignIn, claimed: Claimed, language: str, day: dt.date | None) -> list[Line]:
    """The reasons that the command and both pages give; fails when they differ."""
    said = [
        (text, cite)
        for text, cite, _value in explained(claimed.case, "--lang", language, *(as_of(day) if day else ()))
    ]
    place = 1 if day else 0
    for where in ("portal:case", "child_allowance:case"):
        assert on_page(sign_in, where, claimed, language, day)[place] == said, where
    return said


def stored(case: UUID) -> list[tuple[str, str, bool | None]]:
    with acting_as(CLERK):
        decision = procedures.list_decisions(case)[0]
    return [(reason.ja, reason.article, reason.holds) for reason in decision.reasons]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_everybody_is_told_the_same_today_and_as_of_last_year(
    claimed: Claimed, sign_in: SignIn, language: str
) -> None:
    """Also after the birth date was corrected: what was known before stays what was known before."""
    decided = everywhere(sign_in, claimed, language, None)
    last_year = everywhere(sign_in, claimed, language, LAST_YEAR)
    assert last_year == decided == everywhere(sign_in, claimed, language, TODAY)
    with acting_as(CLERK):
        people.correct_record(
            person=claimed.child, items={"born_on": PartialDate.of(dt.date(2022, 11, 20))}, reason="誤記"
        )
        drain()
    assert everywhere(sign_in, claimed, language, None) == decided
    assert everywhere(sign_in, claimed, language, LAST_YEAR) == last_year
    assert everywhere(sign_in, claimed, language, TODAY - dt.timedelta(days=1)) == last_year
    corrected = everywhere(sign_in, claimed, language, TODAY)
    assert corrected != last_year
    assert [cite for _text, cite in corrected] == [cite for _text, cite in last_year]


def test_what_is_decided_again_is_what_was_kept(claimed: Claimed) -> None:
    with acting_as(CLERK):
        (decision,) = procedures.list_decisions(claimed.case)
    for language in ("ja", "en", "easy"):
        kept = [(getattr(one, language), one.article, one.holds) for one in decision.reasons]
        assert explained(claimed.case, "--lang", language) == kept
        assert explained(claimed.case, "--lang", language, *as_of(LAST_YEAR)) == kept


def test_a_move_that_was_told_late_is_not_known_before(claimed: Claimed) -> None:
    """In November it is told that the child has lived elsewhere since January."""
    month = ("--month", "2026-03")
    together = explained(claimed.case, *month, *as_of(TODAY))
    with acting_as(CLERK):
        people.record_move_within(
            persons=[claimed.child],
            effective_on=dt.date(2026, 1, 10),
            address=Address(town="新町", block="9-9"),
        )
        drain()
    assert explained(claimed.case, *month, *as_of(TODAY - dt.timedelta(days=1))) == together
    apart = told(claimed.case, *month, *as_of(TODAY))
    assert any(text.startswith("まだ確認できていません") for text in apart)
    # In December they still lived together, whenever it is asked.
    for day in (dt.date(2026, 2, 1), TODAY):
        assert explained(claimed.case, "--month", "2025-12", *as_of(day)) == stored(claimed.case)


def test_a_month_is_decided_by_what_was_true_in_it(claimed: Claimed) -> None:
    """The child lived elsewhere from January to May, which is over and known."""
    with acting_as(CLERK):
        home = people.get_household_of(claimed.father, reason="test").household
        with on(dt.date(2026, 1, 10)):
            people.record_move_within(
                persons=[claimed.child],
                effective_on=dt.date(2026, 1, 10),
                address=Address(town="新町", block="9-9"),
            )
        with on(dt.date(2026, 6, 10)):
            people.record_move_within(
                persons=[claimed.child],
                effective_on=dt.date(2026, 6, 10),
                address=Address(town="結町", block="1-1"),
                household=home,
                members=[people.Member(person=claimed.child, relationship=Relationship.CHILD)],
            )
        drain()
    for month, lived_apart in (("2025-12", False), ("2026-03", True), ("2026-09", False)):
        lines = explained(claimed.case, "--month", month, *as_of(TODAY))
        assert any(value is None for _text, _cite, value in lines) is lived_apart, month


def test_a_statement_that_came_later_is_not_known_before(claimed: Claimed) -> None:
    """This service keeps no incomes: whose is higher is what the recipient states."""
    with on(dt.date(2026, 6, 1)), acting_as(CLERK):
        record_recipient(person=claimed.father, stated=Stated(public_servant=False, main_earner=False))
    assert explained(claimed.case, *as_of(dt.date(2026, 5, 31))) == stored(claimed.case)
    values = {text: value for text, _cite, value in explained(claimed.case, *as_of(dt.date(2026, 6, 1)))}
    changed = [text for text, _cite, _value in stored(claimed.case) if text not in values]
    assert len(changed) == 1


def test_a_refusal_is_decided_again_though_it_left_no_entitlement(body: BodyRef) -> None:
    """Sent in three weeks late, in December, the claim was for the months from January on."""
    sent_on = dt.date(2025, 12, 26)
    refused = claim(body, sent_on, main_earner="no")
    with on(TODAY):
        assert explained(refused.case, *as_of(sent_on)) == explained(refused.case) == stored(refused.case)
        assert BEFORE_FIRST in told(refused.case, "--month", "2025-12", *as_of(sent_on))
        assert BEFORE_FIRST not in told(refused.case, "--month", "2026-01", *as_of(sent_on))


def test_another_month_is_decided_by_its_facts_and_its_card(claimed: Claimed) -> None:
    assert BEFORE_FIRST in told(claimed.case, "--month", "2025-11")
    before = told(claimed.case, "--month", "2024-09")
    assert any("15歳に達する日以後" in text for text in before)


def test_before_the_first_decision_there_is_nothing_to_explain(claimed: Claimed, sign_in: SignIn) -> None:
    day = LAST_YEAR - dt.timedelta(days=1)
    done = command(claimed.case, *as_of(day))
    assert (done.exit_code, done.stdout) == (1, "")
    assert str(day) in done.stderr
    for where in ("portal:case", "child_allowance:case"):
        assert len(on_page(sign_in, where, claimed, "ja", day)) == len(
            on_page(sign_in, where, claimed, "ja", None)
        )
        assert "その日までに決定はありませんでした。" in page_of(sign_in, where, claimed, day)


def test_a_day_to_come_is_refused(claimed: Claimed, sign_in: SignIn) -> None:
    for where in ("portal:case", "child_allowance:case"):
        assert "error" in page_of(sign_in, where, claimed, TODAY + dt.timedelta(days=1))


def page_of(sign_in: SignIn, where: str, claimed: Claimed, day: dt.date) -> str:
    client = sign_in(subject=claimed.father) if where == "portal:case" else sign_in("allowance_officer")
    query = {f"known_on_{part}": str(getattr(day, part)) for part in ("year", "month", "day")}
    answer = client.get(
        reverse(where, args=[claimed.case]),
        {"known_on_era": "ce", **query},
        headers={"accept-language": "ja"},
    )
    return answer.content.decode()


@pytest.mark.parametrize("service", ["portal", "child_allowance"])
def test_a_page_says_whose_part_made_a_decision_what_it_is(service: str) -> None:
    members = (Member("結城 花子", "所得が限度額を超えています。"),)
    line = ReasonLine("全員ではありません。", "条例第1条", False, members)
    reason = Reason("全員", False, line.text, line.article, True, members)
    shown = render_to_string(
        f"{service}/reasons.html", {"reasons": [line if service == "portal" else reason]}
    )
    words = re.sub(r"<[^>]*>", "", shown)
    assert words.index(line.text) < words.index("結城 花子: 所得が限度額を超えています。")


def test_reading_it_back_is_journalled(family: Family) -> None:
    explained(family.case)
    with acting_as(CLERK):
        newest = list_entries(act="cases.case.read", object_id=str(family.case))[0]
    assert (newest.actor_kind, newest.reason) == ("system", "explanation")


def test_a_case_of_another_body_is_not_found(family: Family) -> None:
    done = CliRunner().invoke(app, ["explain", str(family.mother), "--body", "999016"])
    assert done.exit_code == 1
