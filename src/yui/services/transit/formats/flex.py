"""A service on demand as a GTFS feed, with GTFS-Flex for its areas and bookings and GTFS-JP for Japan.

What the formats cannot say is left out rather than guessed: discounts and the fare for a shared ride, which
riders may be met at the door, and prices between zones none of the stops lies in. A service of detours is told by
its stops, since its definition holds no line it would leave.

Source:
    General Transit Feed Specification, Schedule reference (revised 2026-04-27), https://gtfs.org;
    静的バス情報フォーマット（GTFS-JP）, https://www.gtfs.jp.
"""

import datetime as dt
import json
from collections.abc import Iterator

from ..contracts import Definition, Hours, Pattern, Stop
from .booking import message, notice
from .feed import LOCATIONS, Feed, Row, table_of
from .publication import (
    Days,
    Period,
    Publication,
    date_text,
    full_fare_yen,
    period_of,
    ring_of,
    runs_of,
    served_stops,
    time_text,
    to_the_door,
)
from .translations import READING, Translation

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LANGUAGE = "ja"
_TIMEZONE = "Asia/Tokyo"
_BUS = "3"
_NO, _BY_ARRANGEMENT = "1", "2"
# Readers older than zones and groups want the file of stops, and miss stop times without a column for them.
_ALWAYS = {"stops": ("stop_id", "stop_name", "stop_lat", "stop_lon"), "stop_times": ("stop_id",)}


def feed_of(definition: Definition, publication: Publication, *, today: dt.date) -> Feed:
    """Describe a service as a feed.

    A service is a trip within its area: within the group of the stops there, or, if everybody is met at the
    door, within the zone. Stops outside stand between the two calls in the area, in a group of their own: rides
    go there and come from there, but not from one of them to another.

    Args:
        definition: the service.
        publication: what the data say beyond it.
        today: first day the feed covers.

    Raises:
        LookupError: The service has no fares yet on the first day.
        ValueError: It runs by a timetable or never, nobody could ride, or its booking closes before it opens.
    """
    if definition.pattern is Pattern.FIXED_ROUTE:
        raise ValueError(f"{definition.code} runs by a timetable, which its definition does not hold.")
    stops_inside, outside = served_stops(definition)
    # A zone needs none of the stops in it.
    inside = () if to_the_door(definition) else stops_inside
    if not inside and not to_the_door(definition):
        raise ValueError(f"{definition.code} has neither stops in its area nor rides to the door.")
    stops = (*inside, *outside)
    period = period_of(definition, publication, today)
    runs = runs_of(definition, publication, period)
    rules = _booking_rules(definition, publication, [hours for hours, _ in runs])
    tables: dict[str, list[Row]] = {
        "agency": [_agency(definition, publication)],
        "agency_jp": [
            {
                "agency_id": definition.operator_number,
                "agency_official_name": definition.operator_ja,
                "agency_address": definition.address,
            }
        ],
        "routes": [
            {
                "route_id": definition.code,
                "agency_id": definition.operator_number,
                "route_long_name": definition.name_ja,
                "route_type": _BUS,
            }
        ],
        "calendar": list(_calendar([days for _, days in runs], period)),
        "calendar_dates": list(_rests([days for _, days in runs])),
        "trips": [_trip(definition, publication, number, days) for number, (_, days) in enumerate(runs, 1)],
        "stop_times": [
            row
            for number, (hours, _) in enumerate(runs, 1)
            for row in _stop_times(
                _trip_id(definition, number), hours, rules[hours.opens][0], _calls(definition, bool(outside))
            )
        ],
        "stops": list(_stops(stops)),
        "location_groups": list(_groups(definition, bool(inside), bool(outside))),
        "location_group_stops": [
            {"location_group_id": group, "stop_id": stop.code}
            for group, members in ((_inside_id(definition), inside), (_outside_id(definition), outside))
            for stop in members
        ],
        "booking_rules": list(dict(rules.values()).values()),
        "translations": [each.row() for each in _translations(definition, publication, stops)],
        "feed_info": [_feed_info(definition, publication, period, today)],
        **_fares(definition, period, {stop.zone for stop in stops} - {""}),
    }
    files = {LOCATIONS: _locations(definition)} if to_the_door(definition) else {}
    made = {
        name: table_of(rows, _ALWAYS.get(name, ()))
        for name, rows in tables.items()
        if rows or name in _ALWAYS
    }
    return Feed(made, files)


