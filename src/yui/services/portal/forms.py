"""The one form of the portal: confirming an application that is filled in already."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from yui.kernel.forms.public import DateField, Form
from yui.procedures.cases.public import FilledValue


class ConfirmForm(Form):
    """The items that the applicant may change; everything else is only shown.

    Args:
        values: the filled-in application.
    """

    def __init__(self, *args: Any, values: Sequence[FilledValue] = (), **kwargs: Any) -> None:
        editable = [value for value in values if value.editable]
        kwargs.setdefault("initial", {value.item: _initial(value) for value in editable})
        super().__init__(*args, **kwargs)
        for value in editable:
            self.fields[value.item] = _field(value)

    def changes(self) -> dict[str, str]:
        """What was entered, by item; days as ISO text."""
        return {name: str(self.cleaned_data[name]) for name in self.fields}


def _initial(value: FilledValue) -> Any:
    return dt.date.fromisoformat(value.value) if value.is_day else value.value


def _field(value: FilledValue) -> forms.Field:
    if value.is_day:
        return DateField(label=value.label, help_text=value.source_text)
    if value.choices:
        return forms.ChoiceField(label=str(value.label), choices=value.choices, widget=forms.RadioSelect)
    return forms.CharField(label=str(value.label), max_length=200)
