"""What the pages show, put together from the doors below."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yui.engines.rules.public import Explanation, Language, Member
from yui.kernel.access.public import ActorKind, current_actor
from yui.kernel.journal.public import EntryView, list_about, record
from yui.kernel.services import all_acts
from yui.procedures.cases import public as procedures
from yui.procedures.cases.public import (
    CaseState,
    CaseView,
    DecisionView,
    FilledValue,
    Mode,
    NoticeKind,
    Reason,
    Result,
    get_procedure,
)
from yui.procedures.payments.contracts import OrderState, OrderView
from yui.procedures.payments.public import list_orders_for
from yui.procedures.programmes.public import CannotExplain, explain_decision, known_then, with_names
from yui.registries.people.public import ResidentNotFound, get_resident

LOOKS_SHOWN = 1000


@dataclass(frozen=True)
class ReasonLine:
    """One reason in the reader's language."""

    text: str
    article: str
    holds: bool | None
    members: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Look:
    """One entry of the journal about the reader."""

    at: dt.datetime
    who: str
    what: str
    ground: str
    own: bool


def state_of(case: CaseView) -> tuple[str, str]:
    """A case's state as status kind and word."""
    match case.state:
        case CaseState.NOTIFIED:
            return "action", _("Please confirm")
        case CaseState.SUBMITTED:
            return "waiting", _("Being examined")
        case CaseState.DECIDED:
            return "done", _("Decided")
        case CaseState.WITHDRAWN:
            return "", _("Withdrawn")
        case CaseState.VOID:
            return "", _("Stopped")
        case _:
            return "going", _("For your information")


def case_cards(cases: Sequence[CaseView]) -> list[dict[str, Any]]:
    """Cases as cards."""
    cards = []
    for case in cases:
        kind, label = state_of(case)
        name = _others_name(case.subject, case.person)
        cards.append(
            {
                "title": case.title,
                "name": name,
                "href": reverse("portal:case", args=[case.public_id]),
                "meta": date_format(timezone.localtime(case.opened_at), "DATE_FORMAT"),
                "status_kind": kind,
                "status_label": label,
                "due_on": case.due_on if case.state is CaseState.NOTIFIED else None,
                "waiting_for_me": case.state is CaseState.NOTIFIED,
            }
        )
    return cards


def home(person: UUID, name: str) -> dict[str, Any]:
    """The home page."""
    # What is only told stands under the news until it is opened.
    cases = [one for one in procedures.list_cases_of(person) if one.state is not CaseState.INFORMED]
    cards = case_cards(cases)
    orders = list_orders_for(payee=person, reason="own_page")
    today = timezone.localdate()
    coming = [o for o in orders if o.state in (OrderState.OPEN, OrderState.IN_RUN) and o.due_on >= today]
    looks = [look for look in looks_of(list_about(person, limit=200)) if not look.own]
    return {
        "title": _("Hello, %(name)s") % {"name": name} if name else _("My page"),
        "news": news(person),
        "to_confirm": [card for card in cards if card["waiting_for_me"]],
        "others": [card for card in cards if not card["waiting_for_me"]][:4],
        "coming": coming[:4],
        "looks": looks[:3],
    }


def news(person: UUID) -> list[dict[str, Any]]:
    """What a person was told for their information and has not opened yet, as cards."""
    unread = [
        notice
        for notice in procedures.list_notices_of(person)
        if notice.kind is NoticeKind.INFORMATION and notice.read_at is None
    ]
    return [
        {
            "title": ": ".join(filter(None, (str(notice.title), _others_name(notice.subject, person)))),
            "href": reverse("portal:case", args=[notice.case]),
            "meta": date_format(timezone.localtime(notice.sent_at), "DATETIME_FORMAT"),
            "text": reason_lines(notice.reasons[:1])[0].text if notice.reasons else "",
        }
        for notice in unread
    ]


def reason_lines(reasons: Sequence[Reason]) -> list[ReasonLine]:
    """Reasons in the reader's language."""
    english = _language() is Language.EN
    return [ReasonLine(r.en if english else r.ja, r.article, r.holds) for r in reasons]


def explained_lines(explanation: Explanation) -> list[ReasonLine]:
    """Every condition of an explanation."""
    return [ReasonLine(one.text, one.cite, one.value, one.members) for one in explanation.reasons]


def decision_lines(case: CaseView, decision: DecisionView) -> list[ReasonLine]:
    """The reasons of a decision as it was made, the members of the family by name."""
    language = _language()
    try:
        explanation = explain_decision(decision, str(case.title), language)
    except CannotExplain:
        return reason_lines(decision.reasons)
    return explained_lines(with_names(explanation, _name, language))


