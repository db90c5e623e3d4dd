"""The door of the child allowance: taking over families that another system has paid so far."""

from yui.services.child_allowance.actions import ExistingFamily, declare_support, take_over
from yui.services.child_allowance.planning import plan_many, plan_payments
from yui.services.child_allowance.rules import Month

__all__ = ["ExistingFamily", "Month", "declare_support", "plan_many", "plan_payments", "take_over"]
