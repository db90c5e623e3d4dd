"""認定請求 and 額改定認定請求: a child is born or moves in, and the parent confirms."""

import datetime as dt
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.engines.rules.public import last_day_of_grace
from yui.kernel.calendar.public import is_business_day, legal_age
from yui.procedures.cases.public import (
    CaseRefused,
    CaseView,
    Concern,
    Event,
    FilledValue,
    Mode,
    Outcome,
    Procedure,
    Reason,
    Result,
    Source,
)
from yui.procedures.payments.public import find_account
from yui.registries.people.contracts import HouseholdView, Relationship, ResidentNotFound, ResidentView
from yui.registries.people.public import find_household_of, get_resident
from yui.services.child_allowance.actions import begin_entitlement, record_recipient, undo_entitlement
from yui.services.child_allowance.family import (
    READ_GROUND,
    READ_REASON,
    Stated,
    family_of,
    reading_for,
    stated_by,
)
from yui.services.child_allowance.models import Entitlement
from yui.services.child_allowance.planning import plan_payments
from yui.services.child_allowance.reasons import questions_of, reasons_of
from yui.services.child_allowance.rules import (
    ChildFacts,
    ClaimantFacts,
    Effect,
    FamilyFacts,
    Month,
    card_for,
    decide,
    entitlement_start,
    payment_month,
    programme,
)

OLDEST_CHILD = 18
YES_NO = {"yes": True, "no": False}


def closed(day: dt.date) -> bool:
    """Whether the town hall is closed, so that a period ending then is extended (地方自治法4条の2第4項)."""
    return not is_business_day(day)


