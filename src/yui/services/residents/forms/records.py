"""As of which day, and as known when, a record is looked at."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yui.kernel.forms.public import DateField
from yui.services.residents.forms import parts
from yui.services.residents.forms.base import DeskForm


class TimeForm(DeskForm):
    """Two days: true on the one, known on the other. Both empty means today."""

    def make_fields(self) -> dict[str, forms.Field]:
        """The two days."""
        return {
            "as_of": DateField(label=_("As of"), required=False),
            "known_on": DateField(label=_("As known on"), required=False, latest=parts.today()),
        }

    @property
    def as_of(self) -> dt.date:
        """The day asked about."""
        day: dt.date | None = self.cleaned_data.get("as_of") if self.is_bound and self.is_valid() else None
        return day or parts.today()

    @property
    def known_on(self) -> dt.date | None:
        """The day as known on, or None for now."""
        return self.cleaned_data.get("known_on") if self.is_bound and self.is_valid() else None

    @property
    def known_at(self) -> dt.datetime | None:
        """The end of that day, or None for now."""
        day = self.known_on
        if day is None or day >= parts.today():
            return None
        return timezone.make_aware(
            dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min)
        ) - dt.timedelta(microseconds=1)
