"""From what payments tells to what a page shows."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from yui.identity.public import find_account
from yui.kernel.access.public import Actor
from yui.kernel.calendar.public import BusinessCalendar, add_business_days
from yui.kernel.services import list_services
from yui.procedures.payments.contracts import (
    AccountView,
    ItemOutcome,
    ItemView,
    OrderView,
    PayingAccountView,
    RunPreview,
    RunState,
    RunView,
)
from yui.procedures.payments.public import text_of
from yui.registries.people.public import ResidentView, list_residents
from yui.services.treasury.apps import APPROVE, EXPORT, PREPARE, RESULTS

LEGAL_GROUND = "地方自治法施行令165条の2"
"""Payment by transfer to an account: the ground on which accounts and names of payees are read here."""

# Banks want a bulk transfer three business days before.
_DAYS_AHEAD = 4
_SKIPPED_SHOWN = 50
_STEPS = (RunState.PREPARED, RunState.FROZEN, RunState.APPROVED, RunState.EXPORTED, RunState.SETTLED)
_STATUS = {
    RunState.PREPARED: "action",
    RunState.FROZEN: "waiting",
    RunState.APPROVED: "action",
    RunState.EXPORTED: "going",
    RunState.SETTLED: "done",
    RunState.CANCELLED: "refused",
}
_OUTCOME_STATUS = {
    ItemOutcome.PENDING: "waiting",
    ItemOutcome.PAID: "done",
    ItemOutcome.RETURNED: "refused",
    ItemOutcome.REMOVED: "",
}


def suggested_value_day(today: dt.date) -> dt.date:
    """The first day of payment that leaves the bank its usual time."""
    return add_business_days(today, _DAYS_AHEAD, BusinessCalendar.BANK)


def programme_label(code: str) -> str | Promise:
    """What a benefit is called: the title of the service of this name, else its code."""
    return next((service.title for service in list_services() if service.label == code), code)


def person_label(actor_id: str) -> str:
    """What an actor is called; a job is called by its name."""
    try:
        account = find_account(UUID(actor_id))
    except ValueError:
        return actor_id
    return account.label if account else _("An account that no longer exists")


def crumbs() -> list[tuple[str, str]]:
    """The way back to the list of runs."""
    return [(_("Payment runs"), reverse("treasury:runs"))]


def run_title(run: RunView) -> str:
    """What a run is called."""
    return _("Payment run %(number)s") % {"number": run.number}


def readable(kana: str) -> str:
    """A holder's name as people read it: bank files know half-width kana only, the screen need not."""
    return unicodedata.normalize("NFKC", kana)


def run_row(run: RunView) -> dict[str, Any]:
    """One run in the list."""
    return {
        "run": run,
        "href": reverse("treasury:run", args=[run.public_id]),
        "state": text_of(run.state),
        "status": _STATUS[run.state],
    }


def run_page(run: RunView, actor: Actor) -> dict[str, Any]:
    """Everything about one run except its payments."""
    may = actor.permissions
    own = actor.public_id in (run.prepared_by, run.frozen_by)
    frozen = run.state is RunState.FROZEN
    return {
        "title": run_title(run),
        "crumbs": crumbs(),
        "run": run,
        "state": text_of(run.state),
        "status": _STATUS[run.state],
        "steps": _steps(run),
        "figures": _figures(run),
        # In pieces, so that the line can break on a narrow screen.
        "checksum": [run.file_sha256[at : at + 8] for at in range(0, len(run.file_sha256), 8)],
        "may_freeze": run.state is RunState.PREPARED and PREPARE in may,
        "may_remove": run.state is RunState.PREPARED and PREPARE in may,
        "may_approve": frozen and APPROVE in may and not own,
        "own_run": frozen and APPROVE in may and own,
        "may_export": run.state in (RunState.APPROVED, RunState.EXPORTED, RunState.SETTLED) and EXPORT in may,
        "may_cancel": run.state in (RunState.PREPARED, RunState.FROZEN, RunState.APPROVED) and PREPARE in may,
        "may_record": run.state in (RunState.EXPORTED, RunState.SETTLED) and RESULTS in may,
    }