class Claim(Procedure):
    """The claim for one child: for the first child 認定請求 (7条1項), for a further one 額改定認定請求 (9条1項)."""

    code = "child_allowance.claim"
    title = gettext_lazy("Child allowance")
    mode = Mode.CONFIRM
    legal_ground = "児童手当法7条1項・9条1項"
    event_codes = ("resident.birth.recorded", "resident.move_in.recorded")

    def find_concerned(self, event: Event) -> list[Concern]:
        """The parent with whom a new child of the body lives, unless the child is paid for already."""
        household = find_household_of(event.subject, reason=READ_REASON, legal_ground=READ_GROUND)
        if household is None:
            return []
        child = next((member for member in household.members if member.person == event.subject), None)
        if child is None or not _may_count(child, event.effective_on) or _is_paid_for(child.person):
            return []
        claimant = likely_claimant(household, child, event.effective_on)
        if claimant is None:
            return []
        # An event of long ago that is entered today is judged by the oldest rule we hold.
        month = max(Month.of(event.effective_on).plus(1), programme().cards[0].in_force_from)
        probe = FamilyFacts(
            ClaimantFacts(lives_in_japan=True),
            [_new_child(child, lives_apart=False)],
        )
        outcome = decide(month, probe).outcomes[0]
        return [
            Concern(
                person=claimant.person,
                key=f"{event.effective_on}:{child.person}",
                reasons=(_what_happened(event), *(reason for reason in reasons_of(outcome) if reason.holds)),
                subject=child.person,
                due_on=last_day_of_grace(event.effective_on, card_for(month).claim_days, closed),
                facts={"event_on": event.effective_on.isoformat()},
            )
        ]

    def fill(self, case: CaseView) -> list[FilledValue]:
        """Child, claimant and address from the registry, the account from its register, two questions."""
        assert case.subject is not None
        registry = _("Resident record, %(day)s") % {"day": date_format(timezone.localdate(), "DATE_FORMAT")}
        with reading_for(case.person):
            child = get_resident(case.subject, reason=READ_REASON, legal_ground=READ_GROUND)
            claimant = get_resident(case.person, reason=READ_REASON, legal_ground=READ_GROUND)
        stated = stated_by(case.person)
        return [
            _fact("child", _("Child"), str(child.person), child.name.full, registry),
            _fact("child_born_on", _("Date of birth"), child.born_on.isoformat(), _day(child), registry),
            _fact("claimant", _("Who applies"), str(claimant.person), claimant.name.full, registry),
            _fact("address", _("Address"), str(claimant.household), claimant.address.line, registry),
            _account(case.person),
            _question(
                "public_servant",
                _("Are you a public servant whose employer pays the child allowance?"),
                stated.public_servant,
                usual=False,
            ),
            _question(
                "main_earner",
                _("Are you the parent who contributes more to the family's living?"),
                stated.main_earner,
                usual=True,
            ),
        ]

    def check(self, case: CaseView, values: tuple[FilledValue, ...]) -> None:
        """Refuse a claim for a child that somebody is paid for already."""
        if case.subject is not None and _is_paid_for(case.subject, by_other_than=case.person):
            raise CaseRefused(
                _("Somebody else receives the allowance for this child. Please ask your town hall.")
            )

    def decide(self, case: CaseView, values: tuple[FilledValue, ...], applied_on: dt.date) -> Outcome:
        """What the rules say about this child from the first month on."""
        assert case.subject is not None
        given = {value.item: value.value for value in values}
        event_on = dt.date.fromisoformat(case.facts["event_on"])
        # A case of an event that is entered before its day begins with the event.
        start = entitlement_start(event_on, max(applied_on, event_on), closed)
        family = family_of(case.person, stated=_stated(given), adding=case.subject, adding_from=start)
        month = max(start, Month.of(applied_on).plus(1)) if start < Month.of(applied_on) else start
        outcome = decide(month, family).of(str(case.subject))
        result = {
            Effect.PAYMENT: Result.GRANTED,
            Effect.NO_PAYMENT: Result.REFUSED,
            Effect.UNDETERMINED: Result.UNDETERMINED,
        }[outcome.effect]
        return Outcome(
            result=result,
            reasons=reasons_of(outcome),
            rule_version=outcome.card.version,
            effective_from=start.first_day if result is Result.GRANTED else None,
            details={
                "amount_yen_per_month": outcome.amount_yen or 0,
                "from_month": str(start),
                "first_payment": str(payment_month(start)),
                "outcome": outcome.as_json(),
                "stated": {name: given.get(name) for name in ("public_servant", "main_earner")},
            },
            missing=questions_of(outcome),
        )

    def carry_out(self, case: CaseView, outcome: Outcome) -> None:
        """Begin the entitlement and plan the payments, or take back what an earlier decision began."""
        assert case.subject is not None
        record_recipient(person=case.person, stated=_stated(outcome.details["stated"]))
        if outcome.result is Result.GRANTED:
            begin_entitlement(
                recipient=case.person,
                child=case.subject,
                from_month=Month.parse(outcome.details["from_month"]),
                case=case.public_id,
            )
        else:
            undo_entitlement(recipient=case.person, child=case.subject)
        plan_payments(case.person)


def _what_happened(event: Event) -> Reason:
    """The event itself, as the first reason."""
    on = event.effective_on
    day_ja, day_en = f"{on.year}年{on.month}月{on.day}日", f"{on.day} {on:%B} {on.year}"
    if event.code == "resident.birth.recorded":
        return Reason(
            code="出生",
            holds=True,
            ja=f"{day_ja}にお子さんが生まれたと届け出がありました。",
            en=f"We were told that your child was born on {day_en}.",
            easy=f"{day_ja}に お子（こ）さんが 生（う）まれた と 聞（き）きました。",
            article="児童手当法4条1項",
        )
    return Reason(
        code="転入",
        holds=True,
        ja=f"{day_ja}にお子さんが転入したと届け出がありました。",
        en=f"We were told that your child moved here on {day_en}.",
        easy=f"{day_ja}に お子（こ）さんが ここに ひっこして きた と 聞（き）きました。",
        article="児童手当法4条1項",
    )


