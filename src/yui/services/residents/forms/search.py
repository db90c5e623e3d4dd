"""What a clerk knows of somebody who is to be found."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yui.kernel.calendar.public import PartialDate
from yui.kernel.forms.public import DateField, KanaField, NameField
from yui.kernel.text.public import fold_width
from yui.services.residents.errands import REASONS
from yui.services.residents.forms.base import DeskForm

_CRITERIA = ("name", "kana", "born_on", "address", "person_number")


class SearchForm(DeskForm):
    """At least one thing known, and why the clerk looks."""

    def make_fields(self) -> dict[str, forms.Field]:
        """Everything by which a record can be found."""
        return {
            "name": NameField(label=_("Name"), required=False),
            "kana": KanaField(label=_("Reading"), required=False),
            "born_on": DateField(label=_("Date of birth"), required=False, partial=True, era="showa"),
            "address": forms.CharField(label=_("Address"), required=False, max_length=100),
            "person_number": forms.CharField(
                label=_("Person number"),
                required=False,
                max_length=15,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-short"}),
            ),
            "include_former": forms.BooleanField(label=_("Former residents too"), required=False),
            "reason": forms.ChoiceField(
                label=_("Reason for looking"),
                choices=[("", _("Choose")), *((reason.value, label) for reason, label in REASONS.items())],
                help_text=_("It stands in the journal, which the person can read."),
            ),
        }

    def clean_person_number(self) -> str:
        """Digits, in whatever width they were typed."""
        number = fold_width(self.cleaned_data["person_number"]).strip()
        if number and not number.isdecimal():
            raise ValidationError(_("The person number has digits only."))
        return number

    def clean(self) -> dict[str, Any]:
        """Something must be known of who is looked for."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(values.get(name) for name in _CRITERIA):
            raise ValidationError(
                _("Enter at least one thing you know: name, reading, birth, address or number.")
            )
        return values

    def criteria(self) -> dict[str, Any]:
        """What was entered, in a form that a session can keep."""
        values = {name: self.cleaned_data[name] for name in (*_CRITERIA, "include_former")}
        born: PartialDate | None = values["born_on"]
        return {**values, "born_on": born.isoformat() if born else ""}


def read_criteria(kept: dict[str, Any]) -> dict[str, Any]:
    """Criteria as the registry's search takes them."""
    born = kept.get("born_on")
    return {**kept, "born_on": PartialDate.fromisoformat(born) if born else None}
