"""Jobs of programmes."""

import datetime as dt

from yui.kernel.jobs.public import job
from yui.procedures.programmes.dates import reach_day


@job("programmes.reach_day", permissions=("people.resident.read", "people.protected.read"))
def reach_dates(*, day: str) -> None:
    """Tell whose decision changes by this day, from the index of dates alone."""
    reach_day(dt.date.fromisoformat(day))
