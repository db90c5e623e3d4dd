"""The door of evidence. Charts have doors of their own below ``evidence.charts``."""

from yui.evidence.actions.defining import publish_definition, register_vintage
from yui.evidence.actions.entering import confirm_entry, enter_figure, refuse_entry
from yui.evidence.actions.publishing import publish_figures
from yui.evidence.actions.recording import record_figures
from yui.evidence.contracts import (
    NATION,
    Absence,
    DataRow,
    Definition,
    Direction,
    Entry,
    EntryState,
    EvidenceRefused,
    Figure,
    Period,
    PeriodKind,
    Published,
    Query,
    Recorded,
    UnknownFigure,
    Vintage,
    Words,
)
from yui.evidence.feeds import Feed, list_feeds, register_indicator, take_figures
from yui.evidence.importing import import_figures
from yui.evidence.queries import (
    area_name,
    get_published,
    list_corrections,
    list_definitions,
    list_editions,
    list_entries,
    list_figures,
    list_published,
    list_vintages,
    published_files,
)
from yui.evidence.stored import read_definition

__all__ = [
    "NATION",
    "Absence",
    "DataRow",
    "Definition",
    "Direction",
    "Entry",
    "EntryState",
    "EvidenceRefused",
    "Feed",
    "Figure",
    "Period",
    "PeriodKind",
    "Published",
    "Query",
    "Recorded",
    "UnknownFigure",
    "Vintage",
    "Words",
    "area_name",
    "confirm_entry",
    "enter_figure",
    "get_published",
    "import_figures",
    "list_corrections",
    "list_definitions",
    "list_editions",
    "list_entries",
    "list_feeds",
    "list_figures",
    "list_published",
    "list_vintages",
    "publish_definition",
    "publish_figures",
    "published_files",
    "read_definition",
    "record_figures",
    "refuse_entry",
    "register_indicator",
    "register_vintage",
    "take_figures",
]
