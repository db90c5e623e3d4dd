"""Forms of rides."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.choices import BaseChoiceIterator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from yui.kernel.forms.public import DateField, Form
from yui.services.transit.booking import End, Wanted
from yui.services.transit.contracts import Category, Definition, Wish
from yui.services.transit.rules import JAPAN, Rider, fares_on, hours_on

WISHES = {
    Wish.NOW: _("As soon as possible"),
    Wish.PICKUP_FROM: _("Pick me up at a time, or a little later"),
    Wish.ARRIVE_BY: _("Let me be there by a time"),
}
CATEGORIES = {
    Category.SENIOR: _("Is elderly"),
    Category.CHILD: _("Is a school child"),
    Category.INFANT: _("Is a small child"),
    Category.DISABLED: _("Has a disability certificate"),
    Category.CARE_CERTIFIED: _("Is certified as needing care"),
    Category.NO_LICENCE: _("Has given back the driving licence"),
    Category.WHEELCHAIR: _("Uses a wheelchair"),
}
"""What is asked of a rider, in easy words."""


class RideForm(Form):
    """A ride as it is wished.

    Args:
        services: those of today; there is at least one.
        riders: for whom the reader may book, by name; one alone is not asked for.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *args: Any,
        services: Sequence[Definition],
        riders: Mapping[UUID, str],
        **kwargs: Any,
    ) -> None:
        self.services, self.riders = services, riders
        # Django copies ``base_fields``; ours belong to this one page.
        self.base_fields = self._fields()  # type: ignore[misc]
        super().__init__(data, *args, **kwargs)

    def _fields(self) -> dict[str, forms.Field]:
        party, stops = max(service.limits.party for service in self.services), _Listed(self._stops())
        found: dict[str, forms.Field] = {
            "rider": _choice(_("Who rides?"), {str(person): name for person, name in self.riders.items()}),
            "service": _choice(_("With which bus?"), {one.code: one.name_ja for one in self.services}),
            "origin": forms.ChoiceField(label=_("From where?"), choices=stops, widget=_LongSelect),
            "destination": forms.ChoiceField(label=_("To where?"), choices=stops, widget=_LongSelect),
            "wish": _choice(_("When?"), {wish.value: label for wish, label in WISHES.items()}),
            "day": forms.ChoiceField(label=_("Day of the ride"), choices=self._days()),
            "time": forms.TimeField(
                label=_("Time of day"),
                required=False,
                help_text=_("Not needed when you want to leave as soon as possible"),
                widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input-short"}),
            ),
            "party": _choice(
                _("How many people ride?"), {str(count): str(count) for count in range(1, party + 1)}
            ),
            "categories": forms.MultipleChoiceField(
                label=_("About the person who rides"),
                help_text=_("Choose everything that fits. It may make the ride cheaper."),
                required=False,
                choices=[(one.value, label) for one, label in CATEGORIES.items() if one in self._asked()],
                widget=forms.CheckboxSelectMultiple,
            ),
            "other_wheelchairs": forms.ChoiceField(
                label=_("How many of the others use a wheelchair?"),
                choices=[(str(count), str(count)) for count in range(party)],
            ),
            "again": forms.UUIDField(required=False, widget=forms.HiddenInput),
        }
        if any(fares_on(service, timezone.localdate()).passes for service in self.services):
            found["has_pass"] = forms.BooleanField(label=_("The person who rides has a pass"), required=False)
        return found

    def _asked(self) -> set[Category]:
        """What matters for a price, for the door or for the room."""
        asked = {Category.WHEELCHAIR}
        for service in self.services:
            asked |= service.door
            asked |= {discount.category for fares in service.fares for discount in fares.discounts}
        return asked

    def _stops(self) -> list[Any]:
        """Meeting points by reading; under the name of their service where there are several."""
        groups = [
            (
                service.name_ja,
                [
                    (f"{service.code}:{stop.code}", stop.name)
                    for stop in sorted(service.stops, key=lambda one: (one.kana, one.code))
                ],
            )
            for service in self.services
        ]
        return [("", _("Choose")), *(groups if len(groups) > 1 else groups[0][1])]

    def _days(self) -> list[tuple[str, str]]:
        """The days that can be booked, today first."""
        today, mark = timezone.localdate(), _("today")
        days = [
            today + dt.timedelta(days=ahead)
            for ahead in range(max(one.booking.opens_days for one in self.services) + 1)
        ]
        words = {
            day: date_format(day, str(_("D, j N"))) + (f" ({mark})" if day == today else "")
            for day in days
            if day == today or any(hours_on(service, day) for service in self.services)
        }
        return [(day.isoformat(), label) for day, label in words.items()]

    def clean(self) -> dict[str, Any]:
        """Stops of the chosen service, a time where one is needed, not more wheelchairs than people."""
        data = super().clean() or self.cleaned_data
        for name in ("origin", "destination"):
            if data.get(name) and data.get("service") and not data[name].startswith(f"{data['service']}:"):
                self.add_error(name, _("This bus does not stop there. Choose another stop or another bus."))
        if (
            data.get("wish")
            and data["wish"] != Wish.NOW
            and not data.get("time")
            and "time" not in self.errors
        ):
            self.add_error("time", _("Enter the time, or choose “as soon as possible”."))
        if {"party", "other_wheelchairs"} <= data.keys() and int(data["other_wheelchairs"]) >= int(
            data["party"]
        ):
            self.add_error(
                "other_wheelchairs",
                ValidationError(_("There are more wheelchairs than other people."), code="wheelchairs"),
            )
        return data

    def wanted(self) -> Wanted:
        """The ride that was wished; the page's own key makes a second sending the same ride."""
        data = self.cleaned_data
        wish = Wish(data["wish"])
        first = frozenset(map(Category, data["categories"])) or frozenset({Category.ADULT})
        chairs = int(data["other_wheelchairs"])
        others = [
            Rider(frozenset({Category.ADULT} | ({Category.WHEELCHAIR} if number < chairs else set())))
            for number in range(int(data["party"]) - 1)
        ]
        at = None
        if wish is not Wish.NOW:
            at = dt.datetime.combine(dt.date.fromisoformat(data["day"]), data["time"], JAPAN)
        return Wanted(
            key=str(self.token),
            service=data["service"],
            rider=UUID(data["rider"]),
            origin=End(stop=data["origin"].partition(":")[2]),
            destination=End(stop=data["destination"].partition(":")[2]),
            riders=(Rider(first, bool(data.get("has_pass"))), *others),
            wish=wish,
            at=at,
        )


