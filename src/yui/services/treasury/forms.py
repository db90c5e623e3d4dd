"""Forms of the treasury."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yui.kernel.forms.public import DateField, Form, KanaField, Section
from yui.procedures.payments.contracts import AccountInput, AccountKind, AccountRefused, AccountSource
from yui.procedures.payments.public import list_paying_accounts, text_of, yucho_account

_PAYEE_KINDS = (AccountKind.ORDINARY, AccountKind.CURRENT, AccountKind.SAVINGS, AccountKind.OTHER)
_PAYING_KINDS = (AccountKind.ORDINARY, AccountKind.CURRENT, AccountKind.OTHER)
# Larger than any answer of a bank; a wrong file is refused before it is read.
_LARGEST_UPLOAD = 20 * 1024 * 1024


def _digits(label: Any, help_text: Any = "", **kwargs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "input-short", "autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, widget=widget, max_length=12, **kwargs)


class PrepareForm(Form):
    """Which day and from which account a new run pays."""

    value_on = DateField(label=_("Day of payment"), help_text=_("A day on which banks are open"))
    paying_account = forms.ChoiceField(label=_("Paid from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paying_account"].choices = [  # type: ignore[attr-defined]
            (account.code, f"{account.bank_name} {account.branch_name} {account.masked_number}")
            for account in list_paying_accounts()
        ]


class AccountSearchForm(forms.Form):
    """Who is looked up; a name is sent by POST, because addresses are kept in histories and logs."""

    name = forms.CharField(label=_("Name or reading"), required=False, max_length=100)
    person_number = forms.CharField(label=_("Person number"), required=False, max_length=15)


class AccountForm(Form):
    """An account of a payee, stated either as banks do or as it stands in a Japan Post Bank passbook."""

    sections: ClassVar = (
        Section(_("Account"), ("bank_code", "branch_code", "kind", "number")),
        Section(
            _("Japan Post Bank passbook"),
            ("symbol", "passbook_number"),
            hint=_("Fill in these two instead of the four above; they are converted for transfers."),
        ),
        Section(_("Holder and validity"), ("holder_kana", "source", "valid_from")),
    )
    bank_code = _digits(_("Bank code"), _("Four digits"), required=False)
    branch_code = _digits(_("Branch code"), _("Three digits"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of account"),
        choices=[(kind.value, text_of(kind)) for kind in _PAYEE_KINDS],
        required=False,
    )
    number = _digits(_("Account number"), _("Up to seven digits"), required=False)
    symbol = _digits(_("Symbol (kigou)"), _("Five digits"), required=False)
    passbook_number = _digits(_("Number (bangou)"), _("Up to eight digits"), required=False)
    holder_kana = KanaField(
        label=_("Holder in kana"), help_text=_("As in the bank book; the account must be the payee's own")
    )
    source = forms.ChoiceField(
        label=_("How the account is known"),
        choices=[(source.value, text_of(source)) for source in AccountSource],
        widget=forms.RadioSelect,
    )
    valid_from = DateField(label=_("Valid from"))

    def clean(self) -> dict[str, Any]:
        """Accept one of the two ways to state an account, whole."""
        data = super().clean() or self.cleaned_data
        passbook = [name for name in ("symbol", "passbook_number") if data.get(name)]
        stated = [name for name in ("bank_code", "branch_code", "number") if data.get(name)]
        if passbook and stated:
            raise ValidationError(_("Fill in either the account or the passbook, not both."), code="both")
        wanted = ("symbol", "passbook_number") if passbook else ("bank_code", "branch_code", "number")
        for name in wanted:
            if not data.get(name):
                self.add_error(name, self.fields[name].error_messages["required"])
        return data

    def account(self) -> AccountInput:
        """The account that was stated.

        Raises:
            AccountRefused: the passbook's symbol and number do not fit together.
        """
        data = self.cleaned_data
        if data["symbol"]:
            try:
                return yucho_account(data["symbol"], data["passbook_number"], data["holder_kana"])
            except AccountRefused as refusal:
                raise AccountRefused(refusal.message, "passbook_number") from refusal
        return account_input(data, data["holder_kana"])


class PayingAccountForm(Form):
    """An account the body pays from, and what the bank calls the body."""

    code = forms.SlugField(label=_("Short name"), help_text=_("For example main"), max_length=30)
    originator_code = _digits(_("Originator code"), _("Given by the bank, up to ten digits"))
    originator_name = KanaField(label=_("Originator name in kana"), help_text=_("As agreed with the bank"))
    bank_code = _digits(_("Bank code"), _("Four digits"))
    branch_code = _digits(_("Branch code"), _("Three digits"))
    kind = forms.ChoiceField(
        label=_("Kind of account"), choices=[(kind.value, text_of(kind)) for kind in _PAYING_KINDS]
    )
    number = _digits(_("Account number"), _("Up to seven digits"))


def account_input(data: dict[str, Any], holder_kana: str) -> AccountInput:
    """The account of a valid form."""
    return AccountInput(
        bank_code=data["bank_code"],
        branch_code=data["branch_code"],
        kind=AccountKind(data["kind"] or AccountKind.ORDINARY.value),
        number=data["number"],
        holder_kana=holder_kana,
    )


class ResultsForm(Form):
    """What the bank answered: a file, the sentence "the rest arrived", or both."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("The table of results (CSV or Excel), or the bank's file of returned transfers"),
        required=False,
    )
    rest_paid_on = DateField(
        label=_("All other payments arrived on"),
        help_text=_("Leave empty if you only know about the payments in the file"),
        required=False,
    )

    def clean_file(self) -> Any:
        """Refuse what is too large to be an answer."""
        upload = self.cleaned_data["file"]
        if upload is not None and upload.size > _LARGEST_UPLOAD:
            raise ValidationError(_("The file is larger than 20 MB."), code="too_large")
        return upload

    def clean(self) -> dict[str, Any]:
        """Ask for at least one of the two."""
        data = super().clean() or self.cleaned_data
        day: dt.date | None = data.get("rest_paid_on")
        if not self.errors and not data.get("file") and day is None:
            raise ValidationError(_("Choose a file, or say when the payments arrived."), code="nothing")
        return data
