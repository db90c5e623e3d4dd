"""The base of the desk's forms: fields are made per page, since limits and choices depend on day and record."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from yui.kernel.forms.public import Form


class DeskForm(Form):
    """A form whose fields are made when the page is."""

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        # Django copies ``base_fields``; ours belong to this one page.
        self.base_fields = self.make_fields()  # type: ignore[misc]
        super().__init__(data, *args, **kwargs)

    def make_fields(self) -> dict[str, forms.Field]:
        """The fields of this page, in order."""
        raise NotImplementedError

    def keep_as_typed(self) -> None:
        """Show what was typed without checking it, for a button that only changes the page (another row)."""
        self._errors = ErrorDict(renderer=self.renderer)