def _steps(run: RunView) -> list[dict[str, Any]]:
    if run.state is RunState.CANCELLED:
        return []
    reached = _STEPS.index(run.state)
    who = {
        RunState.PREPARED: (run.prepared_by, run.prepared_at),
        RunState.FROZEN: (run.frozen_by, run.frozen_at),
        RunState.APPROVED: (run.approved_by, run.approved_at),
        RunState.EXPORTED: ("", run.exported_at),
        RunState.SETTLED: ("", run.settled_at),
    }
    steps = []
    for place, state in enumerate(_STEPS):
        actor_id, at = who[state]
        steps.append(
            {
                "label": _("Frozen") if state is RunState.FROZEN else text_of(state),
                "state": "todo" if place > reached else "current" if place == reached else "done",
                "by": person_label(actor_id) if actor_id else "",
                "at": at,
            }
        )
    return steps


def _figures(run: RunView) -> list[dict[str, Any]]:
    figures = [
        {"label": _("Total"), "count": run.count, "yen": run.total_yen},
    ]
    if run.state in (RunState.EXPORTED, RunState.SETTLED):
        figures += [
            {"label": text_of(ItemOutcome.PAID), "count": run.paid_count, "yen": run.paid_yen},
            {"label": text_of(ItemOutcome.RETURNED), "count": run.returned_count, "yen": run.returned_yen},
        ]
    return figures


def item_row(item: ItemView) -> dict[str, Any]:
    """One payment of a run."""
    return {
        "item": item,
        "holder": readable(item.account.holder_kana),
        "programme": programme_label(item.programme_code),
        "kind": text_of(item.account.kind),
        "outcome": text_of(item.outcome),
        "status": _OUTCOME_STATUS[item.outcome],
        "reason": text_of(item.return_reason) if item.return_reason else "",
        "account_href": reverse("treasury:account", args=[item.payee]),
    }


def preview(preview: RunPreview) -> dict[str, Any]:
    """What a run would hold, and what is left out and why."""
    names = _names(order.payee for order in preview.skipped[:_SKIPPED_SHOWN])
    return {
        "preview": preview,
        "programmes": [
            {"label": programme_label(code), "count": count, "yen": total}
            for code, count, total in preview.by_programme
        ],
        "skipped": [
            {
                "name": names.get(order.payee, ""),
                "amount_yen": order.amount_yen,
                "reason": text_of(order.reason),
                "href": reverse("treasury:account", args=[order.payee]),
            }
            for order in preview.skipped[:_SKIPPED_SHOWN]
        ],
        "more_skipped": max(len(preview.skipped) - _SKIPPED_SHOWN, 0),
    }


def returned_rows(orders: Sequence[OrderView]) -> list[dict[str, Any]]:
    """Money that came back, with whom to ask and why."""
    names = _names(order.payee for order in orders)
    return [
        {
            "order": order,
            "name": names.get(order.payee, ""),
            "programme": programme_label(order.programme_code),
            "reason": text_of(order.return_reason) if order.return_reason else "",
            "account_href": reverse("treasury:account", args=[order.payee]),
        }
        for order in orders
    ]


def _names(payees: Iterable[UUID]) -> dict[UUID, str]:
    """Names for the screen; protected persons and those the registry does not know are left out."""
    residents = list_residents(payees, reason="payment_run", legal_ground=LEGAL_GROUND)
    return {resident.person: resident.name.full for resident in residents}


def person_row(resident: ResidentView) -> dict[str, Any]:
    """One person who was found."""
    return {
        "name": resident.name.full,
        "kana": resident.name.full_kana,
        "person_number": resident.person_number,
        "born_on": resident.born_on,
        "href": reverse("treasury:account", args=[resident.person]),
    }


def account_facts(account: AccountView) -> list[dict[str, Any]]:
    """The account that counts today."""
    return [
        {"label": _("Bank"), "value": f"{account.bank_name} ({account.bank_code})"},
        {"label": _("Branch"), "value": f"{account.branch_name} ({account.branch_code})"},
        {"label": _("Kind of account"), "value": text_of(account.kind)},
        {"label": _("Account number"), "value": account.masked_number},
        {
            "label": _("Holder in kana"),
            "value": readable(account.holder_kana),
            "source": text_of(account.source),
            "as_of": account.valid_from,
        },
    ]


def account_row(account: AccountView, current: AccountView | None) -> dict[str, Any]:
    """One statement about an account."""
    return {
        "account": account,
        "holder": readable(account.holder_kana),
        "kind": text_of(account.kind),
        "source": text_of(account.source),
        "by": person_label(account.recorded_by),
        "is_current": current is not None and current.public_id == account.public_id,
    }


def paying_account_row(account: PayingAccountView) -> list[str]:
    """One account the body pays from."""
    return [
        account.code,
        f"{account.bank_name} {account.branch_name}",
        account.masked_number,
        account.originator_code,
        readable(account.originator_name),
    ]
