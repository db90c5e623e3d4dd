"""GTFS-Realtime: where vehicles are, when they come, and what riders should know.

A vehicle on demand drives no trip of the timetable. Its run of the day is one of its own (``NEW``), with the
vehicle's name for it. Only meeting points have identifiers here: times at a rider's door are nobody else's
business, and there is no way to write them.

Source:
    GTFS Realtime reference 2.0, https://gtfs.org/documentation/realtime/reference/.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from google.transit import gtfs_realtime_pb2 as pb

_VERSION = "2.0"


class RunKind(StrEnum):
    """How a run relates to the timetable; values as GTFS-Realtime names them."""

    SCHEDULED = "SCHEDULED"
    NEW = "NEW"
    CANCELLED = "CANCELED"


class AlertCause(StrEnum):
    """Why service differs; values as GTFS-Realtime names them."""

    UNKNOWN = "UNKNOWN_CAUSE"
    OTHER = "OTHER_CAUSE"
    BREAKDOWN = "TECHNICAL_PROBLEM"
    ACCIDENT = "ACCIDENT"
    HOLIDAY = "HOLIDAY"
    WEATHER = "WEATHER"
    MAINTENANCE = "MAINTENANCE"
    CONSTRUCTION = "CONSTRUCTION"
    EVENT = "SPECIAL_EVENT"
    POLICE = "POLICE_ACTIVITY"
    EMERGENCY = "MEDICAL_EMERGENCY"


class AlertEffect(StrEnum):
    """How service differs; values as GTFS-Realtime names them."""

    NONE = "NO_EFFECT"
    NO_SERVICE = "NO_SERVICE"
    REDUCED = "REDUCED_SERVICE"
    DELAYED = "SIGNIFICANT_DELAYS"
    DETOUR = "DETOUR"
    ADDITIONAL = "ADDITIONAL_SERVICE"
    MODIFIED = "MODIFIED_SERVICE"
    STOP_MOVED = "STOP_MOVED"
    OTHER = "OTHER_EFFECT"


@dataclass(frozen=True)
class Trip:
    """A run of a vehicle, by the identifiers of the GTFS feed."""

    trip_id: str
    route_id: str
    day: dt.date
    run: RunKind = RunKind.NEW


@dataclass(frozen=True)
class Vehicle:
    """Where a vehicle is.

    Attributes:
        vehicle_id: stable; a number plate is better left to ``label``.
        label: what riders can read on it.
        at: when it was there, with its time zone.
        bearing: degrees from north, clockwise.
        speed: metres a second.
        full: whether it takes nobody more; None where that is not known.
    """

    vehicle_id: str
    latitude: float
    longitude: float
    at: dt.datetime
    label: str = ""
    bearing: float | None = None
    speed: float | None = None
    trip: Trip | None = None
    full: bool | None = None


@dataclass(frozen=True)
class Call:
    """A vehicle at a stop: when it is expected to come and go, with time zones."""

    stop_id: str
    sequence: int
    arrives_at: dt.datetime | None = None
    departs_at: dt.datetime | None = None


@dataclass(frozen=True)
class TripUpdate:
    """The calls of a run still ahead; none for a cancelled one."""

    trip: Trip
    vehicle_id: str = ""
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Alert:
    """Something riders should know.

    Attributes:
        alert_id: the same for as long as it is the same alert.
        header: a line, by language.
        description: more, by language.
        periods: when it holds, with time zones; an open end is None.
        routes: concerned.
        stops: concerned.
    """

    alert_id: str
    header: Mapping[str, str]
    routes: Sequence[str]
    stops: Sequence[str] = ()
    description: Mapping[str, str] = field(default_factory=dict)
    periods: Sequence[tuple[dt.datetime, dt.datetime | None]] = ()
    cause: AlertCause = AlertCause.UNKNOWN
    effect: AlertEffect = AlertEffect.OTHER
    url: str = ""


def vehicle_positions(vehicles: Iterable[Vehicle], *, at: dt.datetime) -> bytes:
    """Write where vehicles are, as the whole picture at a moment."""
    message = _message(at)
    for vehicle in vehicles:
        position = _entity(message, f"vehicle-{vehicle.vehicle_id}").vehicle
        position.vehicle.id = vehicle.vehicle_id
        if vehicle.label:
            position.vehicle.label = vehicle.label
        position.position.latitude = vehicle.latitude
        position.position.longitude = vehicle.longitude
        if vehicle.bearing is not None:
            position.position.bearing = vehicle.bearing
        if vehicle.speed is not None:
            position.position.speed = vehicle.speed
        position.timestamp = _seconds(vehicle.at)
        if vehicle.trip is not None:
            _describe(vehicle.trip, position.trip)
        if vehicle.full is not None:
            status = "NOT_ACCEPTING_PASSENGERS" if vehicle.full else "MANY_SEATS_AVAILABLE"
            position.occupancy_status = pb.VehiclePosition.OccupancyStatus.Value(status)
    return bytes(message.SerializeToString(deterministic=True))


def trip_updates(updates: Iterable[TripUpdate], *, at: dt.datetime) -> bytes:
    """Write when runs call at stops, as the whole picture at a moment.

    Raises:
        ValueError: A run that is not cancelled calls nowhere, or a call has no time.
    """
    message = _message(at)
    for update in updates:
        if not update.calls and update.trip.run is not RunKind.CANCELLED:
            raise ValueError(f"The run {update.trip.trip_id} calls nowhere and is not cancelled.")
        entity = _entity(message, f"trip-{update.trip.trip_id}-{update.trip.day:%Y%m%d}").trip_update
        _describe(update.trip, entity.trip)
        if update.vehicle_id:
            entity.vehicle.id = update.vehicle_id
        entity.timestamp = _seconds(at)
        for call in update.calls:
            if call.arrives_at is None and call.departs_at is None:
                raise ValueError(f"The call of {update.trip.trip_id} at {call.stop_id} has no time.")
            times = entity.stop_time_update.add(stop_id=call.stop_id, stop_sequence=call.sequence)
            if call.arrives_at is not None:
                times.arrival.time = _seconds(call.arrives_at)
            if call.departs_at is not None:
                times.departure.time = _seconds(call.departs_at)
    return bytes(message.SerializeToString(deterministic=True))


def alerts(given: Iterable[Alert], *, at: dt.datetime) -> bytes:
    """Write what riders should know, as the whole picture at a moment.

    Raises:
        ValueError: An alert concerns nothing or says nothing.
    """
    message = _message(at)
    for alert in given:
        if not (alert.routes or alert.stops) or not alert.header:
            raise ValueError(f"The alert {alert.alert_id} needs a header, and a route or stop it is about.")
        entity = _entity(message, f"alert-{alert.alert_id}").alert
        for start, end in alert.periods:
            period = entity.active_period.add(start=_seconds(start))
            if end is not None:
                period.end = _seconds(end)
        for route in alert.routes:
            entity.informed_entity.add(route_id=route)
        for stop in alert.stops:
            entity.informed_entity.add(stop_id=stop)
        entity.cause = pb.Alert.Cause.Value(alert.cause.value)
        entity.effect = pb.Alert.Effect.Value(alert.effect.value)
        for texts, target in (
            (alert.header, entity.header_text),
            (alert.description, entity.description_text),
        ):
            for language, text in texts.items():
                target.translation.add(text=text, language=language)
        if alert.url:
            entity.url.translation.add(text=alert.url)
    return bytes(message.SerializeToString(deterministic=True))


def _message(at: dt.datetime) -> pb.FeedMessage:
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = _VERSION
    message.header.incrementality = pb.FeedHeader.Incrementality.Value("FULL_DATASET")
    message.header.timestamp = _seconds(at)
    return message


def _entity(message: pb.FeedMessage, identifier: str) -> pb.FeedEntity:
    return message.entity.add(id=identifier)


def _describe(trip: Trip, target: pb.TripDescriptor) -> None:
    target.trip_id = trip.trip_id
    target.route_id = trip.route_id
    target.start_date = trip.day.strftime("%Y%m%d")
    target.schedule_relationship = pb.TripDescriptor.ScheduleRelationship.Value(trip.run.value)


def _seconds(moment: dt.datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone.")
    return int(moment.timestamp())
