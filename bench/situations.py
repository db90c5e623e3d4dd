"""Whom each programme decides about in the made-up population, and every fact its card asks for.

A fact has one of three origins, by its key:

- *kept*: born_on, incomes and what :data:`SITUATIONS` takes from role, grade and kind of household;
- *drawn*: from the sixteen random bits each person has. Conditions are as usual (:data:`USUALLY_NO` says for which that
  is "no") in 30 of 32 cases and unknown in one of 64; months and other dates lie up to 31 months or 255 days back,
  choices are equally frequent, numbers are small, other sums up to a million yen;
- *constant*: what is the same for all, named in :data:`SITUATIONS`.

A card without an entry decides about all heads of household with everybody who lives with them.
"""

from dataclasses import dataclass, field
from datetime import date

import polars as pl
from population import CHILD, DAY, ELDEST, HEAD, INSURED, ONE_PARENT, PARENT, RENTED, SPOUSE

from yui.engines.rules import ir
from yui.engines.rules.bulk.layout import GROUP_ID, UNIT_ID, reads_units
from yui.engines.rules.public import Card, Month

MONTH = Month.of(DAY)
USUALLY_NO = frozenset(
    "public_servant lives_apart in_facility public_assistance old_age_welfare_pension partner_raises_child "  # noqa: SIM905
    "disability_pension in_hospital_over_3_months own_fault work_benefit remains_demolished livelihood_aid student "
    "statutory_ground graduated already_paid pregnancy_ended paid_before_entrance assistance_ended exempt disabled "
    "disabled_minor_widowed_or_single_parent disabled_widowed_or_single_parent other_public_assistance special_ground "
    "former_dependant additional maternity_month livelihood_protection head_injured lowest_class other_means".split()
)
ROLE, GRADE, KIND, MIX, BORN_ON = (
    pl.col(name) for name in ("role", "grade", "household_kind", "mix", "born_on")
)
INCOME = pl.col("income").cast(pl.Int64) * 10_000
HEADS, OFFSPRING = ROLE == HEAD, (ROLE == ELDEST) | (ROLE == CHILD)
EVERYBODY = pl.lit(True)


def aged(least: int, below: int = 200) -> pl.Expr:
    """Who has reached an age and not yet another."""
    return BORN_ON.is_between(_years_ago(below), _years_ago(least), closed="right")


def _years_ago(years: int) -> date:
    return DAY.replace(year=DAY.year - years)


