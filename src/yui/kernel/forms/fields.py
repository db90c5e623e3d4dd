"""Fields for what Japanese forms ask most: names, readings, yen, postal codes, and values only to be confirmed."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yui.kernel.forms.contracts import Provenance
from yui.kernel.forms.widgets import AffixInput, ConfirmationWidget
from yui.kernel.text.public import (
    NumberProblem,
    fold_width,
    is_katakana_reading,
    parse_yen,
    to_katakana,
)


class NameField(forms.CharField):
    """A person's name, kept exactly as entered.

    Only outer spaces go. No Unicode normalisation: it would replace compatibility ideographs and variation
    sequences by other people's characters. There is no ``maxlength`` in the page, since browsers count a variation
    sequence as several characters and would cut a name in two.
    """

    def __init__(self, *, max_length: int = 100, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = max_length
        self.widget.attrs.setdefault("class", "input-name person-name")
        self.widget.attrs.setdefault("spellcheck", "false")

    def to_python(self, value: Any) -> str:
        """Refuse what cannot be part of a written name."""
        name = str(super().to_python(value))
        if any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") for character in name):
            raise ValidationError(
                _(
                    "The name holds a character that cannot be stored or printed. "
                    "Enter it again, or ask at the counter."
                ),
                code="unprintable",
            )
        if len(name) > self.longest:
            raise ValidationError(
                _("Enter at most %(longest)d characters."), code="too_long", params={"longest": self.longest}
            )
        return name


class KanaField(forms.CharField):
    """A reading: hiragana and half-width kana become full-width katakana; anything else is refused, not guessed."""

    def __init__(self, *, max_length: int = 100, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.widget.attrs.setdefault("class", "input-name")
        self.widget.attrs.setdefault("spellcheck", "false")

    def to_python(self, value: Any) -> str:
        """The reading in full-width katakana."""
        reading = to_katakana(str(super().to_python(value)))
        if reading and not is_katakana_reading(reading):
            raise ValidationError(_("Enter the reading in katakana, for example ヤマダ."), code="not_kana")
        return reading


class YenField(forms.IntegerField):
    """An amount in whole yen. Commas, the yen sign and full-width digits are read.

    Units:
        yen.
    """

    def __init__(self, *, min_value: int = 0, max_value: int = 10**12, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", AffixInput(suffix=_("yen"), attrs={"inputmode": "numeric", "class": "input-short"})
        )
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_python(self, value: Any) -> int | None:
        """The amount as an integer."""
        if value in self.empty_values:
            return None
        try:
            return parse_yen(str(value))
        except NumberProblem:
            raise ValidationError(
                _("Enter the amount in whole yen, for example 15,000."), code="not_yen"
            ) from None

    def prepare_value(self, value: Any) -> Any:
        """Thousands apart, as people read amounts."""
        return f"{value:,}" if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare amounts, not their spelling."""
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True


class PostalCodeField(forms.CharField):
    """A postal code; the value is its seven digits, however it was written."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Seven digits, for example 100-0001"))
        kwargs.setdefault(
            "widget",
            AffixInput(
                prefix="〒",
                attrs={"inputmode": "numeric", "autocomplete": "postal-code", "class": "input-short"},
            ),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Seven digits."""
        text = re.sub(r"[〒\s\-‐‑‒–—―−ーｰ]", "", fold_width(str(super().to_python(value))))
        if text and not re.fullmatch(r"\d{7}", text):
            raise ValidationError(
                _("A postal code has seven digits, for example 100-0001."), code="not_postal_code"
            )
        return text

    def prepare_value(self, value: Any) -> Any:
        """With its hyphen."""
        if isinstance(value, str) and re.fullmatch(r"\d{7}", value):
            return f"{value[:3]}-{value[3:]}"
        return value


class ConfirmationField(forms.Field):
    """A value that is already known: shown with where it came from, never asked again.

    What the browser sends for it is ignored; the cleaned value is the initial one.

    Args:
        provenance: where the value came from (or give it per form through ``sources``).
        change_url: where the person can say that the value is wrong.
    """

    widget = ConfirmationWidget
    is_confirmation = True

    def __init__(self, *, provenance: Provenance | None = None, change_url: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs["disabled"] = True
        super().__init__(**kwargs)
        self.provenance = provenance
        self.change_url = change_url


class AgreeField(forms.BooleanField):
    """One box the person ticks to say that something is so."""
