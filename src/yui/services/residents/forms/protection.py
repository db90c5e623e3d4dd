"""Protection measures (DV等支援措置)."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.kernel.forms.public import DateField
from yui.services.residents.forms import parts
from yui.services.residents.forms.base import DeskForm

GROUNDS = {
    "domestic_violence": gettext_lazy("Violence by a spouse"),
    "stalking": gettext_lazy("Stalking"),
    "child_abuse": gettext_lazy("Abuse of a child"),
    "other": gettext_lazy("A comparable danger"),
}
_LONGEST = dt.timedelta(days=366)


class RegisterForm(DeskForm):
    """Protect somebody from today on."""

    def make_fields(self) -> dict[str, forms.Field]:
        """Why, since when, and when it is looked at again."""
        return {
            "ground": forms.ChoiceField(
                label=gettext_lazy("Ground"), choices=list(GROUNDS.items()), widget=forms.RadioSelect
            ),
            "valid_from": DateField(label=gettext_lazy("Protected from"), era="reiwa"),
            "review_on": _review_field(),
        }

    def clean(self) -> dict[str, Any]:
        """A measure lasts a year at most before it is looked at again."""
        values: dict[str, Any] = super().clean() or {}
        start, review = values.get("valid_from"), values.get("review_on")
        if start and review and review > start + _LONGEST:
            self.add_error("review_on", _("The review must come within a year. Choose an earlier day."))
        return values


class ExtendForm(DeskForm):
    """Keep a measure in force."""

    def make_fields(self) -> dict[str, forms.Field]:
        """When it is looked at again."""
        return {"review_on": _review_field()}

    def clean(self) -> dict[str, Any]:
        """Extended by a year at most."""
        values: dict[str, Any] = super().clean() or {}
        review = values.get("review_on")
        if review and review > parts.today() + _LONGEST:
            self.add_error("review_on", _("The review must come within a year. Choose an earlier day."))
        return values


class EndForm(DeskForm):
    """End a measure."""

    def make_fields(self) -> dict[str, forms.Field]:
        """The first day without protection, and that it was thought over."""
        return {
            "until": DateField(label=gettext_lazy("First day without protection"), era="reiwa"),
            "sure": forms.BooleanField(
                label=gettext_lazy("The person has been heard and the end was decided.")
            ),
        }


def _review_field() -> DateField:
    return DateField(
        label=gettext_lazy("Reviewed by"),
        era="reiwa",
        help_text=gettext_lazy("Within a year, before it is extended."),
    )


def a_year_on(day: dt.date) -> dt.date:
    """The same day a year later."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return dt.date(day.year + 1, 2, 28)
