"""Decisions about 児童手当: who is paid how much for a month, from when, when it is paid out, and to which parent.

Everything here is pure: facts in, decision with reasons out. Amounts, ages, limits, payment months and the number of
days for a claim are in the cards under ``cards/``, one per regime, and are read from there.

Source:
    児童手当法 (昭和46年法律第73号) 第3条 (児童), 第4条 (支給要件), 第5条 (所得制限, 令和6年9月分まで), 第6条 (額),
    第8条 (支給及び支払), 第9条 (額の改定), 第17条 (公務員), 附則第2条 (特例給付, 令和6年9月分まで);
    児童手当法施行令 第1条, 第3条. https://laws.e-gov.go.jp/law/346AC0000000073
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from yui.engines.rules.public import (
    Ask,
    Between,
    Card,
    CriticalDate,
    Effect,
    Explanation,
    FactValue,
    Group,
    Language,
    Month,
    Outcome,
    Programme,
    Text,
    Unit,
    critical_dates,
    evaluate,
    explain,
    last_day_of_grace,
    load_card,
    months_between,
)

__all__ = [
    "Ask",
    "Between",
    "ChildFacts",
    "ClaimantFacts",
    "Effect",
    "Explanation",
    "FamilyDecision",
    "FamilyFacts",
    "Language",
    "Month",
    "Outcome",
    "ParentFacts",
    "Payment",
    "RecipientChoice",
    "RecipientGround",
    "card_for",
    "choose_recipient",
    "decide",
    "entitlement_end",
    "entitlement_start",
    "explain",
    "group_of",
    "income_year",
    "next_changes",
    "outcome_from_json",
    "payment_month",
    "payment_months",
    "programme",
]

CARDS = Path(__file__).parent / "cards" / "child_allowance"
FIRST_MONTH = Month(1, 1)
LAST_MONTH = Month(9999, 12)


@dataclass(frozen=True, slots=True)
class ClaimantFacts:
    """What is known of the person who claims. None means unknown and leads to a question, never to a guess.

    Attributes:
        lives_in_japan: 日本国内に住所 (第4条第1項第1号).
        public_servant: Paid by the employer (第17条第1項).
        main_earner: 生計を維持する程度の高い者 of the two parents (第4条第3項); see :func:`choose_recipient`.
        income_yen: 前年の所得 before deductions; needed for months until 2024-09 only, of the year
            :func:`income_year` names (第5条第1項).
        deductions_yen: 諸控除, without the flat 80,000 yen which the card knows (施行令第3条).
        dependants: 扶養親族等 with the children maintained who are no dependants for tax.
        elderly_dependants: Those of them of 70 or more (同一生計配偶者・老人扶養親族).
    """

    lives_in_japan: bool | None = None
    public_servant: bool | None = None
    main_earner: bool | None = None
    income_yen: int | None = None
    deductions_yen: int | None = None
    dependants: int | None = None
    elderly_dependants: int | None = None


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """What is known of one child of the claimant, also of those up to 22 who are only counted.

    Attributes:
        child_id: Identifier; of two children born on one day the lower one is counted first.
        born_on: Date of birth; a :class:`Between` when parts are unknown, None when nothing is known.
        supervised: 監護 (第4条第1項第1号); past the fiscal year of age 18 監護に相当する世話.
        shares_livelihood: 生計を同じくする.
        lives_apart: 別居.
        care_apart_declared: 別居監護申立書 on file; matters only when the child lives apart.
        in_facility: 施設入所等児童 (第3条第3項): paid to the facility or the foster parents.
        in_japan_or_studying_abroad: 日本国内に住所, or abroad for study (第3条第1項).
        supported_after_18: 監護相当・生計費の負担についての確認書 on file; matters only past the fiscal year of
            age 18.
        entitled_from: First month the claim covers the child (:func:`entitlement_start`). None: no limit, that is
            from the month after the birth.
        entitled_through: Last month the ground lasted (:func:`entitlement_end`). None: it lasts.
    """

    child_id: str
    born_on: date | Between | None
    supervised: bool | None = None
    shares_livelihood: bool | None = None
    lives_apart: bool | None = None
    care_apart_declared: bool | None = None
    in_facility: bool | None = None
    in_japan_or_studying_abroad: bool | None = None
    supported_after_18: bool | None = None
    entitled_from: Month | None = None
    entitled_through: Month | None = None


@dataclass(frozen=True, slots=True)
class FamilyFacts:
    """A claimant and all children the claimant raises, in any order."""

    claimant: ClaimantFacts
    children: Sequence[ChildFacts]


@dataclass(frozen=True, slots=True)
class FamilyDecision:
    """The decision about a family for one month.

    Attributes:
        outcomes: One per child, in the order of the facts; each can be explained, stored and read back.
    """

    month: Month
    outcomes: tuple[Outcome, ...]

    @property
    def total_yen(self) -> int:
        """Yen for the month: what is surely due. Children still undetermined add nothing."""
        return sum(outcome.amount_yen or 0 for outcome in self.outcomes)

    @property
    def is_determined(self) -> bool:
        """Whether every child is decided."""
        return all(outcome.effect is not Effect.UNDETERMINED for outcome in self.outcomes)

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Facts to ask for, each once."""
        return tuple(dict.fromkeys(ask for outcome in self.outcomes for ask in outcome.ask))

    def of(self, child_id: str) -> Outcome:
        """The outcome of one child.

        Raises:
            KeyError: no such child is in the family.
        """
        for outcome in self.outcomes:
            if outcome.unit_id == child_id:
                return outcome
        raise KeyError(child_id)


