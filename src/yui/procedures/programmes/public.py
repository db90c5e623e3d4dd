"""The door of programmes."""

from yui.procedures.programmes.catalogue import BrokenProgramme, Mistake, Place
from yui.procedures.programmes.contracts import Concerned, Population, Then
from yui.procedures.programmes.dates import count_coming, keep_dates
from yui.procedures.programmes.explanations import (
    CannotExplain,
    explain_decision,
    with_names,
)
from yui.procedures.programmes.known_then import KnownThen, known_then
from yui.procedures.programmes.populations import NoPopulation, has_population, register_population
from yui.procedures.programmes.presenting import (
    Version,
    cases_in_words,
    differences_of,
    given_in_words,
    sheets_of,
    versions_of,
)
from yui.procedures.programmes.queries import (
    UnknownProgramme,
    cases_of,
    get_place,
    get_programme,
    list_mistakes,
    list_programmes,
    service_of,
)

__all__ = [
    "BrokenProgramme",
    "CannotExplain",
    "Concerned",
    "KnownThen",
    "Mistake",
    "NoPopulation",
    "Place",
    "Population",
    "Then",
    "UnknownProgramme",
    "Version",
    "cases_in_words",
    "cases_of",
    "count_coming",
    "differences_of",
    "explain_decision",
    "get_place",
    "get_programme",
    "given_in_words",
    "has_population",
    "keep_dates",
    "known_then",
    "list_mistakes",
    "list_programmes",
    "register_population",
    "service_of",
    "sheets_of",
    "versions_of",
    "with_names",
]
