"""What the treasury says about itself."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import Audience, NavItem, Role, ServiceConfig

READ = "treasury.run.read"
PREPARE = "treasury.run.prepare"
APPROVE = "treasury.run.approve"
EXPORT = "treasury.run.export"
RESULTS = "treasury.results.record"
ACCOUNT_READ = "treasury.account.read"
ACCOUNT_CHANGE = "treasury.account.change"
PAYING_ACCOUNT_CHANGE = "treasury.paying_account.change"
REOPEN = "treasury.order.reopen"


class TreasuryConfig(ServiceConfig):
    """Account register, payment runs, bank files and their results."""

    name = "yui.services.treasury"
    title = _("Treasury")
    summary = _("Payment runs, bank files and the account register")
    url_prefix = "treasury"
    permissions = {
        READ: _("See payment runs"),
        PREPARE: _("Prepare and freeze payment runs"),
        APPROVE: _("Approve payment runs"),
        EXPORT: _("Download bank files"),
        RESULTS: _("Record results from the bank"),
        ACCOUNT_READ: _("Look accounts of payees up"),
        ACCOUNT_CHANGE: _("Register accounts of payees"),
        PAYING_ACCOUNT_CHANGE: _("Register the accounts the body pays from"),
        REOPEN: _("Let returned payments be made again"),
    }
    roles = (
        Role(
            "cashier",
            _("Cashier"),
            frozenset(
                {READ, PREPARE, EXPORT, RESULTS, ACCOUNT_READ, ACCOUNT_CHANGE, PAYING_ACCOUNT_CHANGE, REOPEN}
            ),
        ),
        Role("cashier_approver", _("Approver of payments"), frozenset({READ, APPROVE, ACCOUNT_READ})),
    )
    navigation = (
        NavItem(_("Payment runs"), "treasury:runs", Audience.STAFF, READ, "yen", order=60),
        NavItem(_("Returned payments"), "treasury:returned", Audience.STAFF, REOPEN, "bell", order=61),
        NavItem(_("Account register"), "treasury:accounts", Audience.STAFF, ACCOUNT_READ, "list", order=62),
    )
