"""Who goes, who stays, and how each stands to the head afterwards. Several changes ask this."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.kernel.text.public import fold_width
from yui.registries.people.public import (
    HouseholdView,
    Member,
    Relationship,
    ResidentView,
    find_household_by_number,
)
from yui.services.residents.forms import parts
from yui.services.residents.forms.base import DeskForm
from yui.services.residents.relationships import usual_word

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def place_name(member: ResidentView) -> str:
    """The name of the field that asks how a member stands to the head."""
    return f"place_{member.person.hex}"


class HouseholdForm(DeskForm):
    """A form about the members of one household."""

    def __init__(self, data: Any = None, *, household: HouseholdView, **kwargs: Any) -> None:
        self.household = household
        self.members: Sequence[ResidentView] = household.members
        super().__init__(data, **kwargs)

    # Fields

    def persons_field(self, label: "str | _StrPromise") -> forms.Field:
        """Which members."""
        return forms.MultipleChoiceField(
            label=label, choices=parts.member_choices(self.members), widget=forms.CheckboxSelectMultiple
        )

    def new_head_field(self, members: Iterable[ResidentView], *, required: bool = False) -> forms.Field:
        """Who becomes head of those who stay."""
        first = gettext_lazy("Choose") if required else gettext_lazy("Stays as it is")
        return forms.ChoiceField(
            label=gettext_lazy("New head of household"),
            required=required,
            choices=[("", first), *parts.member_choices(members)],
        )

    def place_fields(self, members: Iterable[ResidentView], *, head: bool = False) -> dict[str, forms.Field]:
        """How each member stands to the head afterwards."""
        return {
            place_name(member): forms.ChoiceField(
                label=_("Relationship of %(name)s") % {"name": member.name.full},
                required=False,
                choices=[("", gettext_lazy("Stays as it is")), *parts.relationship_choices(head=head)[1:]],
            )
            for member in members
        }

    def joined_field(self, *, required: bool) -> forms.Field:
        """The number of another household."""
        return HouseholdNumberField(
            label=gettext_lazy("Number of the household they join"), required=required
        )

    # What was chosen

    def chosen(self) -> list[ResidentView]:
        """The members chosen in ``persons``."""
        wanted = set(self.cleaned_data.get("persons", ()))
        return [member for member in self.members if str(member.person) in wanted]

    def others(self) -> list[ResidentView]:
        """The members not chosen in ``persons``."""
        wanted = set(self.cleaned_data.get("persons", ()))
        return [member for member in self.members if str(member.person) not in wanted]

    def new_head(self) -> UUID | None:
        """Who was chosen as new head of those who stay."""
        return parts.uuid_or_none(self.cleaned_data.get("new_head", ""))

    def places(self, members: Iterable[ResidentView], head: ResidentView | None = None) -> list[Member]:
        """The places chosen for some members, in the usual words of a record."""
        found = []
        for member in members:
            chosen = self.cleaned_data.get(place_name(member), "")
            if chosen:
                found.append(self._member(member, Relationship(chosen), head))
        return found

    def _member(self, member: ResidentView, relationship: Relationship, head: ResidentView | None) -> Member:
        older = member.born_on.earliest() < head.born_on.earliest() if head else None
        word = usual_word(relationship, member.sex, older_than_head=older)
        if relationship is member.relationship and member.relationship_text and head is None:
            word = member.relationship_text
        return Member(person=member.person, relationship=relationship, relationship_text=word)

    def find_member(self, person: UUID | None) -> ResidentView | None:
        """A member by public id."""
        return next((member for member in self.members if member.person == person), None)

    # Checks

    def check_those_who_stay(self, staying: Sequence[ResidentView], *, head_goes: bool) -> None:
        """When the head goes and several stay, one becomes head and each of the others stands to that one anew."""
        if head_goes and len(staying) > 1 and self.new_head() is None:
            self.add_error("new_head", _("The head leaves. Choose who becomes the head of those who stay."))
        if self.new_head() is None:
            return
        for member in staying:
            if member.person != self.new_head() and not self.cleaned_data.get(place_name(member)):
                self.need_place(member)

    def check_new_household(self, members: Sequence[ResidentView]) -> None:
        """Each of those who make a household has a place in it, one of them as head."""
        for member in members:
            if not self.cleaned_data.get(place_name(member)):
                self.need_place(member)
        heads = [m for m in members if self.cleaned_data.get(place_name(m)) == Relationship.HEAD.value]
        if len(heads) != 1 and not self.errors:
            self.add_error("persons", _("Those who leave need exactly one head. Choose it among them."))

    def check_joining(self, members: Sequence[ResidentView]) -> None:
        """Each of those who join a household stands somehow to its head."""
        for member in members:
            place = self.cleaned_data.get(place_name(member))
            if not place:
                self.need_place(member)
            elif place == Relationship.HEAD.value:
                self.add_error(place_name(member), _("That household has a head already."))

    def need_place(self, member: ResidentView) -> None:
        """Ask for a place that cannot stay as it is."""
        self.add_error(
            place_name(member), _("Choose how %(name)s stands to the head.") % {"name": member.name.full}
        )


class HouseholdNumberField(forms.CharField):
    """A 世帯番号; the value is the household's public id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=15, **kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "class": "input-short", "autocomplete": "off"}

    def clean(self, value: Any) -> UUID | None:
        """The household of this number."""
        number = fold_width(str(super().clean(value) or "")).strip()
        if not number:
            return None
        found = find_household_by_number(number)
        if found is None:
            raise ValidationError(_("No household has this number. Check it."), code="unknown")
        return found
