"""Entering a My Number."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Func, Value
from django.utils import timezone
from stdnum.jp import in_

from yui.kernel.access.public import require
from yui.kernel.journal.public import record
from yui.kernel.tenancy.public import current_body
from yui.registries.people.contracts import Refusal
from yui.registries.people.models import MyNumber, Person
from yui.registries.people.sealing import sealer
from yui.registries.people.texts import refuse

PERMISSION = "people.my_number.write"
LEGAL_GROUND = "番号法7条・住民基本台帳法7条8号の2"


def set_my_number(*, person: UUID, number: str, reason: str) -> None:
    """Enter the My Number of a person; an earlier one stays sealed as known before.

    Args:
        person: whose number it is.
        number: twelve digits.
        reason: a short code of why, for the journal.

    Raises:
        ResidentChangeRefused: unknown person, wrong check digit, or somebody else's number.
        PermissionRefused: ``people.my_number.write`` is missing.
    """
    require(PERMISSION)
    if not (number.isascii() and number.isdecimal() and in_.is_valid(number)):
        refuse(Refusal.NUMBER_INVALID, "my_number")
    sealed = sealer(current_body().code).seal(number, person)
    with transaction.atomic():
        found = Person.objects.select_for_update(no_key=True).filter(public_id=person).first()
        if found is None:
            refuse(Refusal.UNKNOWN_PERSON)
        known = MyNumber.objects.filter(person=found, recorded__upper_inf=True).first()
        if known is not None and bytes(known.blind_index) == sealed.blind_index:
            return
        at = timezone.now()
        if known is not None:
            at = max(at, known.recorded.lower + dt.timedelta(microseconds=1))
            _close(known, at)
        try:
            with transaction.atomic():
                MyNumber.objects.create(
                    person=found,
                    recorded=DateTimeTZRange(at, None),
                    key_id=sealed.key_id,
                    sealed=sealed.sealed,
                    blind_index=sealed.blind_index,
                )
        except IntegrityError:
            refuse(Refusal.NUMBER_TAKEN, "my_number")
        record("people.my_number.entered", subject=person, reason=reason, legal_ground=LEGAL_GROUND)


def _close(known: MyNumber, at: dt.datetime) -> None:
    closing = Func(
        Func(F("recorded"), function="lower"),
        Value(at),
        function="tstzrange",
        output_field=MyNumber._meta.get_field("recorded"),
    )
    MyNumber.objects.filter(pk=known.pk).update(recorded=closing)