def bits(place: int, many: int) -> pl.Expr:
    """So many of the random bits as a number."""
    return (MIX // (1 << place)) % (1 << many)


@dataclass(frozen=True)
class Choice:
    """The first choice whose condition holds; ``otherwise`` when none does."""

    of: dict[str, pl.Expr]
    otherwise: str

    def among(self, members: tuple[str, ...]) -> pl.Expr:
        """It as a category, as drawn ones are."""
        value = pl.lit(members.index(self.otherwise), pl.UInt8)
        for choice, condition in reversed(self.of.items()):
            value = pl.when(condition).then(pl.lit(members.index(choice), pl.UInt8)).otherwise(value)
        return value.cat.to(pl.Enum(members))


@dataclass(frozen=True)
class Situation:
    """The persons who stand for a group, those who are its units, and facts told apart from the usual ones."""

    groups: pl.Expr = HEADS
    units: pl.Expr = EVERYBODY
    of: str = "household"
    facts: dict[str, pl.Expr | Choice] = field(default_factory=dict)


PUPILS = OFFSPRING & aged(6, 15)
STUDENTS = OFFSPRING & aged(15, 18)
INSURED_HERE = (KIND & INSURED) > 0
TAXPAYERS = aged(15)
STRUCK = bits(0, 4) == 0
CHILD_OR_SUPPORTER = Choice({"child": OFFSPRING}, "supporter")
DEPENDENT_SPOUSE = (ROLE == SPOUSE) & (pl.col("income") < 100)
VISITS = OFFSPRING & aged(0, 18)
SITUATIONS = {
    "care_insurance_fee": Situation(units=aged(65)),
    "child_allowance": Situation(
        units=OFFSPRING & aged(0, 23), facts={"entitled_through": pl.lit(MONTH.index + 12, pl.Int32)}
    ),
    "child_medical_aid_a": Situation(VISITS, VISITS, "person"),
    "child_medical_aid_b": Situation(VISITS, VISITS, "person"),
    "child_medical_aid_c": Situation(VISITS, VISITS, "person"),
    "child_rearing_allowance": Situation(
        HEADS & ((KIND & ONE_PARENT) > 0),
        ((KIND & ONE_PARENT) > 0) & (OFFSPRING & aged(0, 20) | (ROLE == PARENT)),
        facts={
            "claimant_kind": pl.lit("parent"),
            "role": CHILD_OR_SUPPORTER,
            "disabled": GRADE > 0,
            "suspended_yen": pl.lit(0),
        },
    ),
    "disabled_child_welfare_allowance": Situation(
        (ROLE == ELDEST) & (GRADE == 1) & aged(0, 20), (ROLE == HEAD) | (ROLE == SPOUSE)
    ),
    "special_child_rearing_allowance": Situation(
        (ROLE == ELDEST) & (GRADE > 0) & aged(0, 20),
        OFFSPRING & (GRADE > 0) & aged(0, 20),
        facts={
            "role": CHILD_OR_SUPPORTER,
            "grade": Choice({"grade_1": GRADE == 1, "grade_2": GRADE == 2}, "none"),
        },
    ),
    "special_disability_allowance": Situation((ROLE == HEAD) & (GRADE == 1), ROLE == SPOUSE),
    "disaster_condolence_grant": Situation(units=STRUCK),
    "disaster_disability_grant": Situation(units=STRUCK),
    "late_elderly_insurance_fee": Situation(
        units=aged(75) | HEADS, facts={"status": Choice({"insured": aged(75)}, "head")}
    ),
    "national_health_insurance_fee": Situation(
        HEADS & INSURED_HERE,
        INSURED_HERE,
        facts={
            "flat_rate_class": pl.lit("ordinary"),
            "status": Choice({"moved": aged(75), "insured": EVERYBODY}, "other"),
        },
    ),
    # One household in 32 stands for a company; who does not rent owns land and a house.
    "corporate_per_capita_tax": Situation(HEADS & (bits(0, 5) == 0)),
    "fixed_asset_tax": Situation(
        HEADS & ((KIND & RENTED) == 0),
        ((KIND & RENTED) == 0) & (HEADS | (ROLE == SPOUSE)),
        facts={"kind": Choice({"residential_land": HEADS}, "house"), "dwellings": pl.lit(1)},
    ),
    "forest_environment_tax": Situation(units=TAXPAYERS),
    "resident_tax": Situation(units=TAXPAYERS),
    "minimum_living_cost": Situation(
        facts={
            "one_parent_addition": (KIND & ONE_PARENT) > 0,
            "age": (pl.lit(DAY) - BORN_ON).dt.total_days() * 4 // 1461,
            "disability_addition": Choice(
                {"class_a": GRADE.is_between(1, 2), "class_b": GRADE == 3}, "none"
            ),
            "other_additions_yen": pl.lit(0),
            "schooling_aid_yen": pl.lit(0),
        },
    ),
    "pregnancy_support_benefit": Situation(OFFSPRING & aged(0, 1), of="person"),
    "national_pension_contribution": Situation(
        units=aged(20, 60),
        facts={"category": Choice({"first": INSURED_HERE, "third": DEPENDENT_SPOUSE}, "second")},
    ),
    "national_pension_exemption": Situation(
        HEADS & INSURED_HERE & aged(20, 60),
        INSURED_HERE & (HEADS | (ROLE == SPOUSE)),
        facts={"role": Choice({"applicant": HEADS}, "spouse")},
    ),
    "high_school_grant": Situation(units=STUDENTS),
    "high_school_tuition_support": Situation(units=STUDENTS),
    "school_expense_aid": Situation(units=PUPILS),
}  # fmt: skip


def frames(card: Card, persons: pl.DataFrame) -> tuple[pl.LazyFrame, pl.LazyFrame | None]:
    """The relations ``groups`` and ``units`` of a card, from the persons of a file."""
    situation = SITUATIONS.get(card.id, Situation())
    numbers = {GROUP_ID: pl.col(situation.of), UNIT_ID: pl.col("person")}
    of: dict[ir.Level, dict[str, pl.Expr]] = {ir.Level.GROUP: {}, ir.Level.UNIT: {}}
    for fact in card.rules.facts:
        of[fact.level][fact.key] = value_of(card, fact)
    everybody = persons.lazy()
    groups = everybody.filter(situation.groups).select(
        numbers[GROUP_ID].alias(GROUP_ID), **of[ir.Level.GROUP]
    )
    units = everybody.filter(situation.units).select(**numbers, **of[ir.Level.UNIT])
    return groups, units if reads_units(card) else None


def origin(card: Card, fact: ir.Fact) -> str:
    """Whether a fact is kept, drawn or constant."""
    read = value_of(card, fact).meta.root_names()
    return "constant" if not read else "drawn" if "mix" in read else "kept"


def value_of(card: Card, fact: ir.Fact) -> pl.Expr:
    """A fact of a programme: told apart, or the usual one."""
    told = SITUATIONS.get(card.id, Situation()).facts.get(fact.key)
    if told is None:
        return usual(fact)
    return told.among(fact.type.members) if isinstance(told, Choice) else told


def usual(fact: ir.Fact) -> pl.Expr:
    """A fact by its key and type."""
    place = sum(map(ord, fact.key)) % 11
    match fact.type.kind:
        case ir.Kind.BOOL:
            rare = bits(place, 5) == 0
            usual_value = rare if fact.key in USUALLY_NO else ~rare
            return pl.when(bits(place, 6) != 1).then(usual_value)
        case ir.Kind.DATE:
            return (
                BORN_ON
                if fact.key == "born_on"
                else pl.lit(DAY) - pl.duration(days=bits(0, 8).cast(pl.Int64))
            )
        case ir.Kind.MONTH:
            return pl.lit(MONTH.index, pl.Int32) - bits(place, 5).cast(pl.Int32)
        case ir.Kind.ENUM:
            return (MIX % len(fact.type.members)).cast(pl.UInt8).cat.to(pl.Enum(fact.type.members))
        case ir.Kind.YEN if "income" in fact.key:
            return INCOME
        case ir.Kind.YEN:
            return bits(place % 6, 10).cast(pl.Int64) * 1_000
    return fact.least + bits(place, 2).cast(pl.Int64)
