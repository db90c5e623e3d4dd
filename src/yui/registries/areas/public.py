"""The door of ``registries.areas``."""

from yui.registries.areas.actions import add_areas, import_areas, load_bundled
from yui.registries.areas.bundled import find_postal_code
from yui.registries.areas.contracts import (
    AreaChangeView,
    AreaKind,
    AreaRef,
    ChangeKind,
    ImportOutcome,
    PostalPlace,
    TownView,
)
from yui.registries.areas.queries import (
    MUNICIPAL_KINDS,
    area_as_of,
    find_area,
    find_areas_by_name,
    get_area,
    list_areas,
    list_changes,
    list_towns,
    predecessors,
    successors,
)
from yui.registries.areas.rules import (
    area_check_digit,
    complete_area_code,
    corporate_number_of_area,
    is_area_code,
    is_corporate_number,
    read_area_code,
)

__all__ = [
    "MUNICIPAL_KINDS",
    "AreaChangeView",
    "AreaKind",
    "AreaRef",
    "ChangeKind",
    "ImportOutcome",
    "PostalPlace",
    "TownView",
    "add_areas",
    "area_as_of",
    "area_check_digit",
    "complete_area_code",
    "corporate_number_of_area",
    "find_area",
    "find_areas_by_name",
    "find_postal_code",
    "get_area",
    "import_areas",
    "is_area_code",
    "is_corporate_number",
    "list_areas",
    "list_changes",
    "list_towns",
    "load_bundled",
    "predecessors",
    "read_area_code",
    "successors",
]
