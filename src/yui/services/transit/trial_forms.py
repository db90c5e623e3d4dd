"""Forms of trials: on which day, and which ways to run a service are compared."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.kernel.forms.public import DateField, Form, Section
from yui.services.transit.contracts import Definition, Pattern, TransitRefused
from yui.services.transit.models import Vehicle
from yui.services.transit.simulation.demand import MOST_TRIPS
from yui.services.transit.simulation.policies import (
    Cars,
    Comparison,
    Policy,
    Rates,
    comparison_in,
    comparison_out,
    hours_of,
)
from yui.services.transit.trials import DemandSource

LARGEST = 5_000_000
"""Bytes of a file that is read: a table of a city's meshes, or a day of rides."""
SLOTS = (1, 2, 3)
LARGE, SMALL = (8, 1), (4, 0)
"""Seats and wheelchairs of the two kinds of cars that are offered."""


class SurroundingsForm(Form):
    """The table of who lives where."""

    table = forms.FileField(
        label=gettext_lazy("File (CSV)"),
        help_text=gettext_lazy(
            "One row for each small area with its residents by age group, or place people go to. The manual describes "
            "the columns."
        ),
    )

    def text(self, name: str) -> str:
        """A file as text."""
        return _text(self.cleaned_data[name])

    def clean_table(self) -> Any:
        """Refuse what is no such table at first sight."""
        return _checked(self.cleaned_data["table"])


def _checked(upload: Any) -> Any:
    if upload is not None:
        if upload.size > LARGEST:
            raise ValidationError(_("The file is larger than 5 MB."), code="too_large")
        try:
            _text(upload)
        except UnicodeDecodeError:
            raise ValidationError(_("The file is not in UTF-8."), code="encoding") from None
    return upload


def _text(upload: Any) -> str:
    upload.seek(0)
    return str(upload.read().decode("utf-8-sig"))


