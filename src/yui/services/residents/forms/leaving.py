"""Death (死亡), move out (転出) and move within the municipality (転居)."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from yui.kernel.forms.public import Section
from yui.registries.people.public import Address, HouseholdView, Member, Relationship, ResidentView
from yui.services.residents.forms import parts
from yui.services.residents.forms.places import HouseholdForm, place_name


def _head_of(members: list[ResidentView]) -> ResidentView | None:
    return next((member for member in members if member.is_head), None)


class DeathForm(HouseholdForm):
    """Somebody died. When it was the head and several remain, one of them becomes head.

    Args:
        person: who died.
    """

    def __init__(
        self, data: Any = None, *, person: ResidentView, household: HouseholdView, **kwargs: Any
    ) -> None:
        self.person = person
        self.remaining = [member for member in household.members if member.person != person.person]
        self.head_needed = person.is_head and len(self.remaining) > 1
        super().__init__(data, household=household, **kwargs)

    @property
    def sections(self) -> tuple[Section, ...]:  # type: ignore[override]
        """The death, and those who remain where a new head is needed."""
        return (
            Section(_("The death"), ["effective_on", "notified_on", "remark"]),
            Section(
                _("Those who remain"),
                ["new_head", *map(place_name, self.remaining)],
                hint=_("The head has died. Choose who becomes head, and how the others stand to them."),
            ),
        )[: 2 if self.head_needed else 1]

    def make_fields(self) -> dict[str, forms.Field]:
        """Day, notification, and who becomes head where that is open."""
        fields: dict[str, forms.Field] = {
            "effective_on": parts.effective_field(_("Died on")),
            "notified_on": parts.notified_field(),
            "remark": parts.remark_field(),
        }
        if self.head_needed:
            fields["new_head"] = self.new_head_field(self.remaining, required=True)
            fields |= self.place_fields(self.remaining)
        return fields

    def clean(self) -> dict[str, Any]:
        """Everyone who remains stands somehow to the new head."""
        values: dict[str, Any] = super().clean() or {}
        if self.head_needed and not self.errors:
            self.check_those_who_stay(self.remaining, head_goes=True)
        return values

    def members_after(self) -> list[Member]:
        """Places of those who remain."""
        head = self.find_member(self.new_head())
        return self.places([m for m in self.remaining if m is not head], head) if head else []


class MoveOutForm(HouseholdForm):
    """Members leave the municipality; the notification comes ahead of the move."""

    def make_fields(self) -> dict[str, forms.Field]:
        """Who leaves, when, where to, and who is head of those who stay."""
        return {
            "persons": self.persons_field(_("Who moves out")),
            "effective_on": parts.effective_field(_("Moves out on (planned)"), may_be_future=True),
            "destination": forms.CharField(label=_("New address"), max_length=300),
            "notified_on": parts.notified_field(),
            "remark": parts.remark_field(),
            "new_head": self.new_head_field(self.members),
            **self.place_fields(self.members),
        }

    @property
    def sections(self) -> tuple[Section, ...]:  # type: ignore[override]
        """The move, and those who stay."""
        return (
            Section(_("The move"), ["persons", "effective_on", "destination", "notified_on", "remark"]),
            _staying_section(["new_head", *map(place_name, self.members)]),
        )[: 2 if len(self.members) > 1 else 1]

    def clean(self) -> dict[str, Any]:
        """When the head leaves and others stay, one of them becomes head."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.check_those_who_stay(self.others(), head_goes=_head_of(self.chosen()) is not None)
        return values

    def members_after(self) -> list[Member]:
        """Places of those who stay."""
        head = self.find_member(self.new_head())
        return self.places([m for m in self.others() if m is not head], head)


class MoveWithinForm(HouseholdForm):
    """Members move inside the municipality: all of them, some into a new household, or some into another one."""

    def make_fields(self) -> dict[str, forms.Field]:
        """Who moves, when, where to, into which household, and everyone's place."""
        return {
            "persons": self.persons_field(_("Who moves")),
            "effective_on": parts.effective_field(_("Moved on")),
            **parts.address_fields(),
            "household": self.joined_field(required=False),
            "notified_on": parts.notified_field(),
            "remark": parts.remark_field(),
            "new_head": self.new_head_field(self.members),
            **self.place_fields(self.members, head=True),
        }

    @property
    def sections(self) -> tuple[Section, ...]:  # type: ignore[override]
        """The move, the household of arrival, and those who stay."""
        return (
            Section(_("The move"), ["persons", "effective_on", "town", "block", "building", "postal_code"]),
            Section(
                _("Household"),
                ["household"],
                hint=_(
                    "All members together keep their household. Some of them make a new one, or join another."
                ),
            ),
            Section(_("Notification"), ["notified_on", "remark"]),
            Section(
                _("When only some move, or another household is joined"),
                ["new_head", *map(place_name, self.members)],
                hint=_(
                    "Choose the relationship of each who moves to the head there; "
                    "and when the head moves, who becomes head of those who stay."
                ),
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Everyone has a place where they live afterwards."""
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        moving, staying = self.chosen(), self.others()
        if values["household"]:
            self.check_joining(moving)
        elif staying and len(moving) > 1:
            self.check_new_household(moving)
        if staying:
            self.check_those_who_stay(staying, head_goes=_head_of(moving) is not None)
        return values

    def address(self) -> Address:
        """The new address as typed."""
        return parts.address_of(self.cleaned_data)

    def members_after(self) -> list[Member]:
        """Places of those who move and of those who stay."""
        moving, staying = self.chosen(), self.others()
        if not staying and not self.cleaned_data["household"]:
            return []
        there = self.places(moving, self._head_there(moving))
        if len(moving) == 1 and not self.cleaned_data["household"]:
            there = [
                Member(person=moving[0].person, relationship=Relationship.HEAD, relationship_text="世帯主")
            ]
        head = self.find_member(self.new_head())
        return there + (self.places([m for m in staying if m is not head], head) if head else [])

    def _head_there(self, moving: list[ResidentView]) -> ResidentView | None:
        head = Relationship.HEAD.value
        return next((m for m in moving if self.cleaned_data.get(place_name(m)) == head), None)


def _staying_section(names: list[str]) -> Section:
    return Section(
        _("Those who stay"),
        names,
        hint=_("Only when the head leaves: choose who becomes head, and how the others stand to them."),
    )


def chosen_ids(form: HouseholdForm) -> list[UUID]:
    """Public ids of the members chosen."""
    return [member.person for member in form.chosen()]
