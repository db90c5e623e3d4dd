"""The door of payments: what other floors may do with money that is owed."""

from yui.procedures.payments.actions.accounts import (
    end_account,
    register_account,
    register_accounts,
    register_paying_account,
)
from yui.procedures.payments.actions.orders import (
    hold_open_orders,
    order_payment,
    order_payments,
    reopen_order,
    withdraw_order,
)
from yui.procedures.payments.actions.results import record_results
from yui.procedures.payments.actions.runs import (
    approve_run,
    cancel_run,
    export_run,
    freeze_run,
    prepare_run,
    remove_item,
)
from yui.procedures.payments.bank_file import is_bank_business_day
from yui.procedures.payments.queries import (
    find_account,
    find_order,
    get_run,
    list_accounts,
    list_orders_for,
    list_orders_of,
    list_paying_accounts,
    list_returned_orders,
    list_run_items,
    list_runs,
    preview_run,
)
from yui.procedures.payments.results import read_results, result_layout
from yui.procedures.payments.rules import masked, yucho_account
from yui.procedures.payments.texts import text_of
from yui.procedures.payments.zengin.banks import Branch, find_branch, list_banks, register_version

__all__ = [
    "Branch",
    "approve_run",
    "cancel_run",
    "end_account",
    "export_run",
    "find_account",
    "find_branch",
    "find_order",
    "freeze_run",
    "get_run",
    "hold_open_orders",
    "is_bank_business_day",
    "list_accounts",
    "list_banks",
    "list_orders_for",
    "list_orders_of",
    "list_paying_accounts",
    "list_returned_orders",
    "list_run_items",
    "list_runs",
    "masked",
    "order_payment",
    "order_payments",
    "prepare_run",
    "preview_run",
    "read_results",
    "record_results",
    "register_account",
    "register_accounts",
    "register_paying_account",
    "register_version",
    "remove_item",
    "reopen_order",
    "result_layout",
    "text_of",
    "withdraw_order",
    "yucho_account",
]
