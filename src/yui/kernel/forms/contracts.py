"""What crosses the door of forms."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Provenance:
    """Where a filled-in value came from, shown beside it so that the reader can judge it.

    Attributes:
        source: the register, document or person that said so, in words the reader knows.
        as_of: the day the value was true or was fetched.
        ground: the legal ground on which it was taken over, when there is one.
    """

    source: Text
    as_of: datetime.date | None = None
    ground: Text = ""


@dataclass(frozen=True)
class Section:
    """A titled group of fields inside a long form."""

    title: Text
    fields: Sequence[str]
    hint: Text = ""


class FormRefused(Exception):
    """The action behind a form refused what was entered; nothing was saved and the entries stay on the page.

    Args:
        message: what is wrong and how to go on, for the person at the page.
        field: the field to blame, or "" when it is no single one.
    """

    def __init__(self, message: Text, field: str = "") -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class StalePage(Exception):
    """Someone else changed the record after this page was opened."""
