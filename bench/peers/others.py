"""Schooling, taxes, pension and disasters, and ages: the peer's cases as facts of our cards."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from peers.asking import LONG_AGO, READINGS, Compared, NotComparable, decide, income, total
from peers.published import Asserted, Person

from yui.kernel.calendar.public import birthday_age, school_grade

GRADE_OF_STAGE = {"elementary": 0, "junior_high": 6, "high": 9}
TAXED_WHATEVER, AT_LIMIT = "taxed_whatever_the_income", "income_at_limit_counts"
FIRST_TAX_DAY = date(2024, 6, 1)
"""Cases on 住民税 of 2023 are asked of the card of 2024: what they turn on has been the same since 令和3年度."""


def age_and_grade(asserted: Asserted, _: READINGS) -> Any:
    """年齢・学年: the calendar's counting, not a card's."""
    born = asserted.household.people[0].given["誕生年月日"]
    if asserted.variable == "学年":
        grade = school_grade(born, asserted.on)
        return grade and GRADE_OF_STAGE[grade.stage] + grade.year
    return "refused" if asserted.on < born else birthday_age(born, asserted.on)


def high_school_tuition_support(asserted: Asserted, _: READINGS) -> Any:
    """高等学校等就学支援金: tuition is high enough for the limit; the peer's most is for courses by credits."""
    household, on = asserted.household, asserted.on
    most, least = (asserted.beside[f"高等学校等就学支援金_{end}"] for end in ("最大", "最小"))
    if asserted.variable.endswith("最大") and most != least:
        return NotComparable("tuition by credits is left out of our card; the peer's most is for that")
    courses = {"全日制課程": "full_time", "定時制課程": "part_time", "通信制課程": "correspondence"}
    operators = {"国立": "national", "公立": "public", "私立": "private"}
    students = [
        {
            "lives_in_japan": True,
            "operator": operators[person.given["高校運営種別"]],
            "course": courses[person.given["高校履修種別"]],
            "tuition_yen": 1_000_000,
            "months_enrolled": (person.given["学年"] - 10) * 12 + (on.month - 4) % 12,
            "graduated": False,
            "entitled_from": LONG_AGO,
        }
        for person in household.of_role("子")
        if "高校運営種別" in person.given and 10 <= person.given["学年"] <= 12
    ]
    group = {"assessment_yen": int(household.given.get("高等学校等就学支援金_所得判定基準", 0))}
    return total(decide("high_school_tuition_support", on, group, students))


def high_school_grant(asserted: Asserted, _: READINGS) -> Any:
    """高等学校等奨学給付金: only whether a card of ours is in force."""
    return total(decide("high_school_grant", asserted.on, {}))


def school_expense_aid(asserted: Asserted, _: READINGS) -> Any:
    """就学援助: the peer knows those on public assistance only; asked of our card are age and that assistance."""
    household, on = asserted.household, asserted.on

    def pupil(person: Person) -> dict[str, Any]:
        # Born in the October that makes the grade given.
        born = date(on.year - person.given["学年"] - 6, 10, 1)
        return {
            "municipal_school": True,
            "born_on": born,
            "months_certified": 12,
            "paid_before_entrance": False,
        }

    group = {
        "public_assistance": household.given.get("生活保護", 0) > 0,
        "assistance_ended": False,
        "exempt_from_municipal_tax": False,
        "child_rearing_allowance": False,
        "income_yen": 10_000_000,
        "assistance_standard_yen": 0,
    }
    outcomes = decide("school_expense_aid", on, group, [pupil(person) for person in household.of_role("子")])
    if isinstance(outcomes, NotComparable):
        return outcomes
    return any(o.conditions["学齢である"] and o.conditions["教育扶助を受けている"] for o in outcomes)