@lru_cache(maxsize=1)
def programme() -> Programme:
    """All versions of the rule, oldest first."""
    return Programme.of(load_card(path) for path in CARDS.glob("[0-9]*.yaml"))


def card_for(month: Month) -> Card:
    """The version of the rule in force in a month.

    Raises:
        LookupError: the month is before 2022-06, the first month we hold a card for.
    """
    return programme().card(month)


def decide(month: Month, family: FamilyFacts, known_on: date | None = None) -> FamilyDecision:
    """Decides about every child of a family for one month.

    Args:
        month: The month the allowance is for (not the month it is paid in).
        family: What is known.
        known_on: Replays with the tables as they were known on that day.
    Raises:
        LookupError: no version of the rule covers the month.
    """
    card = card_for(month)
    return FamilyDecision(
        month, tuple(evaluate(card, month, _group(card.group_keys, card.unit_keys, family), known_on))
    )


def next_changes(family: FamilyFacts, start: Month, until: Month) -> list[CriticalDate]:
    """When the decision about a child changes though no fact does.

    These are the months after the third birthday, after the fiscal years of age 12 and 15 (until 2024-09), 18 and
    22, of the month after birth, and the reform of 2024-10.

    Args:
        start: First month a change may fall in.
        until: First month no longer looked at.
    """
    found: list[CriticalDate] = []
    for card in programme().cards:
        found += critical_dates(card, _group(card.group_keys, card.unit_keys, family), start, until)
        if start <= card.in_force_from < until and programme().covers(card.in_force_from.plus(-1)):
            found += _reform(card.in_force_from, family)
    return sorted(found, key=lambda change: (change.on, change.unit_id))


def _reform(month: Month, family: FamilyFacts) -> list[CriticalDate]:
    """Children for whom one version of the rule gives another result than the version before."""
    before, after = decide(month.plus(-1), family), decide(month, family)
    return [
        CriticalDate(month.first_day, new.unit_id, (), old, new)
        for old, new in zip(before.outcomes, after.outcomes, strict=True)
        if (old.effect, old.amount_yen) != (new.effect, new.amount_yen)
    ]


def outcome_from_json(text: str) -> Outcome:
    """Reads back a stored outcome, to explain a past decision.

    Raises:
        LookupError: the version of the rule that decided is not kept any more.
    """
    return Outcome.from_json(text, programme().cards)


def entitlement_start(
    event_on: date, claimed_on: date, is_closed: Callable[[date], bool] | None = None
) -> Month:
    """The first month paid for after a birth, a move into the municipality or another ground.

    Payment starts with the month after the claim. A claim within 15 days after the event counts from the month after
    the event. For a move from another municipality the event is the day of moving out announced there (転出予定日),
    because that municipality pays through that month.

    Args:
        event_on: Day of the birth, of the announced move, or of the end of what kept from claiming.
        claimed_on: Day of the claim.
        is_closed: Says of a day whether the office is closed; a period ending on such a day is extended.
    Raises:
        ValueError: the claim is dated before the event.
    Source:
        児童手当法第8条第2項・第3項, 第9条第1項・第2項; 地方自治法第4条の2第4項. That a birth is among the grounds of
        第8条第3項 follows the guideline for municipalities (事務処理ガイドライン), not the wording of the act.
    Example:
        >>> str(entitlement_start(date(2026, 10, 20), date(2026, 11, 4)))
        '2026-11'
        >>> str(entitlement_start(date(2026, 10, 20), date(2026, 11, 5)))
        '2026-12'
    """
    if claimed_on < event_on:
        raise ValueError("The claim is dated before the event it rests on; check both dates.")
    days = card_for(
        max(Month.of(event_on), programme().cards[0].in_force_from, key=lambda month: month.index)
    ).claim_days
    in_time = claimed_on <= last_day_of_grace(event_on, days, is_closed)
    return Month.of(event_on if in_time else claimed_on).plus(1)


