"""When a value has to be there, and when it must not be: the conditional rules of GTFS as a table.

Source:
    General Transit Feed Specification, Schedule reference (revised 2026-04-27), presence "conditionally
    required" and "conditionally forbidden" of each field, https://gtfs.org.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from .feed import Feed, Row
from .problems import FeedFault


class Facts:
    """What conditions ask of the rest of the feed."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    @cached_property
    def several_agencies(self) -> bool:
        return len(self._feed.rows("agency")) > 1

    @cached_property
    def ends(self) -> Mapping[str, tuple[int, int]]:
        """First and last stop sequence of each trip."""
        ends: dict[str, tuple[int, int]] = {}
        for row in self._feed.rows("stop_times"):
            at = _integer(row.get("stop_sequence", ""))
            first, last = ends.get(row.get("trip_id", ""), (at, at))
            ends[row.get("trip_id", "")] = (min(first, at), max(last, at))
        return ends

    @cached_property
    def routes_with_windows(self) -> frozenset[str]:
        trips = {row.get("trip_id", "") for row in self._feed.rows("stop_times") if has_window(row, self)}
        return frozenset(r.get("route_id", "") for r in self._feed.rows("trips") if r.get("trip_id") in trips)

    @cached_property
    def continuous(self) -> tuple[frozenset[str], frozenset[str]]:
        """Routes and trips on which riders get on or off anywhere along the way."""

        def along(row: Row) -> bool:
            return any(_open(row.get(name, "")) for name in ("continuous_pickup", "continuous_drop_off"))

        routes = frozenset(row.get("route_id", "") for row in self._feed.rows("routes") if along(row))
        trips = frozenset(row.get("trip_id", "") for row in self._feed.rows("stop_times") if along(row))
        return routes, trips

    @cached_property
    def route_networks(self) -> bool:
        return bool(self._feed.rows("route_networks"))

    @cached_property
    def old_translations(self) -> bool:
        table = self._feed.tables.get("translations")
        return table is not None and "trans_id" in table.columns


When = Callable[[Row, Facts], bool]


@dataclass(frozen=True)
class Condition:
    """One rule: in rows where ``when`` holds, the column is given (or, if forbidden, it is not)."""

    file: str
    column: str
    forbidden: bool
    when: When

    def broken_by(self, row: Row, facts: Facts) -> FeedFault | None:
        given = bool(row.get(self.column, "").strip())
        if given is not self.forbidden or not self.when(row, facts):
            return None
        return FeedFault.FORBIDDEN_VALUE if self.forbidden else FeedFault.MISSING_VALUE


def has(*names: str) -> When:
    """Say: one of these columns is given."""
    return lambda row, facts: any(row.get(name, "").strip() for name in names)


def is_(name: str, *values: str) -> When:
    """Say: this column is one of these values."""
    return lambda row, facts: row.get(name, "").strip() in values


def not_(when: When) -> When:
    """Say: it does not hold."""
    return lambda row, facts: not when(row, facts)


def both(a: When, b: When) -> When:
    """Say: both hold."""
    return lambda row, facts: a(row, facts) and b(row, facts)


def _required(file: str, columns: str, when: When) -> list[Condition]:
    return [Condition(file, column, False, when) for column in columns.split()]


def _forbidden(file: str, columns: str, when: When) -> list[Condition]:
    return [Condition(file, column, True, when) for column in columns.split()]


def _integer(text: str) -> int:
    return int(text) if text.strip().isdecimal() else -1


def _open(continuous: str) -> bool:
    return continuous.strip() not in ("", "1")


def _at_an_end(row: Row, facts: Facts) -> bool:
    return _integer(row.get("stop_sequence", "")) in facts.ends.get(row.get("trip_id", ""), ())


def _several_agencies(row: Row, facts: Facts) -> bool:
    return facts.several_agencies


def _on_windows(row: Row, facts: Facts) -> bool:
    return row.get("route_id", "") in facts.routes_with_windows


def _runs_along(row: Row, facts: Facts) -> bool:
    routes, trips = facts.continuous
    return row.get("route_id", "") in routes or row.get("trip_id", "") in trips


def _same_group(row: Row, facts: Facts) -> bool:
    return row.get("from_leg_group_id", "") == row.get("to_leg_group_id", "")


def _old_form(row: Row, facts: Facts) -> bool:
    return facts.old_translations


def _networks_listed(row: Row, facts: Facts) -> bool:
    return facts.route_networks


def _feed_or_value(row: Row, facts: Facts) -> bool:
    return row.get("table_name") == "feed_info" or bool(row.get("field_value", "").strip())


has_window = has("start_pickup_drop_off_window", "end_pickup_drop_off_window")
_type = "booking_type"

