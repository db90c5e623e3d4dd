"""The door of ``registries.facilities``."""

from yui.registries.facilities.actions import export_facilities, import_facilities
from yui.registries.facilities.contracts import FacilityKind, FacilityView, FileReport, Verdict
from yui.registries.facilities.queries import count_facilities, find_facility, list_facilities

__all__ = [
    "FacilityKind",
    "FacilityView",
    "FileReport",
    "Verdict",
    "count_facilities",
    "export_facilities",
    "find_facility",
    "import_facilities",
    "list_facilities",
]
