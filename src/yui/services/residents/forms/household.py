"""Household changes (世帯変更): split, merge, another head, other relationships."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.kernel.forms.public import NameField, Section
from yui.registries.people.public import Member, Relationship, ResidentView
from yui.services.residents.forms import parts
from yui.services.residents.forms.places import HouseholdForm, place_name
from yui.services.residents.relationships import usual_word


class _ChangeForm(HouseholdForm):
    """What every household change asks."""

    def dates(self) -> dict[str, forms.Field]:
        """When, notified when, and a remark."""
        return {
            "effective_on": parts.effective_field(gettext_lazy("Changed on")),
            "notified_on": parts.notified_field(),
            "remark": parts.remark_field(),
        }

    def head_leaves(self) -> bool:
        """Whether the head is among the members chosen."""
        return any(member.is_head for member in self.chosen())

    def stay_after(self) -> list[Member]:
        """Places of those who stay with a new head."""
        head = self.find_member(self.new_head())
        return self.places([m for m in self.others() if m is not head], head) if head else []


class SplitForm(_ChangeForm):
    """Some members make a household of their own at the same address."""

    def make_fields(self) -> dict[str, forms.Field]:
        """Who leaves, everyone's place, and the dates."""
        return {
            "persons": self.persons_field(gettext_lazy("Who makes a new household")),
            **self.dates(),
            "new_head": self.new_head_field(self.members),
            **self.place_fields(self.members, head=True),
        }

    @property
    def sections(self) -> tuple[Section, ...]:  # type: ignore[override]
        """The split, and places."""
        return (
            Section(gettext_lazy("The split"), ["persons", "effective_on", "notified_on", "remark"]),
            Section(
                gettext_lazy("Places afterwards"),
                [*map(place_name, self.members), "new_head"],
                hint=gettext_lazy(
                    "One of those who leave is the new household's head. When the present head leaves, "
                    "choose who becomes head of those who stay."
                ),
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Both households have one head afterwards."""
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        if not self.others():
            self.add_error("persons", _("Somebody has to stay. Enter a move or another head instead."))
            return values
        if len(self.chosen()) > 1:
            self.check_new_household(self.chosen())
        self.check_those_who_stay(self.others(), head_goes=self.head_leaves())
        return values

    def members_after(self) -> list[Member]:
        """Places in the new household."""
        leaving = self.chosen()
        if len(leaving) == 1:
            return [
                Member(person=leaving[0].person, relationship=Relationship.HEAD, relationship_text="世帯主")
            ]
        head = next(m for m in leaving if self.cleaned_data[place_name(m)] == Relationship.HEAD.value)
        return self.places(leaving, head)


class MergeForm(_ChangeForm):
    """Members join another household at the same address."""

    def make_fields(self) -> dict[str, forms.Field]:
        """Which household, who joins it, everyone's place, and the dates."""
        return {
            "into": self.joined_field(required=True),
            "persons": self.persons_field(gettext_lazy("Who joins it")),
            **self.dates(),
            **self.place_fields(self.members),
            "new_head": self.new_head_field(self.members),
        }

    @property
    def sections(self) -> tuple[Section, ...]:  # type: ignore[override]
        """The merger, and places."""
        return (
            Section(gettext_lazy("The merger"), ["into", "persons", "effective_on", "notified_on", "remark"]),
            Section(
                gettext_lazy("Places afterwards"),
                [*map(place_name, self.members), "new_head"],
                hint=gettext_lazy("Choose how each who joins stands to the head there."),
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Everyone who joins has a place there."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.check_joining(self.chosen())
            self.check_those_who_stay(self.others(), head_goes=self.head_leaves())
        return values

    def members_after(self) -> list[Member]:
        """Places in the household that is joined."""
        return self.places(self.chosen())


class HeadForm(_ChangeForm):
    """Another member becomes head."""

    def make_fields(self) -> dict[str, forms.Field]:
        """Who, everyone's place, and the dates."""
        candidates = [member for member in self.members if not member.is_head]
        return {
            "new_head": self.new_head_field(candidates, required=True),
            **self.place_fields(self.members),
            **self.dates(),
        }

    @property
    def sections(self) -> tuple[Section, ...]:  # type: ignore[override]
        """The new head and everyone's place, then the dates."""
        return (
            Section(
                gettext_lazy("The new head"),
                ["new_head", *map(place_name, self.members)],
                hint=gettext_lazy("Choose how each of the others stands to the new head."),
            ),
            Section(gettext_lazy("Notification"), ["effective_on", "notified_on", "remark"]),
        )

    def clean(self) -> dict[str, Any]:
        """Everyone else stands somehow to the new head."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.check_those_who_stay(self.members, head_goes=False)
        return values

    def members_after(self) -> list[Member]:
        """Places of all but the new head."""
        head = self.find_member(self.new_head())
        return self.places([member for member in self.members if member is not head], head)


class RelationshipsForm(_ChangeForm):
    """Members stand in other relationships to the same head."""

    def make_fields(self) -> dict[str, forms.Field]:
        """A relationship and its words for each member but the head, and the dates."""
        fields: dict[str, forms.Field] = {}
        for member in self._subordinate():
            name = {"name": member.name.full}
            fields[place_name(member)] = forms.ChoiceField(
                label=_("Relationship of %(name)s") % name,
                choices=parts.relationship_choices(head=False)[1:],
                initial=member.relationship.value,
            )
            fields[_word_name(member)] = NameField(
                label=_("In the words of the record (%(name)s)") % name,
                required=False,
                max_length=50,
                initial=member.relationship_text,
            )
        return fields | self.dates()

    def _subordinate(self) -> list[ResidentView]:
        return [member for member in self.members if not member.is_head]

    def members_after(self) -> list[Member]:
        """Members whose relationship or its words are different now."""
        found = []
        for member in self._subordinate():
            relationship = Relationship(self.cleaned_data[place_name(member)])
            typed = self.cleaned_data[_word_name(member)]
            changed = relationship is not member.relationship
            if changed and typed == member.relationship_text:
                typed = ""
            word = typed or usual_word(relationship, member.sex)
            if changed or word != member.relationship_text:
                found.append(Member(person=member.person, relationship=relationship, relationship_text=word))
        return found


def _word_name(member: ResidentView) -> str:
    return f"word_{member.person.hex}"