def _agency(definition: Definition, publication: Publication) -> Row:
    return {
        "agency_id": definition.operator_number,
        "agency_name": definition.operator_ja,
        "agency_url": publication.url,
        "agency_timezone": _TIMEZONE,
        "agency_lang": _LANGUAGE,
        "agency_phone": definition.phone,
        "agency_email": publication.email,
    }


def _calendar(calendars: list[Days], period: Period) -> Iterator[Row]:
    for days in {each.code: each for each in calendars}.values():
        yield {
            "service_id": days.code,
            **{name: str(int(number in days.weekdays)) for number, name in enumerate(_WEEKDAYS)},
            "start_date": date_text(period.first),
            "end_date": date_text(period.last),
        }


def _rests(calendars: list[Days]) -> Iterator[Row]:
    removed = "2"
    for days in {each.code: each for each in calendars}.values():
        for day in days.rests:
            yield {"service_id": days.code, "date": date_text(day), "exception_type": removed}


def _trip_id(definition: Definition, number: int) -> str:
    return f"{definition.code}-{number}"


def _trip(definition: Definition, publication: Publication, number: int, days: Days) -> Row:
    accessible = ""
    if publication.vehicles:
        accessible = "1" if any(kind.wheelchairs for kind in publication.vehicles) else "2"
    return {
        "route_id": definition.code,
        "service_id": days.code,
        "trip_id": _trip_id(definition, number),
        "wheelchair_accessible": accessible,
        # The promise on the time on board is what these two columns say of the longest ride.
        "safe_duration_factor": f"{definition.limits.ride_factor:g}",
        "safe_duration_offset": str(definition.limits.ride_extra_minutes * 60),
    }


def _calls(definition: Definition, beyond: bool) -> list[tuple[Row, str, str]]:
    """Return where a trip calls in order, with its types of pick-up and drop-off there."""
    area: Row = {"location_group_id": _inside_id(definition)}
    if to_the_door(definition):
        area = {"location_id": _zone_id(definition)}
    outside: Row = {"location_group_id": _outside_id(definition)}
    between = [(outside, _BY_ARRANGEMENT, _BY_ARRANGEMENT)] if beyond else []
    return [(area, _BY_ARRANGEMENT, _NO), *between, (area, _NO, _BY_ARRANGEMENT)]


def _stop_times(trip: str, hours: Hours, rule: str, calls: list[tuple[Row, str, str]]) -> Iterator[Row]:
    for sequence, (place, pickup, drop_off) in enumerate(calls, 1):
        yield {
            "trip_id": trip,
            "stop_sequence": str(sequence),
            **place,
            "start_pickup_drop_off_window": time_text(hours.opens),
            "end_pickup_drop_off_window": time_text(hours.closes),
            "pickup_type": pickup,
            "drop_off_type": drop_off,
            "pickup_booking_rule_id": rule if pickup == _BY_ARRANGEMENT else "",
            "drop_off_booking_rule_id": rule if drop_off == _BY_ARRANGEMENT else "",
        }


def _stops(stops: tuple[Stop, ...]) -> Iterator[Row]:
    for stop in stops:
        yield {
            "stop_id": stop.code,
            "stop_name": stop.name,
            "stop_lat": repr(stop.latitude),
            "stop_lon": repr(stop.longitude),
            "zone_id": stop.zone,
            "location_type": "0",
        }


def _inside_id(definition: Definition) -> str:
    return f"{definition.code}-stops"


def _outside_id(definition: Definition) -> str:
    return f"{definition.code}-stops-outside"


