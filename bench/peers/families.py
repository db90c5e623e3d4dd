"""Allowances for children and for people with disabilities: the peer's cases as facts of our cards."""

from collections.abc import Sequence
from typing import Any

from peers.asking import (
    DEPENDENT_INCOME_YEN,
    LONG_AGO,
    NO_READINGS,
    READINGS,
    Compared,
    InBand,
    NotComparable,
    born_on,
    counts,
    decide,
    dependants,
    dependent_spouse,
    has_card,
    income,
    total,
)
from peers.published import Asserted, Household, Person

from yui.engines.rules.public import Month

SOCIAL_INSURANCE_YEN = 80_000
FROM_SALARY_YEN = 100_000
COHABITING, SIXTH = "cohabiting_disabled_750000", "sixth_dependant_380000"
NOVEMBER, AUGUST = 11, 8


def child_allowance(asserted: Asserted, _: READINGS) -> Any:
    """児童手当: all children live with the claimant and count as long as their age allows."""
    asked = Month.of(asserted.on)
    claimant = {"lives_in_japan": True, "public_servant": False, "main_earner": True}
    child = {
        "supervised": True,
        "shares_livelihood": True,
        "lives_apart": False,
        "in_facility": False,
        "in_japan_or_studying_abroad": True,
        "supported_after_18": True,
        "care_apart_declared": False,
        "entitled_from": LONG_AGO,
        "entitled_through": asked.plus(12),
    }
    children = [child | {"born_on": born_on(p, asserted.on)} for p in asserted.household.of_role("子")]
    return total(decide("child_allowance", asserted.on, claimant, children))


def child_rearing_allowance(asserted: Asserted, readings: READINGS) -> Any:
    """児童扶養手当: the peer's income after deductions is that of the parent; a band of the peer is no amount."""
    household, on = asserted.household, asserted.on
    given = household.given
    parents = household.of_role("親")
    group = {
        "claimant_kind": "parent",
        "lives_in_japan": True,
        "partner_raises_child": len(parents) > 1 and not given.get("配偶者がいるがひとり親に該当"),
        "salary_pension_income_yen": 0,
        "other_income_yen": int(given.get("児童扶養手当の控除後世帯高所得", 0)) + SOCIAL_INSURANCE_YEN,
        "child_support_yen": 0,
        "deductions_yen": 0,
        "suspended_yen": 0,
        **counts(household, on, NOVEMBER, readings),
    }
    children = [
        {
            "role": "child",
            "born_on": born_on(person, on),
            "disabled": has_card(
                person, body="一級 二級 三級", intellect="A B", tokyo="一度 二度 三度", mind="一級 二級"
            ),
            "ground": True,
            "in_care": True,
            "child_in_japan": True,
            "in_facility": False,
            "entitled_from": LONG_AGO,
        }
        for person in household.of_role("子")
    ]
    ours = total(decide("child_rearing_allowance", on, group, children))
    most, least = (asserted.beside[f"児童扶養手当_{end}"] for end in ("最大", "最小"))
    if (
        not isinstance(ours, NotComparable)
        and ours != asserted.value
        and least <= ours <= most
        and least < most
    ):
        return InBand("the peer has a band for the partial payment; our amount lies in it", ours)
    return ours


def special_child_rearing_allowance(asserted: Asserted, readings: READINGS) -> Any:
    """特別児童扶養手当: every child with a certificate is of grade 1 for the peer's most, of grade 2 for its least."""
    household, on = asserted.household, asserted.on
    most = asserted.variable.endswith("最大")

    def grade(person: Person) -> str:
        listed = has_card(
            person, body="一級 二級 三級", intellect="A B", tokyo="一度 二度 三度", mind="一級 二級"
        )
        if most:
            return "grade_1" if listed or person.given.get("内部障害") == "有" else "none"
        return "grade_2" if listed else "none"

    group = {
        "lives_in_japan": True,
        "income_yen": int(household.given.get("特別児童扶養手当の控除後世帯高所得", 0)),
        **counts(household, on, AUGUST, readings),
    }
    children = [
        {
            "role": "child",
            "born_on": born_on(person, on),
            "grade": grade(person),
            "in_care": True,
            "child_in_japan": True,
            "disability_pension": False,
            "in_facility": False,
            "entitled_from": LONG_AGO,
        }
        for person in household.of_role("子")
    ]
    outcomes = decide("special_child_rearing_allowance", on, group, children)
    if asserted.variable.endswith("所得条件") and not isinstance(outcomes, NotComparable):
        return not outcomes[0].conditions["本人の所得が限度額以上"]
    return total(outcomes)


def disabled_child_welfare_allowance(asserted: Asserted, readings: READINGS) -> Any:
    """障害児福祉手当: each child with a certificate claims, and the parent with the highest income supports."""
    household, on = asserted.household, asserted.on
    of_parent = counts(household, on, AUGUST, readings)
    supporter = {
        "supporter_income_yen": int(household.given.get("障害児福祉手当の控除後世帯高所得", 0)),
        "supporter_dependants": of_parent["dependants"],
        "supporter_elderly_dependants": of_parent["elderly_dependants"],
    }
    amount = 0
    for person in household.people:
        child = {
            "lives_in_japan": True,
            "born_on": born_on(person, on),
            "needs_care": has_card(person, body="一級 二級", intellect="A B", tokyo="一度 二度"),
            "disability_pension": False,
            "in_facility": False,
            "entitled_from": LONG_AGO,
            "income_yen": income(person),
            "dependants": 0,
            "elderly_dependants": 0,
            "specified_dependants": 0,
        }
        ours = total(decide("disabled_child_welfare_allowance", on, child, [supporter]))
        if isinstance(ours, NotComparable):
            return ours
        amount += ours
    return amount


