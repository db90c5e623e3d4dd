"""What an applicant wants on a copy of the resident record."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from yui.kernel.access.public import allowed
from yui.kernel.forms.public import Section
from yui.registries.people.public import ResidentView
from yui.services.residents.contracts import ApplicantKind, CertificateForm, OptionalItem
from yui.services.residents.forms import parts
from yui.services.residents.forms.base import DeskForm

FORMS = {
    CertificateForm.HOUSEHOLD: _("Household form (four persons a sheet)"),
    CertificateForm.INDIVIDUAL: _("Individual form (one sheet each)"),
}
ITEMS = {
    OptionalItem.RELATIONSHIP: _("Head of household and relationship"),
    OptionalItem.DOMICILE: _("Domicile and first person of the register; nationality and residence"),
    OptionalItem.MY_NUMBER: _("My Number"),
    OptionalItem.RESIDENT_CODE: _("Resident record code"),
}
APPLICANTS = {
    ApplicantKind.SELF: _("The person or somebody of the same household"),
    ApplicantKind.AGENT: _("An agent of them"),
    ApplicantKind.AUTHORITY: _("An authority"),
    ApplicantKind.OTHERS: _("Others with a legitimate reason"),
}


class CertificateRequestForm(DeskForm):
    """Whose copy, in which form, with which items, for whom.

    Args:
        residents: members of the household, or the one person whose record was removed.
    """

    sections = (
        Section(_("Whose copy"), ["persons", "layout"]),
        Section(
            _("Items on it"),
            ["items"],
            hint=_("Everything else stands on every copy; what is not chosen is left out."),
        ),
        Section(_("For whom"), ["applicant", "identity_checked"]),
    )

    def __init__(self, data: Any = None, *, residents: Sequence[ResidentView], **kwargs: Any) -> None:
        self.residents = residents
        super().__init__(data, **kwargs)

    def make_fields(self) -> dict[str, forms.Field]:
        """Everything a request for a copy says."""
        removed = any(not resident.is_resident for resident in self.residents)
        offered = {
            form: label for form, label in FORMS.items() if not removed or form is CertificateForm.INDIVIDUAL
        }
        items = {
            item: label
            for item, label in ITEMS.items()
            if item is not OptionalItem.MY_NUMBER or allowed("people.my_number.read")
        }
        return {
            "persons": forms.MultipleChoiceField(
                label=_("Whose items"),
                choices=parts.member_choices(self.residents),
                widget=forms.CheckboxSelectMultiple,
            ),
            # Not "form": a control of that name hides the form from scripts, and nothing would be sent.
            "layout": forms.ChoiceField(
                label=_("Form of the copy"),
                choices=[(f.value, label) for f, label in offered.items()],
                widget=forms.RadioSelect,
            ),
            "items": forms.MultipleChoiceField(
                label=_("Items to state"),
                required=False,
                choices=[(item.value, label) for item, label in items.items()],
                widget=forms.CheckboxSelectMultiple,
            ),
            "applicant": forms.ChoiceField(
                label=_("Who asks"),
                choices=[(kind.value, label) for kind, label in APPLICANTS.items()],
                widget=forms.RadioSelect,
            ),
            "identity_checked": forms.BooleanField(
                label=_("I have checked who the applicant is, and the authority of an agent.")
            ),
        }

    def persons(self) -> list[UUID]:
        """The persons chosen, in the order of the household."""
        chosen = set(self.cleaned_data["persons"])
        return [resident.person for resident in self.residents if str(resident.person) in chosen]

    def items(self) -> frozenset[OptionalItem]:
        """The optional items chosen."""
        return frozenset(OptionalItem(item) for item in self.cleaned_data["items"])
