"""What payments says about itself."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class PaymentsConfig(ServiceConfig):
    """Accounts of payees, what is owed, payment runs and bank files."""

    name = "yui.procedures.payments"
    label = "payments"
    title = _("Payments")
    summary = _("Accounts, payment runs and bank files")
    acts = {
        "payments.account.registered": _("Your account for receiving money was registered"),
        "payments.account.ended": _("Your account for receiving money was taken out of the register"),
        "payments.account.read": _("Your account for receiving money was looked at"),
        "payments.account.exported": _("Your account was passed to the bank to pay you"),
        "payments.paying_account.registered": _("An account to pay from was registered"),
        "payments.order.placed": _("A payment to you was ordered"),
        "payments.order.read": _("Your payments were looked at"),
        "payments.order.withdrawn": _("A payment to you was withdrawn before it was made"),
        "payments.order.reopened": _("A payment that came back is to be made again"),
        "payments.order.paid": _("A payment to you was made"),
        "payments.order.returned": _("A payment to you came back from the bank"),
        "payments.run.prepared": _("A payment run was prepared"),
        "payments.run.frozen": _("A payment run was frozen"),
        "payments.run.approved": _("A payment run was approved"),
        "payments.run.exported": _("The bank file of a payment run was downloaded"),
        "payments.run.cancelled": _("A payment run was cancelled"),
        "payments.run.settled": _("Every payment of a run has its result"),
        "payments.item.removed": _("A payment to you was taken out of a payment run"),
        "payments.results.recorded": _("Results from the bank were recorded"),
    }
    events = {
        "payments.order.paid": acts["payments.order.paid"],
        "payments.order.returned": acts["payments.order.returned"],
    }