CONDITIONS: tuple[Condition, ...] = (
    *_required("agency", "agency_id", _several_agencies),
    *_required("routes", "agency_id", _several_agencies),
    *_required("fare_attributes", "agency_id", _several_agencies),
    # Stops: a place has a name and coordinates, and parts of stations know their station.
    *_required("stops", "stop_name stop_lat stop_lon", is_("location_type", "", "0", "1", "2")),
    *_required("stops", "parent_station", is_("location_type", "2", "3", "4")),
    *_forbidden("stops", "parent_station", is_("location_type", "1")),
    *_forbidden("stops", "stop_access", not_(both(is_("location_type", "", "0"), has("parent_station")))),
    *_required("routes", "route_short_name", not_(has("route_long_name"))),
    *_required("routes", "route_long_name", not_(has("route_short_name"))),
    *_forbidden("routes", "network_id", _networks_listed),
    *_forbidden("routes", "continuous_pickup", both(_on_windows, not_(is_("continuous_pickup", "1")))),
    *_forbidden("routes", "continuous_drop_off", both(_on_windows, not_(is_("continuous_drop_off", "1")))),
    *_required("trips", "shape_id", _runs_along),
    # Stop times: at a stop, a group of stops or in a zone; at a time or in a window.
    *_required("stop_times", "stop_id", not_(has("location_group_id", "location_id"))),
    *_forbidden("stop_times", "location_group_id", has("stop_id", "location_id")),
    *_forbidden("stop_times", "location_id", has("stop_id", "location_group_id")),
    *_required("stop_times", "arrival_time", both(not_(has_window), _at_an_end)),
    *_required("stop_times", "arrival_time departure_time", both(not_(has_window), is_("timepoint", "1"))),
    *_forbidden("stop_times", "arrival_time departure_time", has_window),
    *_required(
        "stop_times",
        "start_pickup_drop_off_window end_pickup_drop_off_window",
        has(
            "location_group_id",
            "location_id",
            "start_pickup_drop_off_window",
            "end_pickup_drop_off_window",
        ),
    ),
    # Empty means 0, so it is as forbidden as 0 itself.
    *_required("stop_times", "pickup_type drop_off_type", has_window),
    *_forbidden("stop_times", "pickup_type", both(has_window, is_("pickup_type", "0", "3"))),
    *_forbidden("stop_times", "drop_off_type", both(has_window, is_("drop_off_type", "0"))),
    *_forbidden("stop_times", "continuous_pickup", both(has_window, not_(is_("continuous_pickup", "1")))),
    *_forbidden("stop_times", "continuous_drop_off", both(has_window, not_(is_("continuous_drop_off", "1")))),
    # Booking: at once, on the day, days before.
    *_required("booking_rules", "prior_notice_duration_min", is_(_type, "1")),
    *_forbidden("booking_rules", "prior_notice_duration_min", not_(is_(_type, "1"))),
    *_forbidden("booking_rules", "prior_notice_duration_max", not_(is_(_type, "1"))),
    *_required("booking_rules", "prior_notice_last_day", is_(_type, "2")),
    *_forbidden("booking_rules", "prior_notice_last_day", not_(is_(_type, "2"))),
    *_required("booking_rules", "prior_notice_last_time", has("prior_notice_last_day")),
    *_forbidden("booking_rules", "prior_notice_last_time", not_(has("prior_notice_last_day"))),
    *_forbidden("booking_rules", "prior_notice_start_day", is_(_type, "0")),
    *_forbidden(
        "booking_rules", "prior_notice_start_day", both(is_(_type, "1"), has("prior_notice_duration_max"))
    ),
    *_required("booking_rules", "prior_notice_start_time", has("prior_notice_start_day")),
    *_forbidden("booking_rules", "prior_notice_start_time", not_(has("prior_notice_start_day"))),
    *_forbidden("booking_rules", "prior_notice_service_id", not_(is_(_type, "2"))),
    # Fares, version 2.
    *_required("timeframes", "start_time end_time", has("start_time", "end_time")),
    *_required("fare_leg_join_rules", "from_stop_id to_stop_id", has("from_stop_id", "to_stop_id")),
    *_required("fare_transfer_rules", "transfer_count", _same_group),
    *_forbidden("fare_transfer_rules", "transfer_count", not_(_same_group)),
    *_required("fare_transfer_rules", "duration_limit_type", has("duration_limit")),
    *_forbidden("fare_transfer_rules", "duration_limit_type", not_(has("duration_limit"))),
    *_required("transfers", "from_stop_id to_stop_id", is_("transfer_type", "", "0", "1", "2", "3")),
    *_required("transfers", "from_trip_id to_trip_id", is_("transfer_type", "4", "5")),
    # Translations: of a record or of a value, in the current form; by the text itself in the old one.
    *_required("translations", "trans_id lang", _old_form),
    *_required("translations", "table_name field_name language", not_(_old_form)),
    *_required("translations", "record_id", both(not_(_old_form), not_(_feed_or_value))),
    *_forbidden("translations", "record_id record_sub_id", _feed_or_value),
    *_forbidden("translations", "field_value", is_("table_name", "feed_info")),
    *_required("translations", "record_sub_id", both(is_("table_name", "stop_times"), has("record_id"))),
)


def broken_file_conditions(feed: Feed) -> list[tuple[FeedFault, str]]:
    """Return the conditional rules about whole files that a feed breaks, as code and table."""
    broken = []
    if not feed.rows("calendar") and not feed.rows("calendar_dates"):
        broken.append((FeedFault.MISSING_FILE, "calendar"))
    if "stops" not in feed.tables and not feed.locations():
        broken.append((FeedFault.MISSING_FILE, "stops"))
    if "levels" not in feed.tables and any(r.get("pathway_mode") == "5" for r in feed.rows("pathways")):
        broken.append((FeedFault.MISSING_FILE, "levels"))
    if "feed_info" not in feed.tables and feed.rows("translations"):
        broken.append((FeedFault.MISSING_FILE, "feed_info"))
    if any(row.get("network_id") for row in feed.rows("routes")):
        broken += [
            (FeedFault.FORBIDDEN_FILE, name) for name in ("networks", "route_networks") if feed.rows(name)
        ]
    return broken
