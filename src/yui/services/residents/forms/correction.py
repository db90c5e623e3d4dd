"""Correction ex officio (職権修正) and cancellation (取消)."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.kernel.forms.public import DateField, NameField, Section
from yui.registries.people.public import ResidentView
from yui.services.residents.forms import parts
from yui.services.residents.forms.base import DeskForm
from yui.services.residents.forms.move_in import ResidentCodeField
from yui.services.residents.words import BECAME_BY

Fields = dict[str, forms.Field]


@dataclass(frozen=True)
class Items:
    """Items of a record that are corrected together.

    Attributes:
        fields: makes the fields, named as in the record layout.
        values: the present values by field.
    """

    label: Promise
    fields: Callable[[], Fields]
    values: Callable[[ResidentView], Mapping[str, Any]]


def _optional(fields: Fields) -> Fields:
    for field in fields.values():
        field.required = False
    return fields


def _name_fields() -> Fields:
    former = {
        "former_family_name": NameField(label=gettext_lazy("Former family name"), required=False),
        "former_family_kana": NameField(
            label=gettext_lazy("Reading of the former family name"), required=False
        ),
    }
    return _optional(parts.name_fields()) | former


ITEMS: dict[str, Items] = {
    "name": Items(
        gettext_lazy("Name and reading"),
        _name_fields,
        lambda r: {name: getattr(r.name, name) for name in _name_fields()},
    ),
    "birth": Items(
        gettext_lazy("Date of birth"),
        lambda: {"born_on": DateField(label=gettext_lazy("Date of birth"), partial=True, era="showa")},
        lambda r: {"born_on": r.born_on},
    ),
    "sex": Items(gettext_lazy("Sex"), lambda: {"sex": parts.sex_field()}, lambda r: {"sex": r.sex.value}),
    "relationship": Items(
        gettext_lazy("Relationship to the head"),
        parts.relationship_fields,
        lambda r: {"relationship": r.relationship.value, "relationship_text": r.relationship_text},
    ),
    "address": Items(
        gettext_lazy("Address"),
        parts.address_fields,
        lambda r: {name: getattr(r.address, name) for name in ("town", "block", "building", "postal_code")},
    ),
    "address_since": Items(
        gettext_lazy("Address since"),
        lambda: {"address_since_on": DateField(label=gettext_lazy("Address since"))},
        lambda r: {"address_since_on": r.address_since_on},
    ),
    "became_resident": Items(
        gettext_lazy("Resident since, and by what ground"),
        lambda: {
            "became_resident_on": DateField(label=gettext_lazy("Resident since")),
            "became_resident_by": forms.ChoiceField(
                label=gettext_lazy("Ground"), choices=[(by.value, label) for by, label in BECAME_BY.items()]
            ),
        },
        lambda r: {
            "became_resident_on": r.became_resident_on,
            "became_resident_by": r.became_resident_by.value,
        },
    ),
    "notified": Items(
        gettext_lazy("Notified on"),
        lambda: {"notified_on": DateField(label=gettext_lazy("Notified on"))},
        lambda r: {"notified_on": r.notified_on},
    ),
    "previous_address": Items(
        gettext_lazy("Address before moving in"),
        lambda: {
            "previous_address": forms.CharField(
                label=gettext_lazy("Address before moving in"), required=False, max_length=300
            )
        },
        lambda r: {"previous_address": r.previous_address},
    ),
    "citizenship": Items(
        gettext_lazy("Domicile, nationality and residence"),
        parts.citizenship_fields,
        lambda r: {name: getattr(r.citizenship, name) for name in parts.citizenship_fields()},
    ),
    "resident_code": Items(
        gettext_lazy("Resident record code"),
        lambda: {
            "resident_code": ResidentCodeField(label=gettext_lazy("Resident record code"), required=False)
        },
        lambda r: {"resident_code": r.resident_code},
    ),
}
"""What can be corrected, by the code in the page's address."""


class CorrectionForm(DeskForm):
    """New values, why, and from which day they are true.

    Args:
        items: the items corrected together.
        resident: the record as it is.
    """

    def __init__(self, data: Any = None, *, items: Items, resident: ResidentView, **kwargs: Any) -> None:
        self.items = items
        self.present = dict(items.values(resident))
        kwargs["initial"] = self.present
        super().__init__(data, **kwargs)

    def make_fields(self) -> Fields:
        """The items, then why and when."""
        return {
            **self.items.fields(),
            "effective_on": DateField(
                label=gettext_lazy("True from"),
                required=False,
                latest=parts.today(),
                help_text=gettext_lazy("Leave empty when it was wrong from the beginning."),
            ),
            "until": DateField(
                label=gettext_lazy("True until (exclusive)"),
                required=False,
                help_text=gettext_lazy("Leave empty when it is true until a later change."),
            ),
            "reason": forms.CharField(
                label=gettext_lazy("Reason for the correction"),
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
            ),
        }

    @property
    def sections(self) -> tuple[Section, ...]:  # type: ignore[override]
        """The items, then why and when."""
        return (
            Section(self.items.label, list(self.present)),
            Section(gettext_lazy("Why and when"), ["reason", "effective_on", "until"]),
        )

    def clean(self) -> dict[str, Any]:
        """The days are in order."""
        values: dict[str, Any] = super().clean() or {}
        start, end = values.get("effective_on"), values.get("until")
        if start and end and end <= start:
            self.add_error("until", _("The end must come after the beginning. Check both days."))
        return values

    def changed_items(self) -> dict[str, Any]:
        """Items whose values are different from the record's."""
        found = {
            name: self.cleaned_data[name]
            for name, present in self.present.items()
            if not _same(self.cleaned_data[name], present)
        }
        born = found.get("born_on")
        if born is not None:
            found["born_text"] = "" if born.is_exact else born.text
        return found

    @property
    def start(self) -> dt.date | None:
        """The day from which the new values are true."""
        return self.cleaned_data["effective_on"]


class CancelForm(DeskForm):
    """Why a change is cancelled."""

    def make_fields(self) -> Fields:
        """The reason."""
        return {
            "reason": forms.CharField(
                label=gettext_lazy("Reason for the cancellation"),
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        }


def _same(value: Any, present: Any) -> bool:
    return (value or "") == (present or "")
