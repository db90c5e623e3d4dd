"""The one form of the portal: confirming an application that is filled in already."""

from collections.abc import Sequence
from typing import Any

from django import forms

from yui.kernel.forms.public import Form
from yui.procedures.cases.public import FilledValue


class ConfirmForm(Form):
    """The items that the applicant may change; everything else is only shown.

    Args:
        values: the filled-in application.
    """

    def __init__(self, *args: Any, values: Sequence[FilledValue] = (), **kwargs: Any) -> None:
        editable = [value for value in values if value.editable]
        kwargs.setdefault("initial", {value.item: value.value for value in editable})
        super().__init__(*args, **kwargs)
        for value in editable:
            self.fields[value.item] = (
                forms.ChoiceField(label=value.label, choices=value.choices, widget=forms.RadioSelect)
                if value.choices
                else forms.CharField(label=value.label, max_length=200)
            )

    def changes(self) -> dict[str, str]:
        """What was entered, by item."""
        return {name: str(self.cleaned_data[name]) for name in self.fields}
