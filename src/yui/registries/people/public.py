"""The only door of the resident registry."""

from yui.registries.people.actions.account_links import (
    find_linked_accounts,
    find_linked_person,
    match_four_attributes,
)
from yui.registries.people.actions.corrections import CORRECTABLE, cancel_event, correct_record
from yui.registries.people.actions.households import (
    change_head,
    change_relationships,
    merge_households,
    split_household,
)
from yui.registries.people.actions.life_events import record_birth, record_death
from yui.registries.people.actions.moves import record_move_in, record_move_out, record_move_within
from yui.registries.people.actions.my_numbers import set_my_number
from yui.registries.people.actions.protection import end_protection, extend_protection, register_protection
from yui.registries.people.contracts import (
    Address,
    BecameBy,
    ChangeWarning,
    Citizenship,
    EndedBy,
    EventKind,
    EventView,
    FoundResident,
    HouseholdPeriod,
    HouseholdView,
    ImportReport,
    MatchRefused,
    Member,
    NewResident,
    PersonName,
    ProtectionView,
    Refusal,
    Relationship,
    ResidentChangeRefused,
    ResidentNotFound,
    ResidentView,
    Sex,
)
from yui.registries.people.exports import export_residents
from yui.registries.people.imports.reasons import ImportRefused, Reason
from yui.registries.people.imports.run import import_residents
from yui.registries.people.layout import LAYOUT_FILE, resident_record_layout
from yui.registries.people.queries.households import (
    find_household_by_number,
    find_household_of,
    get_household_of,
    household_as_of,
    list_children_of_household,
    list_household_over_time,
)
from yui.registries.people.queries.my_numbers import find_person_by_my_number, get_my_number
from yui.registries.people.queries.protection import list_protection, list_protection_reviews
from yui.registries.people.queries.residents import (
    find_resident,
    get_event,
    get_resident,
    list_events,
    list_events_of_day,
    list_resident_over_time,
    list_residents,
)
from yui.registries.people.queries.search import (
    count_households,
    count_residents,
    list_persons_attaining,
    list_persons_born,
    search_residents,
)
from yui.registries.people.texts import EVENT_CODES, EVENT_KINDS, REFUSALS, WARNINGS

__all__ = [
    "CORRECTABLE",
    "EVENT_CODES",
    "EVENT_KINDS",
    "LAYOUT_FILE",
    "REFUSALS",
    "WARNINGS",
    "Address",
    "BecameBy",
    "ChangeWarning",
    "Citizenship",
    "EndedBy",
    "EventKind",
    "EventView",
    "FoundResident",
    "HouseholdPeriod",
    "HouseholdView",
    "ImportRefused",
    "ImportReport",
    "MatchRefused",
    "Member",
    "NewResident",
    "PersonName",
    "ProtectionView",
    "Reason",
    "Refusal",
    "Relationship",
    "ResidentChangeRefused",
    "ResidentNotFound",
    "ResidentView",
    "Sex",
    "cancel_event",
    "change_head",
    "change_relationships",
    "correct_record",
    "count_households",
    "count_residents",
    "end_protection",
    "export_residents",
    "extend_protection",
    "find_household_by_number",
    "find_household_of",
    "find_linked_accounts",
    "find_linked_person",
    "find_person_by_my_number",
    "find_resident",
    "get_event",
    "get_household_of",
    "get_my_number",
    "get_resident",
    "household_as_of",
    "import_residents",
    "list_children_of_household",
    "list_events",
    "list_events_of_day",
    "list_household_over_time",
    "list_persons_attaining",
    "list_persons_born",
    "list_protection",
    "list_protection_reviews",
    "list_resident_over_time",
    "list_residents",
    "match_four_attributes",
    "merge_households",
    "record_birth",
    "record_death",
    "record_move_in",
    "record_move_out",
    "record_move_within",
    "register_protection",
    "resident_record_layout",
    "search_residents",
    "set_my_number",
    "split_household",
]
