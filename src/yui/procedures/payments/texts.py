"""What the choices of payments are called on screens and in letters."""

from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yui.procedures.payments.contracts import (
    AccountKind,
    AccountSource,
    ItemOutcome,
    OrderState,
    ReturnReason,
    RunState,
    SkipReason,
)

# By class and name: as strings, members of two enums with the same value would be one key.
_TEXTS: dict[tuple[type[Enum], str], str | Promise] = {
    (AccountKind, "ORDINARY"): _("Ordinary deposit"),
    (AccountKind, "CURRENT"): _("Current account"),
    (AccountKind, "TAX_RESERVE"): _("Tax reserve deposit"),
    (AccountKind, "SAVINGS"): _("Savings deposit"),
    (AccountKind, "NOTICE"): _("Deposit at notice"),
    (AccountKind, "TIME"): _("Time deposit"),
    (AccountKind, "INSTALMENT_TIME"): _("Instalment time deposit"),
    (AccountKind, "INSTALMENT_SAVINGS"): _("Instalment savings"),
    (AccountKind, "OTHER"): pgettext_lazy("kind of account", "Other"),
    (AccountSource, "APPLICATION"): _("Stated in an application"),
    (AccountSource, "PUBLIC_MONEY_ACCOUNT"): _("Public money account"),
    (OrderState, "OPEN"): _("To be paid"),
    (OrderState, "IN_RUN"): _("On its way"),
    (OrderState, "PAID"): _("Paid"),
    (OrderState, "RETURNED"): _("Came back"),
    (OrderState, "WITHDRAWN"): _("Withdrawn"),
    (RunState, "PREPARED"): _("Prepared"),
    (RunState, "FROZEN"): _("Frozen, waits for approval"),
    (RunState, "APPROVED"): _("Approved"),
    (RunState, "EXPORTED"): _("Given to the bank"),
    (RunState, "SETTLED"): _("Settled"),
    (RunState, "CANCELLED"): _("Cancelled"),
    (ItemOutcome, "PENDING"): _("No result yet"),
    (ItemOutcome, "PAID"): _("Paid"),
    (ItemOutcome, "RETURNED"): _("Came back"),
    (ItemOutcome, "REMOVED"): _("Taken out"),
    (ReturnReason, "NO_SUCH_ACCOUNT"): _("No such account"),
    (ReturnReason, "ACCOUNT_CLOSED"): _("Account closed"),
    (ReturnReason, "NAME_MISMATCH"): _("The holder's name differs"),
    (ReturnReason, "REFUSED_BY_PAYEE"): _("At the payee's request"),
    (ReturnReason, "RECALLED"): _("Called back by us"),
    (ReturnReason, "BANK_TROUBLE"): _("Trouble at the bank"),
    (ReturnReason, "OTHER"): pgettext_lazy("reason of a return", "Other"),
    (SkipReason, "NO_ACCOUNT"): _("No account is registered"),
    (SkipReason, "UNKNOWN_BRANCH"): _("The branch is no longer in the bank register"),
}


def text_of(choice: Enum) -> str | Promise:
    """Return what a choice is called, translated when shown."""
    return _TEXTS[type(choice), choice.name]
