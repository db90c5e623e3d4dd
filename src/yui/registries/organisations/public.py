"""The door of ``registries.organisations``."""

from yui.registries.organisations.actions import (
    import_corporations,
    load_local_governments,
    save_organisations,
)
from yui.registries.organisations.contracts import (
    ImportOutcome,
    OrganisationKind,
    OrganisationRef,
    OrganisationRefused,
)
from yui.registries.organisations.queries import find_organisation, get_organisation, list_organisations

__all__ = [
    "ImportOutcome",
    "OrganisationKind",
    "OrganisationRef",
    "OrganisationRefused",
    "find_organisation",
    "get_organisation",
    "import_corporations",
    "list_organisations",
    "load_local_governments",
    "save_organisations",
]
