"""A service on demand as GOFS documents: the files, and the two answers to queries.

Prices between zones, discounts and the fare for a shared ride have no place in GOFS and are left out, and so are
stops outside the area. GOFS knows areas but no meeting points: the message of the booking rule tells riders of them.

Source:
    General On-Demand Feed Specification 1.0, https://github.com/MobilityData/GOFS.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..contracts import Definition
from .booking import NUMBERS, message, notice
from .publication import (
    Publication,
    VehicleKind,
    date_text,
    full_fare_yen,
    period_of,
    ring_of,
    runs_of,
    time_text,
)

_VERSION = "1.0"
_TIMEZONE = "Asia/Tokyo"
_DAY_SECONDS = 24 * 60 * 60
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_COLOURS = {"brand_color": "0A4B78", "brand_text_color": "FFFFFF"}
LANGUAGES = ("ja", "en")
Document = Mapping[str, Any]


@dataclass(frozen=True)
class BookingOffer:
    """A ride that could be booked now.

    Attributes:
        brand: code of the service.
        wait_seconds: until the pick-up.
        travel_seconds: on board; None where no destination was asked for.
        cost_yen: for the rider; None likewise.
        web_url: page to book this ride on; this or the phone number is given.
        phone: number to book by.
    """

    brand: str
    wait_seconds: int
    travel_seconds: int | None = None
    cost_yen: int | None = None
    web_url: str = ""
    phone: str = ""


def files_of(
    definition: Definition, publication: Publication, *, base_url: str, today: dt.date, at: dt.datetime
) -> dict[str, bytes]:
    """Write all files of a service, by their path under the base address.

    ``gofs.json`` and ``gofs_versions.json`` are at the top, the others below ``ja/`` and ``en/``. A service that
    takes bookings for now also lists the queries ``wait_time`` and ``realtime_booking`` there.

    Args:
        definition: the service.
        publication: what the data say beyond it.
        base_url: address the files are served from, without a slash at its end.
        today: first day the data cover.
        at: when the data were brought up to date, with its time zone.

    Raises:
        LookupError: The service has no fares yet on the first day.
        ValueError: It never runs, or its booking closes before it opens.
    """
    files: dict[str, Document] = {}
    feeds: dict[str, Document] = {}
    for language in LANGUAGES:
        documents = _documents(definition, publication, language, today)
        queries = ("wait_time", "realtime_booking") if definition.booking.closes_minutes == 0 else ()
        names = [*(f"{name}.json" for name in documents), *queries]
        feeds[language] = {
            "feeds": [
                {"name": name.removesuffix(".json"), "url": f"{base_url}/{language}/{name}"} for name in names
            ]
        }
        files |= {f"{language}/{name}.json": document for name, document in documents.items()}
    files["gofs.json"] = feeds
    files["gofs_versions.json"] = {"versions": [{"version": _VERSION, "url": f"{base_url}/gofs.json"}]}
    return {name: _written(document, at, _DAY_SECONDS) for name, document in sorted(files.items())}


def wait_time(seconds_by_brand: Mapping[str, int], *, at: dt.datetime) -> bytes:
    """Answer a query for waiting times: seconds until the pick-up by code of the service, none if it is not served."""
    waits = [{"brand_id": brand, "wait_time": seconds} for brand, seconds in seconds_by_brand.items()]
    return _written({"wait_times": waits}, at, 0)


def realtime_booking(offers: Sequence[BookingOffer], *, at: dt.datetime) -> bytes:
    """Answer a query for rides that can be booked now; none if the place is not served.

    Raises:
        ValueError: An offer says neither where nor by which number to book.
    """
    return _written({"realtime_booking": [_offer(offer) for offer in offers]}, at, 0)


def _offer(offer: BookingOffer) -> Document:
    if not offer.web_url and not offer.phone:
        raise ValueError(f"The offer of {offer.brand} has neither a page nor a phone number to book by.")
    cost = {} if offer.cost_yen is None else {"travel_cost": offer.cost_yen, "travel_cost_currency": "JPY"}
    return {
        "brand_id": offer.brand,
        "wait_time": offer.wait_seconds,
        **({} if offer.travel_seconds is None else {"travel_time": offer.travel_seconds}),
        **cost,
        "booking_detail": _given({"web_uri": offer.web_url, "phone_number": offer.phone}),
    }


def _documents(
    definition: Definition, publication: Publication, language: str, today: dt.date
) -> dict[str, Document]:
    japanese = language == "ja"
    name = definition.name_ja if japanese else definition.name_en
    period = period_of(definition, publication, today)
    runs = runs_of(definition, publication, period)
    zone = f"{definition.code}-area"
    flat = None if period.fares.flat_yen is None else full_fare_yen(period.fares)
    fares = [] if flat is None else [{"fare_id": str(flat), "currency": "JPY", "rider": [{"amount": flat}]}]
    # One area has one rule, so the first ride of a day sets it: no other has to be booked earlier.
    limits = notice(definition.booking, min((hours for hours, _ in runs), key=lambda hours: hours.opens))
    documents: dict[str, Document] = {
        "system_information": _given(
            {
                "language": language,
                "timezone": _TIMEZONE,
                "name": name,
                "operator": (not japanese and publication.operator_en) or definition.operator_ja,
                "url": publication.url,
                "start_date": date_text(definition.valid_from),
                "phone_number": definition.phone,
                "email": publication.email,
                "feed_contact_email": publication.email,
            }
        ),
        "service_brands": {
            # Optional in the text, required by its schema.
            "service_brands": [{"brand_id": definition.code, "brand_name": name, **_COLOURS}]
        },
        "vehicle_types": {"vehicle_types": [_vehicle_type(kind) for kind in publication.vehicles]},
        "zones": {
            "zones": {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "zone_id": zone,
                        "properties": {"name": name},
                        # The text of GOFS asks for both directions at once; this is that of RFC 7946.
                        "geometry": {"type": "Polygon", "coordinates": [ring_of(definition.area)]},
                    }
                ],
            }
        },
        "operating_rules": {
            "operating_rules": [
                {
                    "from_zone_id": zone,
                    "to_zone_id": zone,
                    "start_pickup_window": time_text(hours.opens),
                    "end_dropoff_window": time_text(hours.closes),
                    "calendars": [days.code],
                    "brand_id": definition.code,
                    "vehicle_type_id": [kind.code for kind in publication.vehicles],
                    **({"fare_id": fares[0]["fare_id"]} if fares else {}),
                }
                for hours, days in runs
            ]
        },
        "calendars": {
            "calendars": [
                {
                    "calendar_id": days.code,
                    "days": [_WEEKDAYS[day] for day in sorted(days.weekdays)],
                    "start_date": date_text(period.first),
                    "end_date": date_text(period.last),
                    **({"excepted_dates": [date_text(day) for day in days.rests]} if days.rests else {}),
                }
                for days in {days.code: days for _, days in runs}.values()
            ]
        },
        "booking_rules": {
            "booking_rules": [
                {
                    "from_zone_ids": [zone],
                    "to_zone_ids": [zone],
                    **{key: int(value) if key in NUMBERS else value for key, value in limits.items()},
                    "message": message(definition, language),
                    **_given(
                        {
                            "phone_number": definition.phone,
                            "info_url": publication.url,
                            "booking_url": publication.booking_url,
                        }
                    ),
                }
            ]
        },
    }
    if fares:
        documents["fares"] = {"fares": fares}
    return documents


def _vehicle_type(kind: VehicleKind) -> Document:
    boarding = "boarding_accessible_with_assistance" if kind.wheelchairs else "boarding_inaccessible"
    return {"vehicle_type_id": kind.code, "max_capacity": kind.seats, "wheelchair_boarding": boarding}


def _given(values: Mapping[str, str]) -> Mapping[str, str]:
    return {key: value for key, value in values.items() if value}


def _written(data: Document, at: dt.datetime, ttl_seconds: int) -> bytes:
    document = {"last_updated": int(at.timestamp()), "ttl": ttl_seconds, "version": _VERSION, "data": data}
    return json.dumps(document, ensure_ascii=False).encode()