def entitlement_end(ground_ceased_on: date) -> Month:
    """The last month paid for when the ground for payment ceases on a day (move out, death, care ended).

    Source:
        児童手当法第8条第2項 「児童手当を支給すべき事由が消滅した日の属する月で終わる」.
    """
    return Month.of(ground_ceased_on)


def income_year(month: Month) -> int:
    """The calendar year whose income counts for a month (until 2024-09).

    Source:
        児童手当法第5条第1項: January to May look at the year before last, the other months at last year.
    """
    return month.year - 2 if month.number <= 5 else month.year - 1


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment date: the month it falls in and the months it covers.

    The day of the month is fixed by each municipality.
    """

    pay_in: Month
    covers: tuple[Month, ...]


def payment_month(month: Month) -> Month:
    """The month in which the allowance for a month is paid out.

    What was due earlier, and what is left when entitlement ends, may be paid in any month (第8条第4項ただし書).

    Source:
        児童手当法第8条第4項: until 2024-09 February, June and October; from 2024-10 every even month; always the months
        up to the one before.
    Example:
        >>> str(payment_month(Month(2024, 9))), str(payment_month(Month(2024, 10)))
        ('2024-10', '2024-12')
    """
    pay_in = month.plus(1)
    while pay_in.number not in card_for(month).payment_months:
        pay_in = pay_in.plus(1)
    return pay_in


PAYMENT_REACH = 5
"""The longest period between two payments is four months, so what is paid in a month begins at most five before."""


@lru_cache(maxsize=64)
def payment_months(start: Month, until: Month) -> tuple[Payment, ...]:
    """The payment dates that fall in a period, each with all months it covers.

    Args:
        start: First month looked at (April for a fiscal year).
        until: First month no longer looked at.
    Example:
        >>> [str(payment.pay_in) for payment in payment_months(Month(2024, 4), Month(2025, 4))]
        ['2024-06', '2024-10', '2024-12', '2025-02']
    """
    covered: dict[Month, list[Month]] = {}
    for month in months_between(start.plus(-PAYMENT_REACH), until):
        if programme().covers(month):
            covered.setdefault(payment_month(month), []).append(month)
    return tuple(
        Payment(pay_in, tuple(months))
        for pay_in, months in sorted(covered.items())
        if start <= pay_in < until
    )


class RecipientGround(StrEnum):
    """Why one of two parents is the recipient.

    Source:
        児童手当法第4条第3項 (生計を維持する程度の高い者) and 第4項 (同居優先).
    """

    ONLY_ONE = "only_one"
    LIVES_WITH_CHILD = "lives_with_child"
    HIGHER_INCOME = "higher_income"
    TO_BE_ASKED = "to_be_asked"


@dataclass(frozen=True, slots=True)
class ParentFacts:
    """What is known of one parent (or guardian, or person named by parents abroad) who raises a child.

    Attributes:
        person_id: Identifier.
        supervises: 監護し、生計を同じくする.
        income_yen: Income of the last year known; None when unknown.
        lives_with_child: Whether parent and child share an address.
    """

    person_id: str
    supervises: bool | None
    income_yen: int | None
    lives_with_child: bool | None


@dataclass(frozen=True, slots=True)
class RecipientChoice:
    """Which parent is paid, with the reason.

    Attributes:
        person_id: The recipient; None when something has to be asked first.
        ground: Why.
        reason: The reason in all languages.
        cite: Its article.
    """

    person_id: str | None
    ground: RecipientGround
    reason: Text
    cite: str


REASONS = {
    RecipientGround.ONLY_ONE: Text(
        "お子さんを監護し、生計を同じくしている親は一人です。",
        "Only one parent has the care of the child and shares a livelihood with the child.",
        "お子（こ）さんの 世話（せわ）を して いる 親（おや）は 一人（ひとり）です。",
    ),
    RecipientGround.LIVES_WITH_CHILD: Text(
        "父母が生計を別にしている（離婚協議中などの）ため、お子さんと同居している親が受給者です。",
        "The parents keep separate livelihoods (for example while divorcing), so the parent living with the child "
        "is the recipient.",
        "お父（とう）さんと お母（かあ）さんが べつべつに 生活（せいかつ）して いるので、"
        "お子（こ）さんと いっしょに すんで いる 親（おや）が もらいます。",
    ),
    RecipientGround.HIGHER_INCOME: Text(
        "父母のうち、所得が高く、お子さんの生計を維持する程度の高い親が受給者です。",
        "The parent with the higher income contributes more to the child's upkeep and is the recipient.",
        "お父（とう）さんと お母（かあ）さんの うち、所得（しょとく）が 多（おお）い 人（ひと）が もらいます。",
    ),
    RecipientGround.TO_BE_ASKED: Text(
        "どちらの親がお子さんの生計を維持する程度が高いか、確認が必要です（所得が同じか、まだ分かりません）。",
        "Which parent contributes more to the child's upkeep has to be confirmed (incomes are equal or not known).",
        "どちらの 親（おや）が 生活（せいかつ）の お金（かね）を 多（おお）く 出（だ）して いるか、"
        "教（おし）えて ください。",
    ),
}


def choose_recipient(
    parents: Iterable[ParentFacts], *, livelihoods_separate: bool | None = False
) -> RecipientChoice:
    """Chooses the recipient among those who raise a child.

    Equal or unknown incomes are not decided by a rule: the municipality looks at the whole (health insurance, tax
    dependants, head of household), so the answer is to ask.

    Args:
        parents: Those who may be the recipient, in any order.
        livelihoods_separate: The parents no longer share a livelihood (離婚協議中の別居, DV など, with evidence on
            file). None: unknown.
    Source:
        児童手当法第4条第3項・第4項.
    """
    raising = [parent for parent in parents if parent.supervises is not False]
    unsure = any(parent.supervises is None for parent in raising)
    if len(raising) == 1 and not unsure:
        return _choice(raising[0], RecipientGround.ONLY_ONE, "児童手当法第4条第1項第1号")
    if not raising or unsure or livelihoods_separate is None:
        return _choice(None, RecipientGround.TO_BE_ASKED, "児童手当法第4条第3項")
    if livelihoods_separate:
        together = [parent for parent in raising if parent.lives_with_child]
        if len(together) == 1 and all(parent.lives_with_child is not None for parent in raising):
            return _choice(together[0], RecipientGround.LIVES_WITH_CHILD, "児童手当法第4条第4項")
        return _choice(None, RecipientGround.TO_BE_ASKED, "児童手当法第4条第4項")
    incomes = [parent.income_yen for parent in raising]
    known = [income for income in incomes if income is not None]
    if len(known) < len(incomes) or known.count(max(known)) > 1:
        return _choice(None, RecipientGround.TO_BE_ASKED, "児童手当法第4条第3項")
    return _choice(raising[known.index(max(known))], RecipientGround.HIGHER_INCOME, "児童手当法第4条第3項")


def _choice(parent: ParentFacts | None, ground: RecipientGround, cite: str) -> RecipientChoice:
    return RecipientChoice(parent.person_id if parent else None, ground, REASONS[ground], cite)


def group_of(family: FamilyFacts) -> Group:
    """Every fact of a family as the engine wants it, whichever version of the rule asks for it."""
    return _group(CLAIMANT_KEYS, CHILD_KEYS, family)


def _group(of_claimant: Iterable[str], of_child: Iterable[str], family: FamilyFacts) -> Group:
    """The facts named by their keys: those the card asks for; those of the other regime are left out."""
    claimant = {key: getattr(family.claimant, key) for key in of_claimant}
    return Group(claimant, [Unit(child.child_id, _child(of_child, child)) for child in family.children])


def _child(keys: Iterable[str], child: ChildFacts) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = {key: getattr(child, key) for key in keys}
    facts["entitled_from"] = child.entitled_from or FIRST_MONTH
    facts["entitled_through"] = child.entitled_through or LAST_MONTH
    return facts


CLAIMANT_KEYS = tuple(field.name for field in fields(ClaimantFacts))
CHILD_KEYS = tuple(field.name for field in fields(ChildFacts) if field.name != "child_id")
