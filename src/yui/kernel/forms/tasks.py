"""What the forms room does by the clock."""

import datetime as dt

from django.utils import timezone

from yui.kernel.forms.sending import forget_submissions
from yui.kernel.jobs.public import job

# A page is refused as too old long before: its session has ended.
REMEMBERED = dt.timedelta(days=7)


@job("forms.forget_submissions")
def forget(*, day: str) -> None:
    """Forget the tokens of pages that were sent more than a week ago."""
    forget_submissions(timezone.now() - REMEMBERED)
