"""Who drives, and what they note in the car, for callers who know a driver or a shift by its identifier."""

from uuid import UUID

from yui.kernel.access.public import require
from yui.services.transit.apps import MANAGE
from yui.services.transit.driving import Tap, get_duty, note_tap
from yui.services.transit.models import Driver, Duty


def find_driver(account: str) -> UUID | None:
    """The driver who signs in with an account; None when no driver does."""
    require(MANAGE)
    return Driver.objects.filter(account=account, left_on=None).values_list("public_id", flat=True).first()


def find_duty(shift: UUID) -> UUID | None:
    """The duty of a shift of the board; None when it has none."""
    return Duty.objects.filter(shift=shift).values_list("public_id", flat=True).first()


def note_in_car(duty: UUID, tap: Tap) -> str:
    """Note a press of a button in the car. The same again changes nothing.

    Returns:
        Why it did not count; empty when it did.

    Raises:
        TransitRefused: there is no such duty or ride.
    """
    return note_tap(get_duty(duty), tap).refused
