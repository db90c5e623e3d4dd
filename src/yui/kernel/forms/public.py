"""The door of forms."""

from yui.kernel.forms.base import Form
from yui.kernel.forms.contracts import FormRefused, Provenance, Section, StalePage
from yui.kernel.forms.dates import DateField, DateWidget
from yui.kernel.forms.fields import (
    AgreeField,
    ConfirmationField,
    KanaField,
    NameField,
    PostalCodeField,
    YenField,
)
from yui.kernel.forms.sending import forget_submissions, handle_form
from yui.kernel.forms.widgets import AffixInput

__all__ = [
    "AffixInput",
    "AgreeField",
    "ConfirmationField",
    "DateField",
    "DateWidget",
    "Form",
    "FormRefused",
    "KanaField",
    "NameField",
    "PostalCodeField",
    "Provenance",
    "Section",
    "StalePage",
    "YenField",
    "forget_submissions",
    "handle_form",
]
