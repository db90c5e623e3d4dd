"""The procedures of the child allowance."""

from yui.procedures.cases.public import Procedure
from yui.services.child_allowance.procedures.changes import AmountChange
from yui.services.child_allowance.procedures.claim import Claim
from yui.services.child_allowance.procedures.differences import PastDifference
from yui.services.child_allowance.procedures.endings import Departure, YearEnd
from yui.services.child_allowance.procedures.passing import ChangeByTime
from yui.services.child_allowance.procedures.support import SupportAfter18


def all_procedures() -> list[Procedure]:
    """Every procedure, to be registered when the app is ready."""
    return [
        Claim(),
        AmountChange(),
        YearEnd(),
        SupportAfter18(),
        Departure(),
        PastDifference(),
        ChangeByTime(),
    ]
