"""The next critical date is the first month that differs, whatever the family."""

import datetime as dt
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from yui.engines.rules.public import Effect, Group, Month, Unit
from yui.procedures.programmes.contracts import Concerned
from yui.procedures.programmes.dates import decide, next_date
from yui.procedures.programmes.public import get_programme

RULES = get_programme("child_allowance")
CLAIMANT = {
    "lives_in_japan": True,
    "public_servant": False,
    "main_earner": True,
    "income_yen": 0,
    "deductions_yen": 0,
    "dependants": 0,
    "elderly_dependants": 0,
}
CHILD = {
    "supervised": True,
    "shares_livelihood": True,
    "lives_apart": False,
    "in_facility": False,
    "in_japan_or_studying_abroad": True,
    "supported_after_18": True,
    "entitled_from": Month(1, 1),
    "entitled_through": Month(9999, 12),
}


def family(births: list[dt.date]) -> Concerned:
    units = [Unit(str(number), {**CHILD, "born_on": born}) for number, born in enumerate(births)]
    group = Group(CLAIMANT, units)
    return Concerned(uuid4(), lambda _month: group)


def said(concerned: Concerned, month: Month) -> dict[str, tuple[Effect, int | None]]:
    decided = decide(RULES, month, concerned)
    return {unit: (outcome.effect, outcome.amount_yen) for unit, outcome in decided.items()}


@given(
    st.lists(st.dates(dt.date(2001, 1, 1), dt.date(2027, 12, 31)), max_size=3),
    st.builds(Month, st.integers(2023, 2027), st.integers(1, 12)),
)
@settings(max_examples=40, deadline=None)
def test_it_is_the_first_month_that_differs(births: list[dt.date], after: Month) -> None:
    concerned = family(births)
    naive = next(
        (
            month.first_day
            for number in range(1, 12 * 25)
            if said(concerned, month := after.plus(number)) != said(concerned, month.plus(-1))
        ),
        None,
    )
    assert next_date(RULES, concerned, after) == naive


def test_a_family_without_children_has_none() -> None:
    assert next_date(RULES, family([]), Month(2026, 11)) is None