class _Listed(BaseChoiceIterator):
    """Many choices, as they are: Django would look through them and copy them several times for each page."""

    def __init__(self, choices: Sequence[Any]) -> None:
        self.choices = choices

    def __iter__(self) -> Iterator[Any]:
        return iter(self.choices)

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Listed":
        return self


class _LongSelect(forms.Select):
    """A list of many choices, written at once: Django would draw a template for each of them."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The list in HTML."""
        chosen = self.format_value(value)

        def options(choices: Iterable[Any]) -> str:
            return "".join(
                f'<option value="{escape(key)}"{" selected" * (key in chosen)}>{escape(str(label))}</option>'
                for key, label in choices
            )

        body = [
            f'<optgroup label="{escape(key)}">{options(label)}</optgroup>'
            if isinstance(label, list)
            else options([(key, label)])
            for key, label in self.choices
        ]
        given = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", given, mark_safe("".join(body)))  # noqa: S308 - escaped above


def _choice(label: Any, choices: Mapping[str, Any]) -> forms.ChoiceField:
    """One of a few, by a big circle each; what leaves no choice is not asked."""
    alone = len(choices) == 1
    return forms.ChoiceField(
        label=label,
        choices=list(choices.items()),
        initial=next(iter(choices)),
        widget=forms.HiddenInput if alone else forms.RadioSelect,
    )


class PersonForm(Form):
    """Whom the clerk looks for; sent by POST, because addresses are kept in histories and logs."""

    name = forms.CharField(label=_("Name or reading"), required=False, max_length=100)
    born_on = DateField(label=_("Date of birth"), required=False, partial=True, era="showa")

    def clean(self) -> dict[str, Any]:
        """Something must be known."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("name") and not data.get("born_on"):
            raise ValidationError(_("Enter a name or a date of birth."))
        return data


class ProxyForm(Form):
    """Who may book for somebody: one person, told apart by name and birth."""

    name = forms.CharField(label=_("Name or reading of who books"), max_length=100)
    born_on = DateField(label=_("Date of birth of who books"), era="showa")


class RollCallForm(forms.Form):
    """The call before or after a duty."""

    alcohol = forms.DecimalField(min_value=0, max_value=9, max_digits=3, decimal_places=2)
    well = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")
    after = forms.BooleanField(required=False)
    instruction = forms.CharField(required=False, max_length=200)
    odometer_km = forms.IntegerField(required=False, min_value=0, max_value=9_999_999)