def resident_tax(asserted: Asserted, readings: READINGS) -> Any:
    """住民税: 均等割 (with 森林環境税), 所得割, 調整控除 and whether a household is not taxed."""
    household, on = asserted.household, max(asserted.on, FIRST_TAX_DAY)
    if asserted.variable == "住民税":
        return NotComparable("the case gives both parts of the tax and asks for their sum")
    if asserted.variable == "住民税均等割":
        person = asserted.person or household.people[0]
        earned = 10_000_000 if TAXED_WHATEVER in readings else income(person)
        taxed = decide("resident_tax", on, *_taxpayer(earned))
        forest = decide("forest_environment_tax", on, *_taxpayer(earned))
        if isinstance(taxed, NotComparable) or isinstance(forest, NotComparable):
            raise ValueError("The cards of 住民税 and 森林環境税 no longer cover June 2024.")
        per_capita = taxed[0].values["均等割"] if taxed[0].amount_yen else 0
        return per_capita + (forest[0].amount_yen or 0)
    if asserted.variable == "住民税所得割":
        person = asserted.person or household.people[0]
        earned = int(person.given["合計所得金額"])
        # The peer's credit is five per cent of the difference between the deductions of the two taxes.
        difference = int(household.given["調整控除"]) * 20
        outcomes = decide(
            "resident_tax", on, *_taxpayer(earned, int(person.given["住民税所得控除"]), difference)
        )
        return total(outcomes) - outcomes[0].values["均等割"]
    if asserted.variable == "調整控除":
        taxable = household.given.get("控除後住民税世帯高所得")
        earned = max(map(income, household.people)) if taxable is None else int(taxable) + 430_000
        difference = int(household.given.get("人的控除額の差", 50_000))
        outcomes = decide("resident_tax", on, *_taxpayer(earned, 430_000, difference))
        return outcomes[0].values["調整控除の基礎"] * 5 // 100
    grade = {1: "grade_1", 2: "grade_2", 3: "grade_3"}[household.given["居住級地区分1"]]
    outcomes = decide(
        "resident_tax",
        on,
        *_taxpayer(int(household.given["世帯高所得"]), members=len(household.people), grade=grade),
    )
    return total(outcomes) == 0


