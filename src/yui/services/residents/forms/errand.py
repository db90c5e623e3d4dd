"""Why the clerk looks at records."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yui.kernel.forms.public import Form
from yui.services.residents.errands import GROUNDS, REASONS


class ErrandForm(Form):
    """The reason for the case at hand, each with its legal ground."""

    reason = forms.ChoiceField(
        label=_("Reason for looking"),
        widget=forms.RadioSelect,
        help_text=_("It stands in the journal, which the person can read."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(reason.value, f"{label} ({GROUNDS[reason]})") for reason, label in REASONS.items()]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]
