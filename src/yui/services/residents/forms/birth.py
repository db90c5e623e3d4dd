"""Birth (出生)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yui.kernel.calendar.public import PartialDate, legal_age
from yui.kernel.forms.public import DateField, Provenance, Section
from yui.registries.people.public import (
    HouseholdView,
    NewResident,
    PersonName,
    Relationship,
    ResidentView,
    Sex,
)
from yui.services.residents.forms import parts
from yui.services.residents.forms.base import DeskForm
from yui.services.residents.relationships import child_of, usual_word

_YOUNGEST_OFFERED = 12


class BirthForm(DeskForm):
    """A child is born into a household.

    Args:
        women: members who can be the mother.
    """

    sections = (
        Section(
            _("The child"),
            ["family_name", "given_name", "family_kana", "given_kana", "born_on", "sex", "born_where"],
        ),
        Section(
            _("In the household"),
            ["mother", "relationship", "relationship_text"],
            hint=_("The child becomes a resident at the household's address on the day of birth."),
        ),
        Section(
            _("Domicile and nationality"),
            ["domicile", "domicile_head", "nationality", "residence_status", "residence_until"],
        ),
        Section(_("Notification"), ["notified_on", "remark"]),
    )

    def __init__(self, data: Any = None, *, women: Sequence[ResidentView], **kwargs: Any) -> None:
        self.women = women
        super().__init__(data, **kwargs)

    def make_fields(self) -> dict[str, forms.Field]:
        """Everything a birth asks."""
        return {
            **parts.name_fields(),
            "born_on": DateField(label=_("Date of birth"), era="reiwa", latest=parts.today()),
            "sex": parts.sex_field(),
            "born_where": forms.CharField(
                label=_("Born where"),
                required=False,
                max_length=60,
                help_text=_("Municipality or country of birth."),
            ),
            "mother": forms.ChoiceField(
                label=_("Mother"),
                required=False,
                choices=[("", _("Not in this household")), *parts.member_choices(self.women)],
            ),
            **parts.relationship_fields(head=False),
            **parts.citizenship_fields(),
            "notified_on": parts.notified_field(),
            "remark": parts.remark_field(),
        }

    def child(self) -> NewResident:
        """Who was born."""
        values = self.cleaned_data
        relationship, sex = Relationship(values["relationship"]), Sex(values["sex"])
        return NewResident(
            name=PersonName(
                family_name=values["family_name"],
                given_name=values["given_name"],
                family_kana=values["family_kana"],
                given_kana=values["given_kana"],
            ),
            born_on=PartialDate.of(values["born_on"]),
            sex=sex,
            relationship=relationship,
            relationship_text=values["relationship_text"] or usual_word(relationship, sex),
            citizenship=parts.citizenship_of(values),
        )

    def remark(self) -> str:
        """What the record remarks: where the child was born, and what the clerk adds."""
        where = self.cleaned_data["born_where"]
        return " ".join(filter(None, [f"出生地 {where}" if where else "", self.cleaned_data["remark"]]))


def women_of(household: HouseholdView, today: dt.date) -> list[ResidentView]:
    """Members who can be the mother of a newborn; the registry checks the one chosen."""
    return [
        member
        for member in household.members
        if member.sex is not Sex.MALE
        and (member.born_on.year is None or legal_age(member.born_on.earliest(), today) >= _YOUNGEST_OFFERED)
    ]


def birth_initial(
    household: HouseholdView, mother: ResidentView | None, today: dt.date
) -> tuple[dict[str, Any], dict[str, Provenance]]:
    """What the record already knows about the newborn, and where from."""
    pattern = mother or household.head or household.members[0]
    relationship = child_of(mother)
    filled: dict[str, Any] = {
        "family_name": pattern.name.family_name,
        "family_kana": pattern.name.family_kana,
        "domicile": pattern.citizenship.domicile,
        "domicile_head": pattern.citizenship.domicile_head,
        "nationality": pattern.citizenship.nationality,
    }
    source = Provenance(_("Resident record of %(name)s") % {"name": pattern.name.full}, today)
    sources = {name: source for name, value in filled.items() if value}
    return {
        **filled,
        "mother": str(mother.person) if mother else "",
        "relationship": relationship.value,
        "relationship_text": usual_word(relationship, Sex.OTHER),
        "notified_on": today,
    }, sources