class TrialForm(Form):
    """A trial: the day, what cars cost, and up to three policies.

    Args:
        services: those of today, with meeting points.
        cars: in use, to begin with what is there.
        knows_who_lives_where: whether a day can be made up.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *args: Any,
        services: Sequence[Definition],
        cars: Sequence[Vehicle],
        knows_who_lives_where: bool,
        **kwargs: Any,
    ) -> None:
        self.services = services
        self._first, self._kinds = services[0], Counter((one.seats, one.wheelchairs) for one in cars)
        fields = self._of_the_day(knows_who_lives_where)
        shown = [name for name, one in fields.items() if not one.widget.is_hidden]
        sections = [Section(_("The day"), tuple(shown))]
        for slot in SLOTS:
            policy = self._policy(slot)
            fields |= policy
            sections.append(Section(_("Policy %(n)d") % {"n": slot}, tuple(policy)))
        rates = self._rates()
        fields |= rates
        sections.append(Section(_("What it costs"), tuple(rates)))
        # Django copies ``base_fields``; ours belong to this one page.
        self.base_fields = fields  # type: ignore[misc]
        self.sections = tuple(sections)  # type: ignore[misc]
        super().__init__(data, *args, **kwargs)

    def _of_the_day(self, knows: bool) -> dict[str, forms.Field]:
        sources = [
            (DemandSource.MADE_UP.value, _("A made-up day, from who lives where")),
            (DemandSource.TRACE.value, _("A day from a file")),
            (DemandSource.PAST.value, _("A past day of this service")),
        ]
        names = {one.code: one.name_ja for one in self.services}
        return {
            "service": forms.ChoiceField(
                label=_("Service of rides"),
                choices=list(names.items()),
                initial=self._first.code,
                widget=forms.HiddenInput if len(names) == 1 else forms.RadioSelect,
            ),
            "source": forms.ChoiceField(
                label=_("Which rides are replayed?"),
                choices=sources,
                initial=sources[0 if knows else 1][0],
                widget=forms.RadioSelect,
            ),
            "rides": forms.IntegerField(
                label=_("Rides of the made-up day"), min_value=1, max_value=MOST_TRIPS, initial=60
            ),
            "trace": forms.FileField(
                label=_("File of rides (CSV)"),
                help_text=_("Without names and addresses. The manual describes the columns."),
                required=False,
            ),
            "past": DateField(label=_("Past day"), required=False, era="reiwa"),
            "seed": forms.IntegerField(
                label=_("Seed"),
                help_text=_("The same number gives the same day and the same result."),
                min_value=0,
                max_value=1_000_000,
                initial=1,
            ),
        }

    def _policy(self, slot: int) -> dict[str, forms.Field]:
        """One policy; the first as it is today, the second with the other way to meet, the third with a car more."""
        today = self._first.pattern is Pattern.DOOR_TO_DOOR
        at_door = today != (slot == 2)
        limits = self._first.limits
        opens, closes = hours_of(self._first, timezone.localdate().weekday()) or (dt.time(8), dt.time(18))
        small = self._kinds.total() - self._kinds[LARGE]
        names = {
            1: _("As it is"),
            2: _("At the door") if at_door else _("At stops"),
            3: _("One small car more"),
        }

        def number(label: str, initial: int, most: int, least: int = 0) -> forms.IntegerField:
            return forms.IntegerField(label=label, initial=initial, min_value=least, max_value=most)

        return {
            f"name_{slot}": forms.CharField(
                label=_("Name of the policy"),
                help_text="" if slot == 1 else _("Leave empty to leave this policy out."),
                max_length=30,
                required=slot == 1,
                initial=names[slot],
            ),
            f"pattern_{slot}": forms.ChoiceField(
                label=_("Where riders are met"),
                choices=[
                    (Pattern.MEETING_POINTS.value, _("At stops; wheelchair users at the door")),
                    (Pattern.DOOR_TO_DOOR.value, _("At the door")),
                ],
                initial=(Pattern.DOOR_TO_DOOR if at_door else Pattern.MEETING_POINTS).value,
                widget=forms.RadioSelect,
            ),
            f"walk_{slot}": number(_("Walk to a stop, at most (m)"), 500, 5_000),
            f"large_{slot}": number(
                _("Cars with 8 seats and a wheelchair place"), max(self._kinds[LARGE], 1), 100
            ),
            f"small_{slot}": number(_("Cars with 4 seats"), small + (slot == 3), 100),
            f"opens_{slot}": forms.TimeField(
                label=_("Cars run from"),
                initial=opens,
                widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input-short"}),
            ),
            f"closes_{slot}": forms.TimeField(
                label=_("Cars run until"),
                initial=closes,
                widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input-short"}),
            ),
            f"window_{slot}": number(_("The car comes at most so much later than told (min)"), 10, 120),
            f"wait_{slot}": number(_("Wait for the car, at most (min)"), limits.wait_minutes, 240, 1),
            f"longer_{slot}": number(
                _("Time on board, in percent of the direct way"), round(limits.ride_factor * 100), 500, 100
            ),
            f"extra_{slot}": number(_("and so many minutes more"), limits.ride_extra_minutes, 120),
        }

    def _rates(self) -> dict[str, forms.Field]:
        usual = Rates()
        words = {
            "yen_per_car_day": _("A car for a day (yen)"),
            "yen_per_hour": _("An hour of a car with its driver (yen)"),
            "yen_per_km": _("A kilometre (yen)"),
        }
        return {
            name: forms.IntegerField(
                label=label, initial=getattr(usual, name), min_value=0, max_value=1_000_000
            )
            for name, label in words.items()
        }

    def text(self, name: str) -> str:
        """A file as text."""
        return _text(self.cleaned_data[name])

    def clean_trace(self) -> Any:
        """Refuse what is no such table at first sight."""
        return _checked(self.cleaned_data["trace"])

    def clean(self) -> dict[str, Any]:
        """A file or a day where one is meant, and policies that can be."""
        data = super().clean() or self.cleaned_data
        if data.get("source") == DemandSource.TRACE and not data.get("trace") and "trace" not in self.errors:
            self.add_error("trace", _("Choose the file of rides."))
        if data.get("source") == DemandSource.PAST and not data.get("past") and "past" not in self.errors:
            self.add_error("past", _("Enter the past day."))
        if not self.errors:
            try:
                comparison_in(comparison_out(self.comparison()))
            except TransitRefused as refused:
                raise ValidationError(str(refused.text)) from None
        return data

    def comparison(self) -> Comparison:
        """The policies that were named, and what they cost."""
        data = self.cleaned_data
        rates = Rates(data["yen_per_car_day"], data["yen_per_hour"], data["yen_per_km"])
        return Comparison(tuple(self._chosen(slot) for slot in SLOTS if data[f"name_{slot}"]), rates)

    def _chosen(self, slot: int) -> Policy:
        data = self.cleaned_data
        opens, closes = data[f"opens_{slot}"], data[f"closes_{slot}"]
        service = next(one for one in self.services if one.code == data["service"])
        cars = (
            Cars(data[f"large_{slot}"], *LARGE, opens, closes),
            Cars(data[f"small_{slot}"], *SMALL, opens, closes),
        )
        return Policy(
            name=data[f"name_{slot}"],
            pattern=Pattern(data[f"pattern_{slot}"]),
            cars=tuple(kind for kind in cars if kind.count),
            walk_metres=data[f"walk_{slot}"],
            window_minutes=data[f"window_{slot}"],
            limits=replace(
                service.limits,
                wait_minutes=data[f"wait_{slot}"],
                ride_factor=data[f"longer_{slot}"] / 100,
                ride_extra_minutes=data[f"extra_{slot}"],
            ),
        )
