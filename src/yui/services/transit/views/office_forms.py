"""Forms of the operator's registers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from yui.kernel.forms.public import DateField, Form
from yui.services.transit.models import Duty


def _long(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class VehicleForm(Form):
    """A car on the register (自家用有償旅客運送自動車登録簿)."""

    plate = forms.CharField(label=_("Number plate"), max_length=20)
    name = forms.CharField(label=_("Name of the car"), max_length=40)
    seats = forms.IntegerField(label=_("Seats for riders"), min_value=1, max_value=60)
    wheelchairs = forms.IntegerField(label=_("Places for wheelchairs"), min_value=0, max_value=10, initial=0)
    inspection_until = DateField(label=_("Inspected until"), era="reiwa")
    insurance_until = DateField(label=_("Insured until"), era="reiwa")


class DriverForm(Form):
    """A driver on the register (運転者台帳)."""

    name = forms.CharField(label=_("Name of the driver"), max_length=60)
    licence_until = DateField(label=_("Licence valid until"), era="reiwa")
    second_class = forms.BooleanField(label=_("Has a second-class licence"), required=False)
    trained_on = DateField(
        label=_("Day of the recognised course"),
        help_text=_("Needed for 自家用有償旅客運送 without a second-class licence"),
        required=False,
        era="reiwa",
    )
    account = forms.CharField(
        label=_("Account the driver signs in with"),
        help_text=_("Its identifier, as the list of accounts shows it"),
        max_length=100,
        required=False,
    )


class AccidentForm(Form):
    """An accident, with the items that its record must hold."""

    duty = forms.ChoiceField(label=_("On which duty?"))
    day = DateField(label=_("Day of the accident"), era="reiwa")
    time = forms.TimeField(
        label=_("Time of the accident"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input-short"}),
    )
    place = forms.CharField(label=_("Place of the accident"), max_length=200)
    others = forms.CharField(
        label=_("Names of the others concerned"),
        help_text=_("Everybody but the driver"),
        max_length=200,
        required=False,
    )
    summary = _long(_("What happened, and the damage"))
    deaths = forms.IntegerField(label=_("Dead"), min_value=0, max_value=100)
    injured = forms.IntegerField(label=_("Injured"), min_value=0, max_value=100)
    is_grave = forms.BooleanField(
        label=_("A grave accident: the car rolled over, burned, or the like"), required=False
    )
    cause = _long(_("Cause of the accident"), required=False, help_text=_("May be added later"))
    prevention = _long(
        _("What is done so that it does not happen again"), required=False, help_text=_("May be added later")
    )

    def __init__(self, *args: Any, duties: Sequence[Duty], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.public_id), _label(one)) for one in duties]
        self.fields["duty"].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]


def _label(duty: Duty) -> str:
    day = date_format(timezone.localtime(duty.from_at), "Y-m-d H:i")
    return f"{day} {duty.vehicle.name} {duty.driver.name}"


class ComplaintForm(Form):
    """A complaint, with the items that its record must hold."""

    service = forms.ChoiceField(label=_("About which service?"))
    received_on = DateField(label=_("Received on"), era="reiwa")
    content = _long(_("What was complained of"))
    cause = _long(_("What was found out"), required=False, help_text=_("May be added later"))
    answer = _long(_("What was answered"), required=False, help_text=_("May be added later"))
    improvement = _long(
        _("What is done better from now on"), required=False, help_text=_("May be added later")
    )
    handled_by = forms.CharField(label=_("Who dealt with it"), max_length=60)

    def __init__(self, *args: Any, services: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = list(services.items())  # type: ignore[attr-defined]
