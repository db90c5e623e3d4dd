"""Dates as people in Japan write them: by era or by the Christian year, with unknown parts where allowed."""

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yui.kernel.calendar.contracts import PartialDate
from yui.kernel.text.public import fold_width

CHRISTIAN = "ce"
# The year before the era's first: 令和1 = 2019. Days at the turn of an era are taken as written; 平成31年5月1日
# stands in real documents and means one day only.
ERA_OFFSETS = {"reiwa": 2018, "heisei": 1988, "showa": 1925, "taisho": 1911, "meiji": 1867}
ERA_CHOICES = [
    ("reiwa", pgettext_lazy("era", "Reiwa")),
    (CHRISTIAN, pgettext_lazy("era", "Western calendar")),
    ("heisei", pgettext_lazy("era", "Heisei")),
    ("showa", pgettext_lazy("era", "Showa")),
    ("taisho", pgettext_lazy("era", "Taisho")),
    ("meiji", pgettext_lazy("era", "Meiji")),
]
_PARTS = ("era", "year", "month", "day")


class DateWidget(forms.MultiWidget):
    """Era, year, month and day side by side, inside a fieldset whose legend is the field's label."""

    template_name = "forms/widgets/date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, era: str = CHRISTIAN) -> None:
        number = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            widgets={
                "era": forms.Select(choices=ERA_CHOICES),
                "year": forms.TextInput(attrs=number | {"class": "input-year"}),
                "month": forms.TextInput(attrs=number | {"class": "input-part"}),
                "day": forms.TextInput(attrs=number | {"class": "input-part"}),
            },
            attrs=attrs,
        )
        self.era = era

    def decompress(self, value: Any) -> list[Any]:
        """Take a date or a partial date apart."""
        if not value or (isinstance(value, PartialDate) and value.year is None):
            return [self.era, "", "", ""]
        year, month, day = (int(part) for part in value.isoformat()[:10].split("-"))
        era, offset = _era_on(year, month, day) if self.era != CHRISTIAN else (CHRISTIAN, 0)
        return [era, str(year - offset), str(month or ""), str(day or "")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Name each part, so that the template can label it."""
        context = super().get_context(name, value, attrs)
        for part, subwidget in zip(_PARTS, context["widget"]["subwidgets"], strict=True):
            subwidget["part"] = part
        return context


class DateField(forms.Field):
    """A date by era or Christian year.

    The cleaned value is a ``datetime.date``, with ``partial`` a ``PartialDate``; None when the field is left empty.

    Args:
        partial: month and day may be left empty when they are not known.
        earliest: the first date accepted.
        latest: the last date accepted.
        era: the calendar the page offers first: ``"ce"``, ``"reiwa"`` or ``"heisei"`` …
    """

    widget = DateWidget

    def __init__(
        self,
        *,
        partial: bool = False,
        earliest: datetime.date | None = None,
        latest: datetime.date | None = None,
        era: str = CHRISTIAN,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("widget", DateWidget(era=era))
        if partial:
            kwargs.setdefault("help_text", _("Leave month or day empty when it is not known."))
        super().__init__(**kwargs)
        self.partial = partial
        self.earliest = earliest
        self.latest = latest

    def clean(self, value: Any) -> Any:
        """Nothing entered in year, month and day is no date, whichever era stands in the list."""
        if isinstance(value, list) and not any(str(part or "").strip() for part in value[1:]):
            value = None
        return super().clean(value)

    def to_python(self, value: Any) -> datetime.date | PartialDate | None:
        """Read the four parts."""
        if not value:
            return None
        if isinstance(value, (datetime.date, PartialDate)):
            return value
        era, year, month, day = (fold_width(str(part or "")).strip() for part in value)
        year_number = _read_year(era, year)
        month_number = _read_part(month, 12, _("Enter the month as a number from 1 to 12."))
        day_number = _read_part(day, 31, _("Enter the day as a number from 1 to 31."))
        if not self.partial and not month_number:
            raise ValidationError(_("Enter the month."), code="month")
        if not self.partial and not day_number:
            raise ValidationError(_("Enter the day."), code="day")
        if day_number and not month_number:
            raise ValidationError(
                _("A day needs its month. Enter the month, or leave both empty."), code="month"
            )
        try:
            first = datetime.date(year_number, month_number or 1, day_number or 1)
        except ValueError:
            raise ValidationError(
                _("There is no such day in the calendar. Check year, month and day."), code="no_such_day"
            ) from None
        self._check_range(first, month_number, day_number)
        return PartialDate(year_number, month_number or None, day_number or None) if self.partial else first

    def _check_range(self, first: datetime.date, month: int, day: int) -> None:
        # An unknown part may still lie in the range: compare only the parts that are known.
        known = 3 if day else 2 if month else 1
        parts = first.timetuple()[:known]
        if self.earliest and parts < self.earliest.timetuple()[:known]:
            raise ValidationError(
                _("Enter a date on or after %(date)s."),
                code="early",
                params={"date": self.earliest.isoformat()},
            )
        if self.latest and parts > self.latest.timetuple()[:known]:
            raise ValidationError(
                _("Enter a date on or before %(date)s."),
                code="late",
                params={"date": self.latest.isoformat()},
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare dates, not their spelling."""
        try:
            return str(self.clean(data) or "") != str(initial or "")
        except ValidationError:
            return True


def _era_on(year: int, month: int, day: int) -> tuple[str, int]:
    starts = {"reiwa": (2019, 5, 1), "heisei": (1989, 1, 8), "showa": (1926, 12, 25), "taisho": (1912, 7, 30)}
    for era, start in starts.items():
        if (year, month or 12, day or 31) >= start:
            return era, ERA_OFFSETS[era]
    return ("meiji", ERA_OFFSETS["meiji"]) if year >= 1873 else (CHRISTIAN, 0)


def _read_year(era: str, year: str) -> int:
    if not year:
        raise ValidationError(_("Enter the year."), code="year")
    if year == "元":
        year = "1"
    if not re.fullmatch(r"\d{1,4}", year):
        raise ValidationError(_("Enter the year as a number, for example 2024, or 6 in Reiwa."), code="year")
    number = int(year)
    if era != CHRISTIAN and era not in ERA_OFFSETS:
        raise ValidationError(_("Choose an era from the list."), code="era")
    if number >= 1000:
        # Four digits are a Christian year, whichever era was left standing in the list.
        return number
    if era == CHRISTIAN or not 1 <= number < 100:
        raise ValidationError(
            _("Enter all four digits of the year, or choose its era from the list."), code="year"
        )
    return number + ERA_OFFSETS[era]


def _read_part(text: str, largest: int, message: Any) -> int:
    if not text:
        return 0
    if not re.fullmatch(r"\d{1,2}", text) or not 1 <= int(text) <= largest:
        raise ValidationError(message, code="part")
    return int(text)