def case_page(
    case: CaseView, values: Sequence[FilledValue], query: Mapping[str, Any], *, asking: bool
) -> dict[str, Any]:
    """The page of one case; ``asking`` when it can be confirmed or corrected here and now.

    ``query`` is the address's: it may ask for the decision by what was known on an earlier day.
    """
    decisions = procedures.list_decisions(case.public_id)
    decision = decisions[0] if decisions else None
    notices = [n for n in procedures.list_notices_of(case.person) if n.case == case.public_id]
    first = notices[-1] if notices else None
    informs = case.mode is Mode.NOTICE
    kind, label = state_of(case)
    then = known_then(case, query, _language(), _name) if decision else None
    orders = list_orders_for(case_reference=str(case.public_id), reason="own_page") if decision else []
    return {
        "title": case.title,
        "crumbs": [(_("Home"), reverse("portal:home")), (_("Procedures"), reverse("portal:cases"))],
        "case": case,
        "subject_name": _others_name(case.subject, case.person),
        "status_kind": kind,
        "status_label": label,
        "steps": _steps(case),
        "told": reason_lines(first.reasons) if first and informs else [],
        "page": get_procedure(case.procedure).page(case),
        "why_first": reason_lines(first.reasons[:1] if first and not informs else ()),
        "why_more": reason_lines(first.reasons[1:] if first and not informs else ()),
        "facts": [
            {"label": v.label, "value": v.display, "source": v.source_text}
            for v in values
            if not (asking and v.editable)
        ],
        "open_to_confirm": asking,
        "can_correct": case.may_be_sent,
        "can_withdraw": case.may_be_withdrawn,
        "decision": decision,
        "decision_text": decision_text(decision.result) if decision else "",
        "decision_reasons": decision_lines(case, decision) if decision else [],
        "then": then,
        "then_reasons": explained_lines(then.explanation) if then and then.explanation else [],
        **payment_rows(orders),
    }


def decision_text(result: Result) -> str:
    """A decision in one sentence."""
    return {
        Result.GRANTED: _("Granted."),
        Result.CHANGED: _("Changed."),
        Result.ENDED: _("Ended."),
        Result.REFUSED: _("Not granted."),
        Result.UNDETERMINED: _("Not decided yet."),
    }[result]


def _steps(case: CaseView) -> list[dict[str, str]]:
    labels = [_("Notice"), _("Your confirmation"), _("Decision")]
    if case.mode is not Mode.CONFIRM:
        return []
    here = {CaseState.NOTIFIED: 1, CaseState.SUBMITTED: 2, CaseState.DECIDED: 3}.get(case.state)
    if here is None:
        return []
    states = ["done" if number < here else "current" if number == here else "todo" for number in range(3)]
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


def payment_rows(orders: Sequence[OrderView]) -> dict[str, Any]:
    """Payments as a table."""
    words = {
        OrderState.OPEN: ("waiting", _("Planned")),
        OrderState.IN_RUN: ("going", _("Being paid")),
        OrderState.PAID: ("done", _("Paid")),
        OrderState.RETURNED: ("action", _("Came back from the bank")),
        OrderState.WITHDRAWN: ("", _("Cancelled")),
    }
    rows = []
    for order in orders:
        kind, label = words[order.state]
        day = date_format(order.settled_on or order.due_on, "DATE_FORMAT")
        rows.append(
            [day, order.period_label, f"{order.amount_yen:,}", {"text": label, "status": kind or "none"}]
        )
    return {
        "payment_columns": [
            {"label": _("Day")},
            {"label": _("For")},
            {"label": _("Yen"), "num": True},
            {"label": _("State")},
        ],
        "payment_rows": rows,
    }


def looks(person: UUID) -> list[Look]:
    """Every entry of the journal about a person, newest first; looking is an entry too."""
    record("portal.looks.read", subject=person)
    return looks_of(list_about(person, limit=LOOKS_SHOWN))


def looks_of(entries: Sequence[EntryView]) -> list[Look]:
    """Journal entries in words; who acted is named by office, never by name."""
    texts = all_acts()
    me = current_actor().public_id
    return [
        Look(
            at=entry.at,
            who=_who(entry, me),
            what=str(texts.get(entry.act, entry.act)),
            ground=entry.legal_ground,
            own=entry.actor_kind == ActorKind.RESIDENT and entry.actor_id == me,
        )
        for entry in entries
    ]


def _who(entry: EntryView, me: str) -> str:
    if entry.actor_kind == ActorKind.RESIDENT:
        return _("Yourself") if entry.actor_id == me else _("Another resident, for you")
    if entry.actor_kind == ActorKind.STAFF:
        # A short code lets the town hall find the person without showing a name here.
        return _("Town hall staff (%(code)s)") % {"code": entry.actor_id[:8]}
    return _("The system, by rule")


def _language() -> Language:
    return Language.EN if (get_language() or "ja").startswith("en") else Language.JA


def _others_name(subject: UUID | None, reader: UUID) -> str:
    """Whom something is about, where it is not the reader."""
    return _name(subject) if subject and subject != reader else ""


def _name(person: UUID) -> str:
    try:
        return get_resident(person, reason="own_page").name.full
    except ResidentNotFound:
        return ""
