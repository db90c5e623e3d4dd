"""The base of every form a person fills in."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django import forms
from django.forms.utils import pretty_name
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yui.kernel.forms.contracts import Provenance, Section
from yui.kernel.forms.renderer import Renderer, first_id

TOKEN = "form_token"  # noqa: S105 - the name of a hidden field
VERSION = "form_version"

_CHOOSERS = (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.Select, forms.CheckboxInput)


@dataclass(frozen=True)
class SummaryLine:
    """One line of the error summary."""

    message: str
    target: str = ""


class Form(forms.Form):
    """A form with one look, a one-time token and the version of what it changes.

    Args:
        data: the posted values, or None for a fresh page.
        version: the version of the record the page shows; a page that was loaded at another version is refused.
        sources: where filled-in initial values came from, by field name.

    Attributes:
        sections: titled groups for a long form; fields in no group come last.
        is_stale: set when the page was refused because the record had changed meanwhile.
        is_resent: set when other values arrived from a page that had already been sent.
        first_result_url: where that first sending led, when it was this reader's.
    """

    default_renderer = Renderer
    required_css_class = ""
    use_required_attribute = True
    sections: ClassVar[tuple[Section, ...]] = ()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *args: Any,
        version: object = "",
        sources: Mapping[str, Provenance] | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(data, *args, **kwargs)
        self.sources = dict(sources or {})
        self.version = str(version)
        self.token = self._posted_token() or uuid.uuid4()
        self.is_stale = False
        self.is_resent = False
        self.first_result_url = ""
        for name, field in self.fields.items():
            _say_what_is_missing(name, field)

    @classmethod
    def from_request(cls, request: HttpRequest, **kwargs: Any) -> Self:
        """The form bound to what was posted, or fresh when the page is only looked at."""
        posted = request.method == "POST"
        return cls(request.POST if posted else None, files=request.FILES if posted else None, **kwargs)

    def _posted_token(self) -> uuid.UUID | None:
        try:
            return uuid.UUID(str(self.data.get(TOKEN, "")))
        except ValueError:
            return None

    @property
    def posted_version(self) -> str:
        """The version the page was loaded at."""
        return str(self.data.get(VERSION, ""))

    def renew_token(self) -> None:
        """Give the page a new token, so that the next sending counts as a new one."""
        self.token = uuid.uuid4()

    def visible_groups(self) -> list[tuple[Section | None, list[forms.BoundField]]]:
        """Visible fields by section, in the order of the sections; the rest last, without a title."""
        taken: set[str] = set()
        groups: list[tuple[Section | None, list[forms.BoundField]]] = []
        for section in self.sections:
            names = [name for name in section.fields if name in self.fields]
            taken.update(names)
            groups.append((section, [self[name] for name in names]))
        rest = [field for field in self.visible_fields() if field.name not in taken]
        if rest:
            groups.append((None, rest))
        return groups

    def summary_lines(self) -> list[SummaryLine]:
        """Every error once, in the order of the page, with the place to go."""
        lines = [SummaryLine(str(message)) for message in self.non_field_errors()]
        for _section, fields in self.visible_groups():
            for field in fields:
                lines += [SummaryLine(str(message), f"#{first_id(field)}") for message in field.errors]
        for field in self.hidden_fields():
            lines += [SummaryLine(f"{field.label}: {message}") for message in field.errors]
        return lines

    def get_context(self) -> dict[str, Any]:
        """Values for ``forms/form.html``."""
        return {
            "form": self,
            "groups": self.visible_groups(),
            "hidden_fields": self.hidden_fields(),
            "summary_lines": self.summary_lines(),
            "token_name": TOKEN,
            "version_name": VERSION,
        }

    def opening(self) -> str:
        """Notices, error summary and hidden fields, for a page that places its fields by hand."""
        return self.render("forms/opening.html")

    @property
    def status_code(self) -> int:
        """The HTTP status a page with this form is answered with."""
        if self.is_stale or self.is_resent:
            return 409
        return 422 if self.is_bound and not self.is_valid() else 200


def _say_what_is_missing(name: str, field: forms.Field) -> None:
    """Replace “This field is required.” by a sentence that names the field, unless the form has its own."""
    if field.error_messages.get("required") != forms.Field.default_error_messages["required"]:
        return
    pattern = _("Choose “{label}”.") if isinstance(field.widget, _CHOOSERS) else _("Enter “{label}”.")
    field.error_messages["required"] = format_lazy(pattern, label=field.label or pretty_name(name))
