"""Widgets whose templates stand in ``templates/forms/widgets``."""

from typing import Any

from django import forms

from yui.kernel.forms.contracts import Text


class AffixInput(forms.TextInput):
    """A text input with a unit or mark beside it, such as 円 or 〒."""

    template_name = "forms/widgets/affix.html"

    def __init__(self, *, prefix: Text = "", suffix: Text = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.prefix = prefix
        self.suffix = suffix

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the unit to what the template sees."""
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"prefix": self.prefix, "suffix": self.suffix}
        return context


class ConfirmationWidget(forms.Widget):
    """Shows a value as text; there is nothing to type in or to send."""

    template_name = "forms/widgets/confirmation.html"

    def use_required_attribute(self, initial: Any) -> bool:
        """Nothing is required of a value that is only shown."""
        return False

    def id_for_label(self, id_: str) -> str:
        """A shown value has no label element."""
        return ""

    def format_value(self, value: Any) -> Any:
        """Leave dates and amounts to the template's localisation."""
        return value

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """It is never part of the data."""
        return True
