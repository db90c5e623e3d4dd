"""GTFS-Realtime messages, read back by the classes of the specification."""

import datetime as dt

import pytest
from google.transit import gtfs_realtime_pb2 as pb

from yui.services.transit.formats.realtime import (
    Alert,
    AlertCause,
    AlertEffect,
    Call,
    RunKind,
    Trip,
    TripUpdate,
    Vehicle,
    alerts,
    trip_updates,
    vehicle_positions,
)
from yui.services.transit.rules import JAPAN

AT = dt.datetime(2026, 10, 1, 9, tzinfo=JAPAN)
TRIP = Trip("car1-20261001", "norumu", AT.date())


def read(content: bytes) -> pb.FeedMessage:
    message = pb.FeedMessage()
    message.ParseFromString(content)
    assert message.IsInitialized()
    assert (message.header.gtfs_realtime_version, message.header.timestamp) == ("2.0", 1790812800)
    return message


def test_vehicles_are_where_they_were_seen() -> None:
    seen = AT - dt.timedelta(seconds=10)
    car = Vehicle("car1", 36.01, 138.15, seen, label="のるむら1", bearing=90, trip=TRIP, full=True)
    (entity,) = read(vehicle_positions([car], at=AT)).entity
    assert entity.vehicle.position.latitude == pytest.approx(36.01)
    assert not entity.vehicle.position.HasField("speed")
    assert entity.vehicle.timestamp == 1790812790
    assert entity.vehicle.trip.start_date == "20261001"
    assert entity.vehicle.trip.schedule_relationship == pb.TripDescriptor.NEW
    assert entity.vehicle.occupancy_status == pb.VehiclePosition.NOT_ACCEPTING_PASSENGERS


def test_a_vehicle_may_be_on_no_run() -> None:
    (entity,) = read(vehicle_positions([Vehicle("car1", 36, 138, AT)], at=AT)).entity
    assert not entity.vehicle.HasField("trip")
    assert not entity.vehicle.HasField("occupancy_status")


def test_runs_tell_their_calls() -> None:
    update = TripUpdate(TRIP, "car1", (Call("s1", 1, AT), Call("s2", 2, None, AT + dt.timedelta(minutes=9))))
    (entity,) = read(trip_updates([update], at=AT)).entity
    first, second = entity.trip_update.stop_time_update
    assert (first.stop_id, first.arrival.time) == ("s1", 1790812800)
    assert not first.HasField("departure")
    assert (second.stop_sequence, second.departure.time) == (2, 1790813340)


def test_a_cancelled_run_needs_no_calls() -> None:
    cancelled = Trip("norumu-1", "norumu", AT.date(), RunKind.CANCELLED)
    (entity,) = read(trip_updates([TripUpdate(cancelled)], at=AT)).entity
    assert entity.trip_update.trip.schedule_relationship == pb.TripDescriptor.CANCELED
    with pytest.raises(ValueError, match="calls nowhere"):
        trip_updates([TripUpdate(TRIP)], at=AT)
    with pytest.raises(ValueError, match="has no time"):
        trip_updates([TripUpdate(TRIP, calls=(Call("s1", 1),))], at=AT)


def test_alerts_speak_every_language_given() -> None:
    alert = Alert(
        "1",
        {"ja": "車両の故障で遅れています", "en": "Delays after a breakdown"},
        ["norumu"],
        stops=["s1"],
        periods=[(AT, None)],
        cause=AlertCause.BREAKDOWN,
        effect=AlertEffect.DELAYED,
    )
    (entity,) = read(alerts([alert], at=AT)).entity
    assert {t.language for t in entity.alert.header_text.translation} == {"ja", "en"}
    assert (entity.alert.cause, entity.alert.effect) == (
        pb.Alert.TECHNICAL_PROBLEM,
        pb.Alert.SIGNIFICANT_DELAYS,
    )
    assert [e.route_id or e.stop_id for e in entity.alert.informed_entity] == ["norumu", "s1"]
    assert not entity.alert.active_period[0].HasField("end")
    with pytest.raises(ValueError, match="needs a header"):
        alerts([Alert("1", {"ja": "x"}, [])], at=AT)


def test_every_word_of_ours_is_one_of_theirs() -> None:
    assert {cause.value for cause in AlertCause} <= set(pb.Alert.Cause.keys())
    assert {effect.value for effect in AlertEffect} <= set(pb.Alert.Effect.keys())
    assert {kind.value for kind in RunKind} <= set(pb.TripDescriptor.ScheduleRelationship.keys())


def test_the_same_picture_makes_the_same_bytes_and_moments_need_a_zone() -> None:
    cars = [Vehicle("car1", 36, 138, AT, trip=TRIP)]
    assert vehicle_positions(cars, at=AT) == vehicle_positions(cars, at=AT)
    with pytest.raises(ValueError, match="no time zone"):
        vehicle_positions([], at=AT.replace(tzinfo=None))