def _taxpayer(
    earned: int, deducted: int = 430_000, difference: int = 50_000, members: int = 1, grade: str = "grade_1"
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    taxpayer = {
        "lived_here_on_1_january": True,
        "lived_in_japan_on_1_january": True,
        "livelihood_aid": False,
        "disabled_minor_widowed_or_single_parent": False,
        "total_income_yen": earned,
        "gross_income_yen": earned,
        "comprehensive_income_yen": earned,
        "deductions_yen": deducted,
        "retirement_and_forest_taxable_yen": 0,
        "personal_difference_yen": difference,
        "separate_municipal_yen": 0,
        "separate_prefectural_yen": 0,
        "municipal_credits_yen": 0,
        "prefectural_credits_yen": 0,
        "dependants": members - 1,
    }
    return {"assistance_grade": grade}, [taxpayer]


def national_pension_contribution(asserted: Asserted, _: READINGS) -> Any:
    """国民年金保険料: twelve months of what our card says for one."""
    person = asserted.person or asserted.household.people[0]
    category = "first" if person.given["国民年金保険に加入している"] else "second"
    facts = {"category": category, "additional": False, "maternity_month": False}
    return 12 * total(decide("national_pension_contribution", asserted.on, {}, [facts]))


def disaster_condolence_grant(asserted: Asserted, _: READINGS) -> Any:
    """災害弔慰金: the first of those who died is the main earner, if any of them was."""
    given = asserted.household.given
    dead = [
        {
            "resident": True,
            "has_survivor": True,
            "main_earner": number == 0 and bool(given.get("災害で生計維持者が死亡した")),
            "own_fault": False,
            "work_benefit": False,
            "disability_grant_paid_yen": 0,
        }
        for number in range(given.get("災害で死亡した世帯員の人数", 0))
    ]
    group = {"disaster_covered": given["災害救助法の適用地域である"]}
    return total(decide("disaster_condolence_grant", asserted.on, group, dead))


def disaster_disability_grant(asserted: Asserted, _: READINGS) -> Any:
    """災害障害見舞金: who earns most is the main earner for the peer's most, nobody for its least."""
    household = asserted.household
    earns_most = max(household.people, key=income)
    injured = [
        {
            "resident": True,
            "listed_disability": bool(person.given.get("災害による重い後遺障害がある")),
            "main_earner": asserted.variable.endswith("最大") and person == earns_most,
            "own_fault": False,
            "work_benefit": False,
        }
        for person in household.people
    ]
    group = {"disaster_covered": household.given["災害救助法の適用地域である"]}
    return total(decide("disaster_disability_grant", asserted.on, group, injured))


def living_reconstruction_grant(asserted: Asserted, _: READINGS) -> Any:
    """被災者生活再建支援金: the household lived in the dwelling."""
    given = asserted.household.given
    damages = {
        "全壊": "destroyed",
        "滅失または流失": "destroyed",
        "解体": "demolished",
        "長期避難": "long_evacuation",
        "大規模半壊": "large_half",
        "中規模半壊": "medium_half",
    }
    rebuilding = {"建設または購入": "build_or_buy", "補修": "repair", "賃借": "rent"}
    group = {
        "act_applies": given["被災者生活再建支援法の適用地域である"],
        "lived_there": True,
        "damage": damages.get(given["住宅被害"], "less"),
        "rebuilding": rebuilding.get(given["住宅再建方法"], "none"),
        "members": len(asserted.household.people),
    }
    return total(decide("living_reconstruction_grant", asserted.on, group))


def disaster_relief_loan(asserted: Asserted, readings: READINGS) -> Any:
    """災害援護資金: who earns most is the head; a destroyed dwelling counts as lost, which our card asks."""
    household = asserted.household
    damage = household.given.get("住宅被害", "無")
    if damage in ("解体", "長期避難") and asserted.value:
        return NotComparable(f"how far a dwelling is damaged is not told by “{damage}”")
    losses = {"中規模半壊": "half", "大規模半壊": "half", "全壊": "destroyed", "滅失または流失": "lost"}
    belongings = "belongings" if household.given.get("家財の損害") == "三分の一以上" else "none"
    head = max(household.people, key=income)
    group = {
        "relief_act_applied": household.given["災害救助法の適用地域である"],
        "head_injured": head.given.get("災害による負傷の療養期間") == "一か月以上",
        "loss": losses.get(damage, belongings),
        "destroyed_counts_as_lost": True,
        "remains_demolished": False,
        "members": len(household.people),
        "income_yen": max(0, sum(map(income, household.people)) - (AT_LIMIT in readings)),
    }
    return total(decide("disaster_relief_loan", asserted.on, group))


PROGRAMMES: Sequence[Compared] = (
    Compared(
        "高等学校等就学支援金",
        ("高等学校等就学支援金_最大", "高等学校等就学支援金_最小"),
        high_school_tuition_support,
    ),
    Compared(
        "高等学校等奨学給付金", ("高等学校奨学給付金_最大", "高等学校奨学給付金_最小"), high_school_grant
    ),
    Compared(
        "就学援助",
        ("就学援助の対象者がいる",),
        school_expense_aid,
        "compared is who counts as on public assistance at school age; no amount is asserted",
    ),
    Compared(
        "住民税",
        ("住民税", "住民税均等割", "住民税所得割", "調整控除", "住民税非課税世帯"),
        resident_tax,
        "cases of 2023 are asked of the card of fiscal 2024; what they turn on is the same since fiscal 2021",
    ),
    Compared(
        "国民年金保険料", ("国民年金保険料",), national_pension_contribution, "the peer asserts twelve months"
    ),
    Compared("災害弔慰金", ("災害弔慰金",), disaster_condolence_grant),
    Compared("災害障害見舞金", ("災害障害見舞金_最大", "災害障害見舞金_最小"), disaster_disability_grant),
    Compared("被災者生活再建支援金", ("被災者生活再建支援制度",), living_reconstruction_grant),
    Compared(
        "災害援護資金",
        ("災害援護資金",),
        disaster_relief_loan,
        "for the limit of income the peer counts a destroyed dwelling as lost; our card asks, and is told so",
    ),
    Compared("年齢・学年", ("年齢", "学年"), age_and_grade, "our calendar's, not a card's"),
)