def likely_claimant(household: HouseholdView, child: ResidentView, on: dt.date) -> ResidentView | None:
    """The member who is told first: who is paid already, else the parents by their place in the household.

    Between two parents the higher contribution to the living decides (児童手当法4条3項); no register tells it, so
    the notice goes to the head of the household or the spouse, who states it.
    """
    adults = [m for m in household.members if m.person != child.person and _age(m, on) >= OLDEST_CHILD]
    paid = set(
        Entitlement.objects.filter(
            recipient__in=[adult.person for adult in adults], recorded_until=None, through_month=None
        ).values_list("recipient", flat=True)
    )
    parents_are = (
        (Relationship.HEAD, Relationship.SPOUSE)
        if child.relationship is Relationship.CHILD
        else (Relationship.CHILD, Relationship.HEAD, Relationship.SPOUSE)
    )
    order = {relationship: place for place, relationship in enumerate(parents_are)}
    ranked = sorted(
        adults, key=lambda m: (m.person not in paid, order.get(m.relationship, len(order)), m.person_number)
    )
    return ranked[0] if ranked else None


def _age(member: ResidentView, on: dt.date) -> int:
    return legal_age(member.born_on.latest(), on) if member.born_on.year is not None else OLDEST_CHILD


def _may_count(child: ResidentView, on: dt.date) -> bool:
    """Whether the person can be a child in the sense of article 3 at all; the rules decide precisely."""
    return child.born_on.year is not None and legal_age(child.born_on.latest(), on) <= OLDEST_CHILD


def _is_paid_for(child: UUID, by_other_than: UUID | None = None) -> bool:
    rows = Entitlement.objects.filter(child=child, recorded_until=None, through_month=None)
    return (rows.exclude(recipient=by_other_than) if by_other_than else rows).exists()


def _new_child(child: ResidentView, *, lives_apart: bool) -> ChildFacts:
    return ChildFacts(
        child_id=str(child.person),
        born_on=child.born_on.exact() if child.born_on.is_exact else None,
        lives_apart=lives_apart,
        in_facility=False,
        in_japan_or_studying_abroad=True,
    )


def _stated(given: "dict[str, object]") -> Stated:
    return Stated(
        public_servant=YES_NO.get(str(given.get("public_servant"))),
        main_earner=YES_NO.get(str(given.get("main_earner"))),
    )


def _fact(item: str, label: str, value: str, display: str, source: str) -> FilledValue:
    return FilledValue(item, label, value, display, Source.REGISTRY, source)


def _question(item: str, label: str, stated: bool | None, *, usual: bool) -> FilledValue:
    answer = usual if stated is None else stated
    choices = (("yes", _("Yes")), ("no", _("No")))
    value = "yes" if answer else "no"
    source_text = (
        _("What you stated before")
        if stated is not None
        else _("The usual case; please change it if it differs")
    )
    source = Source.EARLIER_APPLICATION if stated is not None else Source.RULE
    return FilledValue(
        item, label, value, dict(choices)[value], source, source_text, editable=True, choices=choices
    )


def _account(person: UUID) -> FilledValue:
    account = find_account(person, on=timezone.localdate(), reason=READ_REASON, legal_ground=READ_GROUND)
    label = _("Account")
    if account is None:
        text = _("No account is registered yet. The allowance is kept for you until you register one.")
        return FilledValue("account", label, "", _("Not registered yet"), Source.ACCOUNT_REGISTER, text)
    display = f"{account.bank_name} {account.branch_name} {account.masked_number}"
    return FilledValue(
        "account", label, str(account.public_id), display, Source.ACCOUNT_REGISTER, _("Account register")
    )


def _day(child: ResidentView) -> str:
    return date_format(child.born_on.exact(), "DATE_FORMAT") if child.born_on.is_exact else child.born_text


def find_name(person: UUID | None) -> str:
    """A person's name for a page, or an empty text when the reader cannot find the person."""
    if person is None:
        return ""
    try:
        return get_resident(person, reason=READ_REASON, legal_ground=READ_GROUND).name.full
    except ResidentNotFound:
        return ""
