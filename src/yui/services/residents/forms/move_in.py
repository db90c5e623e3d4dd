"""Move in (転入): one or more people, into a new household or one that is there."""

from collections.abc import Mapping
from typing import Any, Self
from uuid import UUID

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.kernel.calendar.public import PartialDate
from yui.kernel.forms.public import DateField, NameField, Section
from yui.kernel.text.public import fold_width
from yui.registries.people.public import (
    Address,
    BecameBy,
    NewResident,
    PersonName,
    Relationship,
    ResidentView,
    Sex,
)
from yui.services.residents.forms import parts
from yui.services.residents.forms.base import DeskForm
from yui.services.residents.relationships import usual_word
from yui.services.residents.words import BECAME_BY

MOST_ROWS = 12
ROWS = "rows"
ADD = "add_person"
REMOVE = "take_away"
_GROUNDS = (BecameBy.MOVE_IN, BecameBy.EX_OFFICIO, BecameBy.OTHER)


class MoveInForm(DeskForm):
    """The move, and one group of fields for each person; buttons of the page add and take away groups.

    Args:
        rows: how many people.
        joins: the people join a household that is there; its address and head are known.
    """

    def __init__(self, data: Any = None, *, rows: int = 1, joins: bool = False, **kwargs: Any) -> None:
        self.rows = rows
        self.joins = joins
        super().__init__(data, **kwargs)

    @classmethod
    def of_page(cls, request: HttpRequest, **kwargs: Any) -> Self:
        """The form with as many groups as the page has after its button for a group was pressed."""
        if request.method != "POST":
            return cls(**kwargs)
        data = request.POST.copy()
        rows = _read_rows(str(data.get(ROWS, "")))
        if ADD in data and rows < MOST_ROWS:
            _begin_row(data, rows)
            rows += 1
        elif REMOVE in data and rows > 1:
            _take_away(data, _read_rows(str(data[REMOVE])) - 1, rows)
            rows -= 1
        data[ROWS] = str(rows)
        form = cls(data, rows=rows, **kwargs)
        if cls.only_changes_page(request):
            form.keep_as_typed()
        return form

    @staticmethod
    def only_changes_page(request: HttpRequest) -> bool:
        """Whether a button was pressed that adds or takes away a group."""
        return request.method == "POST" and (ADD in request.POST or REMOVE in request.POST)

    def make_fields(self) -> dict[str, forms.Field]:
        """The move and every person."""
        fields: dict[str, forms.Field] = {
            ROWS: forms.IntegerField(widget=forms.HiddenInput, initial=self.rows),
            "effective_on": parts.effective_field(gettext_lazy("Moved in on")),
            "previous_address": forms.CharField(
                label=gettext_lazy("Address before moving in"), required=False, max_length=300
            ),
            "became_by": forms.ChoiceField(
                label=gettext_lazy("Ground"),
                choices=[(ground.value, BECAME_BY[ground]) for ground in _GROUNDS],
            ),
        }
        if not self.joins:
            fields |= parts.address_fields()
        for row in range(self.rows):
            fields |= self._person_fields(row)
        return fields | {"notified_on": parts.notified_field(), "remark": parts.remark_field()}

    def _person_fields(self, row: int) -> dict[str, forms.Field]:
        prefix = f"m{row}_"
        names = parts.name_fields(prefix)
        names[f"{prefix}given_name"].required = False
        names[f"{prefix}given_kana"].required = False
        return {
            f"{prefix}person": forms.UUIDField(widget=forms.HiddenInput, required=False),
            **names,
            f"{prefix}former_family_name": NameField(
                label=gettext_lazy("Former family name"), required=False
            ),
            f"{prefix}born_on": DateField(
                label=gettext_lazy("Date of birth"), era="showa", partial=True, latest=parts.today()
            ),
            f"{prefix}sex": parts.sex_field(),
            **parts.relationship_fields(prefix, head=not self.joins),
            **parts.citizenship_fields(prefix),
            f"{prefix}resident_code": ResidentCodeField(
                label=gettext_lazy("Resident record code"), required=False
            ),
        }

    @property
    def sections(self) -> tuple[Section, ...]:  # type: ignore[override]
        """The move, each person, the notification."""
        names = list(self.fields)
        move = ["effective_on", "previous_address", "became_by", "town", "block", "building", "postal_code"]
        people = [
            Section(
                _("Person %(number)d") % {"number": row + 1},
                [name for name in names if name.startswith(f"m{row}_") and name != f"m{row}_person"],
            )
            for row in range(self.rows)
        ]
        return (
            Section(gettext_lazy("The move"), move),
            *people,
            Section(gettext_lazy("Notification"), ["notified_on", "remark"]),
        )

    def clean(self) -> dict[str, Any]:
        """Everybody has a name; a new household has one head."""
        values: dict[str, Any] = super().clean() or {}
        for row in range(self.rows):
            both = values.get(f"m{row}_family_name"), values.get(f"m{row}_given_name")
            if not any(both) and f"m{row}_given_name" not in self.errors:
                self.add_error(f"m{row}_given_name", _("Enter at least one part of the name."))
        heads = [
            row for row in range(self.rows) if values.get(f"m{row}_relationship") == Relationship.HEAD.value
        ]
        if not self.joins and not self.errors and len(heads) != 1:
            self.add_error(
                f"m{heads[1] if heads else 0}_relationship", _("A new household needs exactly one head.")
            )
        return values

    def newcomers(self) -> list[NewResident]:
        """Everybody who comes."""
        head = next(
            (
                r
                for r in range(self.rows)
                if self.cleaned_data[f"m{r}_relationship"] == Relationship.HEAD.value
            ),
            None,
        )
        return [self._newcomer(row, head) for row in range(self.rows)]

    def _newcomer(self, row: int, head: int | None) -> NewResident:
        values = {name.removeprefix(f"m{row}_"): value for name, value in self.cleaned_data.items()}
        relationship, sex = Relationship(values["relationship"]), Sex(values["sex"])
        born: PartialDate = values["born_on"]
        older = (
            born.earliest() < self.cleaned_data[f"m{head}_born_on"].earliest() if head is not None else None
        )
        return NewResident(
            person=values["person"],
            name=PersonName(
                family_name=values["family_name"],
                given_name=values["given_name"],
                family_kana=values["family_kana"],
                given_kana=values["given_kana"],
                former_family_name=values["former_family_name"],
            ),
            born_on=born,
            born_text="" if born.is_exact else born.text,
            sex=sex,
            relationship=relationship,
            relationship_text=values["relationship_text"]
            or usual_word(relationship, sex, older_than_head=older),
            citizenship=parts.citizenship_of(values),
            resident_code=values["resident_code"],
        )

    def address(self) -> Address | None:
        """The new address, or None when a household is joined."""
        return None if self.joins else parts.address_of(self.cleaned_data)

    def field_of(self) -> Mapping[str, str]:
        """Fields for items of a refusal: of the only person, when there is one."""
        if self.rows != 1:
            return {"head": "m0_relationship"}
        own = {name.removeprefix("m0_"): name for name in self.fields if name.startswith("m0_")}
        return {**own, "head": "m0_relationship"}


