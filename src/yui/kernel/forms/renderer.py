"""How a field is drawn: label, need, hint, error, source, in this order and tied together for screen readers."""

from typing import TYPE_CHECKING

from django import forms
from django.forms.renderers import DjangoTemplates

if TYPE_CHECKING:
    from yui.kernel.forms.contracts import Provenance


class BoundField(forms.BoundField):
    """A field of a form with what our templates need to know about it."""

    @property
    def provenance(self) -> "Provenance | None":
        """Where the value on show came from, unless the person has typed over it."""
        source = getattr(self.form, "sources", {}).get(self.name) or getattr(self.field, "provenance", None)
        if source is None or self.is_confirmation:
            return source
        return None if self.form.is_bound and self.field.has_changed(self.initial, self.data) else source

    @property
    def is_confirmation(self) -> bool:
        """Whether the value is only shown, not asked."""
        return bool(getattr(self.field, "is_confirmation", False))

    @property
    def is_single_checkbox(self) -> bool:
        """Whether the label stands to the right of one checkbox."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def aria_describedby(self) -> str | None:
        """Ids of hint, error and source, so that all three are read out with the field."""
        described = super().aria_describedby
        if described is None or not self.auto_id or self.is_hidden or not self.provenance:
            return described
        return " ".join(filter(None, [described, f"{self.auto_id}_source"]))


def first_id(field: forms.BoundField) -> str:
    """The id of the first part of a field that can take the focus; the error summary links to it."""
    if field.use_fieldset:
        for subwidget in field.subwidgets:
            parts = subwidget.data.get("subwidgets")
            return str((parts[0] if parts else subwidget.data)["attrs"]["id"])
    return str(field.id_for_label or field.auto_id)


class Renderer(DjangoTemplates):
    """Finds Django's own widget templates and ours; named in ``FORM_RENDERER`` and by the base form."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = BoundField