def special_disability_allowance(asserted: Asserted, readings: READINGS) -> Any:
    """特別障害者手当: each adult claims; one severe disability is enough for the peer's most, two for its least."""
    if asserted.person is not None:
        outcomes = _special_disability(asserted, asserted.person, readings)
        if isinstance(outcomes, NotComparable):
            return outcomes
        held = outcomes[0].conditions
        return not (held["本人の所得が限度額を超える"] or held["扶養義務者等による停止"])
    amounts = [total(_special_disability(asserted, person, readings)) for person in asserted.household.people]
    return next((a for a in amounts if isinstance(a, NotComparable)), None) or sum(map(int, amounts))


def _special_disability(asserted: Asserted, claimant: Person, readings: READINGS) -> Any:
    household, on = asserted.household, asserted.on
    most = asserted.variable.endswith("最大")
    severe_body = has_card(claimant, body="一級 二級")
    severe_mind = has_card(claimant, mind="一級", tokyo="一度 二度", intellect="A")
    # Dependants are those of whoever earns most; nobody else can have them as well.
    earns_most = max(household.of_role("親") or household.people, key=income)
    shared = counts(household, on, AUGUST, readings)

    def of(person: Person, key: str) -> int:
        return shared[key] if person == earns_most else 0

    group = {
        "lives_in_japan": True,
        "born_on": born_on(claimant, on),
        "needs_special_care": severe_body or severe_mind if most else severe_body and severe_mind,
        "in_hospital_over_3_months": not most and bool(claimant.given.get("入院中")),
        "in_facility": bool(claimant.given.get("介護施設入所中")),
        "entitled_from": LONG_AGO,
        "income_yen": _counted_income(household, claimant, claimant, readings),
        **{key: of(claimant, key) for key in shared},
    }
    supporters = [
        {
            "supporter_income_yen": _counted_income(household, person, claimant, readings),
            "supporter_dependants": of(person, "dependants"),
            "supporter_elderly_dependants": of(person, "elderly_dependants"),
        }
        for person in household.people
        if person != claimant
    ]
    return decide("special_disability_allowance", on, group, supporters)


def _counted_income(household: Household, person: Person, claimant: Person, readings: READINGS) -> int:
    """The income after the deductions of the order (施行令第5条・第12条), all of it taken as salary."""
    spouse, others = dependent_spouse(household), dependants(household)
    parents = household.of_role("親")
    if person not in parents:
        return max(0, income(person) - FROM_SALARY_YEN - SOCIAL_INSURANCE_YEN)
    deducted = FROM_SALARY_YEN + (SOCIAL_INSURANCE_YEN if person != claimant else 0)
    if person == max(parents, key=income):
        deducted += sum(
            _for_disability(member, readings) for member in [*others, *([spouse] if spouse else [])]
        )
        partners = [income(parent) for parent in parents if parent != person]
        deducted += sum(
            330_000 for yen in partners if DEPENDENT_INCOME_YEN < yen <= 1_000_000 and yen < income(person)
        )
        if SIXTH in readings and len(others) >= 6 and person != claimant:
            deducted += 380_000 - 213_000
    if person != claimant:
        deducted += _for_disability(person, NO_READINGS)
    if len(parents) == 1 and income(person) <= 5_000_000:
        children = household.of_role("子")
        deducted += 350_000 if children else 270_000 if household.given.get("夫と離別死別") else 0
    return max(0, income(person) - deducted)


def _for_disability(person: Person, readings: READINGS) -> int:
    """The deduction for a member with a disability; special ones count alike wherever they live."""
    if has_card(person, body="一級 二級", mind="一級", tokyo="一度 二度", intellect="A"):
        return 750_000 if COHABITING in readings else 400_000
    listed = has_card(person, body="三級 四級 五級 六級", mind="二級 三級", tokyo="三度 四度", intellect="B")
    return 270_000 if listed else 0


def _band(name: str) -> tuple[str, str]:
    return f"{name}_最大", f"{name}_最小"


PROGRAMMES: Sequence[Compared] = (
    Compared("児童手当", ("児童手当",), child_allowance),
    Compared("児童扶養手当", _band("児童扶養手当"), child_rearing_allowance),
    Compared(
        "特別児童扶養手当",
        (*_band("特別児童扶養手当"), "特別児童扶養手当の所得条件"),
        special_child_rearing_allowance,
        "the grade is not asked for: grade 1 for the peer's most, grade 2 for its least",
    ),
    Compared("障害児福祉手当", ("障害児福祉手当",), disabled_child_welfare_allowance),
    Compared(
        "特別障害者手当",
        (*_band("特別障害者手当"), "特別障害者手当所得制限"),
        special_disability_allowance,
        "the findings are not asked for: one severe certificate for the peer's most, two for its least; an age given "
        "stands for the age at the end of the year that counts",
    ),
)