class ResidentCodeField(forms.CharField):
    """A 住民票コード: eleven digits.

    Source:
        住民基本台帳法施行規則 article 1.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "class": "input-short", "autocomplete": "off"}

    def to_python(self, value: Any) -> str:
        """Eleven digits."""
        code = fold_width(str(super().to_python(value) or "")).strip()
        if code and not (code.isascii() and code.isdecimal() and len(code) == 11):
            raise forms.ValidationError(_("A resident record code has eleven digits."), code="resident_code")
        return code


def returning_initial(person: ResidentView) -> dict[str, Any]:
    """What the record knows of somebody who comes back."""
    name, citizenship = person.name, person.citizenship
    return {
        "m0_person": person.person,
        "m0_family_name": name.family_name,
        "m0_given_name": name.given_name,
        "m0_family_kana": name.family_kana,
        "m0_given_kana": name.given_kana,
        "m0_former_family_name": name.former_family_name,
        "m0_born_on": person.born_on,
        "m0_sex": person.sex.value,
        "m0_domicile": citizenship.domicile,
        "m0_domicile_head": citizenship.domicile_head,
        "m0_nationality": citizenship.nationality,
        "m0_residence_status": citizenship.residence_status,
        "m0_resident_code": person.resident_code,
    }


def known_persons(form: MoveInForm) -> list[UUID]:
    """People of the page whom the registry knows from before."""
    return [person for row in range(form.rows) if (person := form.cleaned_data.get(f"m{row}_person"))]


def _read_rows(text: str) -> int:
    return min(max(int(text), 1), MOST_ROWS) if text.isascii() and text.isdecimal() else 1


def _begin_row(data: QueryDict, row: int) -> None:
    """Fill in what people who come together mostly share."""
    for item in ("family_name", "family_kana", "domicile", "domicile_head", "nationality"):
        data[f"m{row}_{item}"] = data.get(f"m{row - 1}_{item}", "")
    data[f"m{row}_born_on_era"] = data.get(f"m{row - 1}_born_on_era", "")
    data[f"m{row}_residence_until_era"] = "ce"


def _take_away(data: QueryDict, gone: int, rows: int) -> None:
    """Forget one group; the following ones move up."""
    for name in [name for name in data if name.startswith(f"m{gone}_")]:
        del data[name]
    for row in range(gone + 1, rows):
        for name in [name for name in data if name.startswith(f"m{row}_")]:
            data.setlist(f"m{row - 1}_{name.removeprefix(f'm{row}_')}", data.pop(name))