def _zone_id(definition: Definition) -> str:
    return f"{definition.code}-area"


def _groups(definition: Definition, inside: bool, outside: bool) -> Iterator[Row]:
    if inside:
        name = f"{definition.name_ja}の乗り場"
        yield {"location_group_id": _inside_id(definition), "location_group_name": name}
    if outside:
        name = f"{definition.name_ja}の区域外の乗り場"
        yield {"location_group_id": _outside_id(definition), "location_group_name": name}


def _locations(definition: Definition) -> bytes:
    feature = {
        "type": "Feature",
        "id": _zone_id(definition),
        "properties": {"stop_name": f"{definition.name_ja}の区域"},
        "geometry": {"type": "Polygon", "coordinates": [ring_of(definition.area)]},
    }
    collection = {"type": "FeatureCollection", "features": [feature]}
    return json.dumps(collection, ensure_ascii=False).encode()


def _booking_rules(
    definition: Definition, publication: Publication, hours: list[Hours]
) -> dict[dt.time, tuple[str, Row]]:
    """Rules by the first hour they serve; those that say the same share one."""
    identifiers: dict[tuple[tuple[str, str], ...], str] = {}
    rules: dict[dt.time, tuple[str, Row]] = {}
    for each in hours:
        limits = notice(definition.booking, each)
        identifier = identifiers.setdefault(
            tuple(limits.items()), f"{definition.code}-{len(identifiers) + 1}"
        )
        rules[each.opens] = (
            identifier,
            {
                "booking_rule_id": identifier,
                **limits,
                "message": message(definition),
                "phone_number": definition.phone,
                "info_url": publication.url,
                "booking_url": publication.booking_url,
            },
        )
    return rules


def _fares(definition: Definition, period: Period, served: set[str]) -> dict[str, list[Row]]:
    """Fares of version 1. One without rules would hold for every ride, so it is written only where it does."""
    fares = period.fares
    if fares.flat_yen is not None:
        yen = full_fare_yen(fares)
        prices = {yen}
        rules: list[Row] = [{"fare_id": str(yen), "route_id": definition.code}]
    else:
        by_zones = {
            zones: full_fare_yen(fares, zones)
            for pair in fares.zones
            if set(pair) <= served
            for zones in (pair, pair[::-1])
        }
        prices = set(by_zones.values())
        rules = [
            {
                "fare_id": str(yen),
                "route_id": definition.code,
                "origin_id": origin,
                "destination_id": destination,
            }
            for (origin, destination), yen in by_zones.items()
        ]
    on_board, none = "0", "0"
    attributes: list[Row] = [
        {
            "fare_id": str(yen),
            "price": str(yen),
            "currency_type": "JPY",
            "payment_method": on_board,
            "transfers": none,
            "agency_id": definition.operator_number,
        }
        for yen in sorted(prices)
    ]
    return {"fare_attributes": attributes, "fare_rules": rules}


def _translations(
    definition: Definition, publication: Publication, stops: tuple[Stop, ...]
) -> Iterator[Translation]:
    texts = [
        ("agency", "agency_name", READING, publication.operator_kana, definition.operator_number),
        ("agency", "agency_name", "en", publication.operator_en, definition.operator_number),
        ("routes", "route_long_name", READING, definition.name_kana, definition.code),
        ("routes", "route_long_name", "en", definition.name_en, definition.code),
        *(("stops", "stop_name", READING, stop.kana, stop.code) for stop in stops),
    ]
    for table, column, language, text, record in texts:
        if text:
            yield Translation(table, column, language, text, record)


def _feed_info(definition: Definition, publication: Publication, period: Period, today: dt.date) -> Row:
    return {
        "feed_publisher_name": definition.operator_ja,
        "feed_publisher_url": publication.url,
        "feed_lang": _LANGUAGE,
        "feed_start_date": date_text(period.first),
        "feed_end_date": date_text(period.last),
        "feed_version": f"{definition.code}-{date_text(today)}",
        "feed_contact_email": publication.email,
        "feed_contact_url": publication.url,
    }
