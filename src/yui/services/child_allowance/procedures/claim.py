"""認定請求 and 額改定認定請求: a child is born or moves in, and the parent confirms."""

import datetime as dt
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.engines.rules.public import last_day_of_grace
from yui.kernel.calendar.public import is_business_day, legal_age
from yui.kernel.jobs.public import publish
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
from yui.services.child_allowance.actions import (
    begin_entitlement,
    hold_recipient,
    record_recipient,
    undo_entitlement,
)
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

MOVE_IN = "resident.move_in.recorded"
CLAIMANT_SOUGHT = "child_allowance.claimant.sought"
OLDEST_CHILD = 18
LONGEST_BETWEEN = dt.timedelta(days=365)
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
    event_codes = ("resident.birth.recorded", MOVE_IN, CLAIMANT_SOUGHT)

    def find_concerned(self, event: Event) -> list[Concern]:
        """The parent with whom a new child of the body lives, unless the child is paid for already."""
        # A departure may be announced ahead; who lives with the child from that day on counts.
        day = max(timezone.localdate(), event.effective_on)
        household = find_household_of(event.subject, as_of=day, reason=READ_REASON, legal_ground=READ_GROUND)
        if household is None:
            return []
        child = next((member for member in household.members if member.person == event.subject), None)
        if child is None or not _may_count(child, event.effective_on) or _is_paid_for(child.person):
            return []
        claimant = likely_claimant(household, child, event.effective_on, but=event.ids.get("former", ""))
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
                key=f"{event.effective_on}:{child.person}:{claimant.person}",
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
            *([_left_on(case)] if case.event_code == MOVE_IN else []),
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
        """Refuse a claim for a child that somebody is paid for already, and an impossible day of moving out."""
        # Twins are claimed for in two tabs: the second decision must see what the first began.
        hold_recipient(case.person)
        left_on, moved_on = _base(case, values), dt.date.fromisoformat(case.facts["event_on"])
        if not moved_on - LONGEST_BETWEEN <= left_on <= moved_on:
            raise CaseRefused(_("The day you announced must lie before the move here, by a year at most."))
        if case.subject is not None and _is_paid_for(case.subject, by_other_than=case.person):
            raise CaseRefused(
                _("Somebody else receives the allowance for this child. Please ask your town hall.")
            )

    def decide(self, case: CaseView, values: tuple[FilledValue, ...], applied_on: dt.date) -> Outcome:
        """What the rules say about this child from the first month on."""
        assert case.subject is not None
        given = {value.item: value.value for value in values}
        event_on = _base(case, values)
        # A case of an event that is entered before its day begins with the event.
        start = entitlement_start(event_on, max(applied_on, event_on), closed)
        month = max(start, Month.of(applied_on).plus(1)) if start < Month.of(applied_on) else start
        family = family_of(
            case.person, month=month, stated=_stated(given), adding=case.subject, adding_from=start
        )
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
        stated = _stated(outcome.details["stated"])
        record_recipient(person=case.person, stated=stated)
        if outcome.result is Result.GRANTED:
            begin_entitlement(
                recipient=case.person,
                child=case.subject,
                from_month=Month.parse(outcome.details["from_month"]),
                case=case.public_id,
            )
        else:
            undo_entitlement(recipient=case.person, child=case.subject, case=case.public_id)
            if stated.main_earner is False:
                seek_claimant(case, on=dt.date.fromisoformat(case.facts["event_on"]))
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
    if event.code == CLAIMANT_SOUGHT:
        return Reason(
            code="受給者の変更",
            holds=True,
            ja=f"{day_ja}の届出などにより、これまで請求していた方には支給されません。お子さんを養育する方が請求できます。",
            en=f"Since {day_en} the other parent is not paid for the child. Whoever raises the child may claim.",
            easy="これまでの 人（ひと）は もらえません。お子（こ）さんを 育（そだ）てる 人（ひと）が もうしこめます。",
            article="児童手当法4条1項・3項",
        )
    return Reason(
        code="転入",
        holds=True,
        ja=f"{day_ja}にお子さんが転入したと届け出がありました。",
        en=f"We were told that your child moved here on {day_en}.",
        easy=f"{day_ja}に お子（こ）さんが ここに ひっこして きた と 聞（き）きました。",
        article="児童手当法4条1項",
    )


def seek_claimant(case: CaseView, *, on: dt.date) -> None:
    """Offer the claim to another parent who lives with the child, since this one is paid no more or not at all."""
    assert case.subject is not None
    publish(
        CLAIMANT_SOUGHT,
        subject=case.subject,
        effective_on=on,
        key=f"{case.public_id}:{case.version}",
        former=str(case.person),
    )


def likely_claimant(
    household: HouseholdView, child: ResidentView, on: dt.date, *, but: str = ""
) -> ResidentView | None:
    """The member who is told first: who is paid already, else the parents by their place in the household.

    Between two parents the higher contribution to the living decides (児童手当法4条3項); no register tells it, so
    the notice goes to the head of the household or the spouse, who states it.

    Args:
        but: somebody who is no claimant any more.
    """
    adults = [m for m in household.members if str(m.person) not in (str(child.person), but)]
    adults = [m for m in adults if _age(m, on) >= OLDEST_CHILD]
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
    """The age on a day; of somebody born later, or perhaps later, 0."""
    if member.born_on.year is None:
        return OLDEST_CHILD
    latest = member.born_on.latest()
    return legal_age(latest, on) if latest <= on else 0


def _may_count(child: ResidentView, on: dt.date) -> bool:
    """Whether the person can be a child in the sense of article 3 at all; the rules decide precisely."""
    return child.born_on.year is not None and _age(child, on) <= OLDEST_CHILD


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


def _left_on(case: CaseView) -> FilledValue:
    """転出予定日: the last municipality pays through its month, so the 15 days count from it (8条3項)."""
    moved_on = dt.date.fromisoformat(case.facts["event_on"])
    return FilledValue(
        "left_on",
        _("Day of moving out that you announced at your last municipality"),
        moved_on.isoformat(),
        date_format(moved_on, "DATE_FORMAT"),
        Source.RULE,
        _(
            "It stands in your certificate of moving out. The 15 days count from it; please change it if it differs."
        ),
        editable=True,
        is_day=True,
    )


def _base(case: CaseView, values: tuple[FilledValue, ...]) -> dt.date:
    """The day from which the 15 days count: of the birth or change, after a move the day announced there."""
    stated = next((value.value for value in values if value.item == "left_on"), None)
    return dt.date.fromisoformat(stated or case.facts["event_on"])


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
