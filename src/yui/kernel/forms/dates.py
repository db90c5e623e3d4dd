"""Dates as people in Japan write them: by era or by the Christian year, with unknown parts where allowed."""

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yui.kernel.calendar.public import DateProblem, EraStyle, PartialDate, format_era, parse_japanese_date
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
        era, offset = _era_on(value) if self.era != CHRISTIAN else (CHRISTIAN, 0)
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
        """Read the four parts, or a whole date that stands in the box of the year."""
        if not value:
            return None
        if isinstance(value, (datetime.date, PartialDate)):
            return value
        parts = [fold_width(str(part or "")).strip() for part in value]
        _era, year, month, day = parts
        date = _read_whole(year) if year and not (month or day) else None
        date = date or self._read_parts(parts)
        self._check_range(date)
        return date if self.partial else date.exact()

    def _read_parts(self, parts: list[str]) -> PartialDate:
        era, year, month, day = parts
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
            return PartialDate(year_number, month_number or None, day_number or None)
        except ValueError:
            raise ValidationError(
                _("There is no such day in the calendar. Check year, month and day."), code="no_such_day"
            ) from None

    def _check_range(self, date: PartialDate) -> None:
        # A date with unknown parts is refused only when it lies outside for certain.
        if not self.partial and not date.is_exact:
            raise ValidationError(_("Enter year, month and day."), code="incomplete")
        if self.earliest and date.latest() < self.earliest:
            raise ValidationError(
                _("Enter a date on or after %(date)s."),
                code="early",
                params={"date": self._show(self.earliest)},
            )
        if self.latest and date.earliest() > self.latest:
            raise ValidationError(
                _("Enter a date on or before %(date)s."),
                code="late",
                params={"date": self._show(self.latest)},
            )

    def _show(self, day: datetime.date) -> str:
        return format_era(day) if get_language() == "ja" else day.isoformat()

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare dates, not their spelling."""
        try:
            return str(self.clean(data) or "") != str(initial or "")
        except ValidationError:
            return True


def _era_on(value: datetime.date | PartialDate) -> tuple[str, int]:
    """The era a date is shown in with the year before its first; of a year of two eras the later one."""
    try:
        written = format_era(value, EraStyle.SHORT)
    except DateProblem:
        return CHRISTIAN, 0
    initial = written.rpartition("/")[2][0].lower()
    era = next(era for era in ERA_OFFSETS if era.startswith(initial))
    return era, ERA_OFFSETS[era]


def _read_whole(text: str) -> PartialDate | None:
    """A whole date that was typed or pasted into the box of the year; None when it holds a year only."""
    if re.fullmatch(r"元|\d{1,4}", text):
        return None
    try:
        date, _warnings = parse_japanese_date(text)
    except DateProblem:
        return None
    return date


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
