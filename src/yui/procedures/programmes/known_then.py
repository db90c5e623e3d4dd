"""The part of a case's page that asks: by what was known on that day, what would have been decided, and why?"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.engines.rules.public import Explanation, Language
from yui.kernel.forms.public import DateField, Form
from yui.procedures.cases.public import CaseView
from yui.procedures.programmes.explanations import CannotExplain, NothingDecided, explain_case, with_names


class KnownOnForm(Form):
    """The day as known on which a decision is explained, today at the latest."""

    known_on = DateField(label=gettext_lazy("What was known on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["known_on"].latest = timezone.localdate()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class KnownThen:
    """What a page shows.

    Attributes:
        form: Asks for the day.
        said: The answer in one sentence; empty when no day was asked for.
        explanation: The reasons, the members by name; None when there are none.
    """

    form: KnownOnForm
    said: str = ""
    explanation: Explanation | None = None


def known_then(
    case: CaseView, query: Mapping[str, Any], language: Language, name_of: Callable[[UUID], str]
) -> KnownThen:
    """The decision of a case by what was known on the day that the page's address asks for.

    Args:
        case: The case.
        query: The address's query.
        language: The reader's language.
        name_of: The name that the reader may see of a person; empty for one that must not be found.
    """
    form = KnownOnForm(query if "known_on_year" in query else None)
    if not (form.is_bound and form.is_valid()):
        return KnownThen(form)
    day: dt.date = form.cleaned_data["known_on"]
    try:
        found = explain_case(case, language, known_on=day)
    except NothingDecided:
        return KnownThen(form, _("Nothing had been decided by that day."))
    except CannotExplain:
        return KnownThen(form, _("By what was known on that day this cannot be decided again."))
    return KnownThen(form, found.headline, with_names(found, name_of, language))
