"""The door of transit: set up a service, book and drive rides."""

from yui.services.transit.booking import End, Wanted, register_proxy, request_ride
from yui.services.transit.contracts import Category, Definition, DutyAct, TransitRefused, Wish
from yui.services.transit.crew import find_driver, find_duty, note_in_car
from yui.services.transit.definitions import define_service, list_services_on, read_definition
from yui.services.transit.driving import Tap
from yui.services.transit.fleet import (
    DutyInput,
    record_roll_call,
    register_driver,
    register_duty,
    register_vehicle,
)
from yui.services.transit.rules import Rider, hours_on
from yui.services.transit.trials import keep_surroundings

__all__ = [
    "Category",
    "Definition",
    "DutyAct",
    "DutyInput",
    "End",
    "Rider",
    "Tap",
    "TransitRefused",
    "Wanted",
    "Wish",
    "define_service",
    "find_driver",
    "find_duty",
    "hours_on",
    "keep_surroundings",
    "list_services_on",
    "note_in_car",
    "read_definition",
    "record_roll_call",
    "register_driver",
    "register_duty",
    "register_proxy",
    "register_vehicle",
    "request_ride",
]
