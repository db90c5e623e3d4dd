"""Fields that several forms share. Their names are those of the record layout, so that a refusal finds its field."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yui.kernel.forms.public import DateField, KanaField, NameField, PostalCodeField
from yui.kernel.text.public import fold_width
from yui.registries.people.public import Address, Citizenship, Relationship, ResidentView, Sex
from yui.services.residents.nationalities import nationality_name, read_nationality
from yui.services.residents.words import RELATIONSHIPS, SEXES

Choices = list[tuple[str, str | Promise]]
SEX_CHOICES: Choices = [(sex.value, label) for sex, label in SEXES.items()]


def relationship_choices(*, head: bool = True) -> Choices:
    """How somebody can stand to the head of the household."""
    pairs = ((r.value, label) for r, label in RELATIONSHIPS.items() if head or r is not Relationship.HEAD)
    return [("", _("Choose")), *pairs]


def member_choices(members: Iterable[ResidentView]) -> Choices:
    """Members of a household by public id."""
    return [(str(member.person), member_label(member)) for member in members]


def member_label(member: ResidentView) -> str:
    """Name and day of birth, which tell apart people of one name."""
    return f"{member.name.full} ({member.born_text or member.born_on.text})"


def name_fields(prefix: str = "") -> dict[str, forms.Field]:
    """A name as received, with its reading."""
    return {
        f"{prefix}family_name": NameField(label=_("Family name"), required=False),
        f"{prefix}given_name": NameField(label=_("Given name")),
        f"{prefix}family_kana": KanaField(label=_("Reading of the family name"), required=False),
        f"{prefix}given_kana": KanaField(label=_("Reading of the given name")),
    }


def sex_field() -> forms.Field:
    """男女の別."""
    return forms.ChoiceField(label=_("Sex"), choices=SEX_CHOICES, widget=forms.RadioSelect)


def relationship_fields(prefix: str = "", *, head: bool = True) -> dict[str, forms.Field]:
    """How somebody stands to the head, as a code and in the words of the record."""
    return {
        f"{prefix}relationship": forms.ChoiceField(
            label=_("Relationship to the head"), choices=relationship_choices(head=head)
        ),
        f"{prefix}relationship_text": NameField(
            label=_("Relationship in the words of the record"),
            required=False,
            help_text=_("Leave empty for the usual word."),
            max_length=50,
        ),
    }


def citizenship_fields(prefix: str = "") -> dict[str, forms.Field]:
    """本籍 and 筆頭者, or nationality and residence of a foreign resident."""
    return {
        f"{prefix}domicile": forms.CharField(
            label=_("Registered domicile (honseki)"), required=False, max_length=300
        ),
        f"{prefix}domicile_head": NameField(
            label=_("First person of the family register"), required=False, max_length=200
        ),
        f"{prefix}nationality": NationalityField(label=_("Nationality or region"), initial="JPN"),
        f"{prefix}residence_status": forms.CharField(
            label=_("Residence status"), required=False, max_length=60, help_text=_("Foreign residents only.")
        ),
        f"{prefix}residence_until": DateField(label=_("End of the period of stay"), required=False),
    }


def address_fields(*, required: bool = True) -> dict[str, forms.Field]:
    """An address inside the municipality."""
    return {
        "town": forms.CharField(
            label=_("Town (chō, aza)"),
            required=required,
            max_length=120,
            widget=forms.TextInput(attrs={"list": "towns", "autocomplete": "off"}),
        ),
        "block": forms.CharField(label=_("Block and number"), required=False, max_length=60),
        "building": forms.CharField(label=_("Building and room"), required=False, max_length=120),
        "postal_code": PostalCodeField(label=_("Postal code"), required=False),
    }


def notified_field() -> DateField:
    """届出年月日."""
    return DateField(label=_("Notified on"), era="reiwa", latest=timezone.localdate(), required=True)


def effective_field(label: str | Promise, *, may_be_future: bool = False) -> DateField:
    """異動年月日."""
    return DateField(label=label, era="reiwa", latest=None if may_be_future else timezone.localdate())


def remark_field() -> forms.Field:
    """備考."""
    return forms.CharField(
        label=_("Remark"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )


class NationalityField(forms.CharField):
    """Nationality or region; its name or the three letters of ISO 3166 are read, the letters are the value."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Its name in Japanese, or three letters such as VNM."))
        super().__init__(**kwargs)
        self.widget.attrs |= {"list": "nationalities", "autocomplete": "off", "class": "input-short"}

    def prepare_value(self, value: Any) -> Any:
        """By its name."""
        return nationality_name(value) if isinstance(value, str) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare nationalities, not their spelling."""
        return read_nationality(fold_width(str(data or ""))) != (initial or None)

    def to_python(self, value: Any) -> str:
        """The three letters."""
        text = super().to_python(value)
        if not text:
            return ""
        code = read_nationality(fold_width(text))
        if code is None:
            raise ValidationError(
                _("This nationality is not known. Enter its three letters, for example VNM."),
                code="nationality",
            )
        return code


def address_of(values: dict[str, Any]) -> Address:
    """The address of a form; the town's code is given later, by the town's name."""
    return Address(
        town=values["town"],
        block=values["block"],
        building=values["building"],
        postal_code=values["postal_code"],
    )


def citizenship_of(values: dict[str, Any], prefix: str = "") -> Citizenship:
    """Nationality, residence and family register of a form."""
    return Citizenship(
        nationality=values[f"{prefix}nationality"],
        residence_status=values[f"{prefix}residence_status"],
        residence_until=values[f"{prefix}residence_until"],
        domicile=values[f"{prefix}domicile"],
        domicile_head=values[f"{prefix}domicile_head"],
    )


def uuid_or_none(value: str) -> UUID | None:
    """A chosen person, or None for the empty choice."""
    return UUID(value) if value else None


def sex_of(value: str) -> Sex:
    """A chosen sex."""
    return Sex(value)


def today() -> dt.date:
    """The day at the counter."""
    return timezone.localdate()
