"""Writes of the child allowance: who is recipient, for which child, from when to when."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils import timezone

from yui.kernel.journal.public import EntryDraft, pseudonym, record, record_many
from yui.kernel.tenancy.public import current_body
from yui.services.child_allowance.family import Stated
from yui.services.child_allowance.models import Entitlement, Recipient, SupportDeclaration
from yui.services.child_allowance.rules import Month


@dataclass(frozen=True)
class ExistingFamily:
    """A family that is paid already when the system takes over.

    Attributes:
        children: child and first month.
        settled_through: the last month that was paid before.
    """

    recipient: UUID
    settled_through: Month
    children: tuple[tuple[UUID, Month], ...]


def hold_recipient(person: UUID) -> None:
    """Let what changes a recipient's family follow one another until the transaction ends, also the first claim."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))",
            [f"child_allowance.recipient {person}", current_body().id],
        )


def record_recipient(*, person: UUID, stated: Stated) -> None:
    """Keep what a recipient has stated; the same statement again adds nothing."""
    hold_recipient(person)
    row = Recipient.objects.select_for_update().filter(person=person, recorded_until=None).first()
    if row is not None and (row.public_servant, row.main_earner) == (
        stated.public_servant,
        stated.main_earner,
    ):
        return
    if row is not None:
        _close(row)
    Recipient.objects.create(
        person=person, public_servant=stated.public_servant, main_earner=stated.main_earner
    )
    record("child_allowance.recipient.recorded", subject=person, legal_ground="児童手当法7条1項")


def begin_entitlement(*, recipient: UUID, child: UUID, from_month: Month, case: UUID | None) -> None:
    """Begin to pay a recipient for a child; repeating it changes nothing.

    An entitlement of another case, for example one that was taken over, stands: only its own case corrects it.
    """
    row = _open(recipient, child)
    if row is not None and (row.from_month == from_month.first_day or row.case != case):
        return
    if row is not None:
        _close(row)
    Entitlement.objects.create(recipient=recipient, child=child, from_month=from_month.first_day, case=case)
    record(
        "child_allowance.entitlement.begun",
        subject=recipient,
        object_kind="child",
        object_id=pseudonym(child),
        legal_ground="児童手当法8条2項",
        details={"from_month": str(from_month)},
    )


def end_entitlement(*, recipient: UUID, child: UUID, through_month: Month, case: UUID | None) -> None:
    """Stop paying after a month; a ground that ended earlier already stays as it is."""
    row = _open(recipient, child)
    if row is None:
        return
    _close(row)
    if through_month.first_day >= row.from_month:
        Entitlement.objects.create(
            recipient=recipient,
            child=child,
            from_month=row.from_month,
            through_month=through_month.first_day,
            settled_through=row.settled_through,
            case=row.case or case,
        )
    record(
        "child_allowance.entitlement.ended",
        subject=recipient,
        object_kind="child",
        object_id=pseudonym(child),
        legal_ground="児童手当法8条2項",
        details={"through_month": str(through_month)},
    )


def resume_entitlement(*, recipient: UUID, child: UUID) -> None:
    """Pay on as if the newest ground had not ended, after its end turned out to be none."""
    rows = Entitlement.objects.select_for_update().filter(
        recipient=recipient, child=child, recorded_until=None
    )
    row = rows.order_by("-from_month", "-id").first()
    if row is None or row.through_month is None:
        return
    _close(row)
    Entitlement.objects.create(
        recipient=recipient,
        child=child,
        from_month=row.from_month,
        settled_through=row.settled_through,
        case=row.case,
    )
    record(
        "child_allowance.entitlement.resumed",
        subject=recipient,
        object_kind="child",
        object_id=pseudonym(child),
        legal_ground="児童手当法8条2項",
    )


def undo_entitlement(*, recipient: UUID, child: UUID, case: UUID) -> None:
    """Take back what a case began as if it had not begun; what was recorded stays on record."""
    for row in Entitlement.objects.select_for_update().filter(
        recipient=recipient, child=child, case=case, recorded_until=None
    ):
        _close(row)


def _open(recipient: UUID, child: UUID) -> Entitlement | None:
    rows = Entitlement.objects.select_for_update().filter(recipient=recipient, child=child)
    return rows.filter(recorded_until=None, through_month=None).first()


def declare_support(
    *, recipient: UUID, child: UUID, case: UUID | None, from_month: Month | None = None
) -> None:
    """Record that a recipient supports a child who is past 18 or lives apart; repeating it changes nothing.

    Args:
        from_month: the first month it counts for; None when it always did.
    """
    if SupportDeclaration.objects.filter(recipient=recipient, child=child, recorded_until=None).exists():
        return
    first_day = from_month.first_day if from_month else None
    SupportDeclaration.objects.create(recipient=recipient, child=child, case=case, from_month=first_day)
    record(
        "child_allowance.support.declared",
        subject=recipient,
        object_kind="child",
        object_id=pseudonym(child),
        legal_ground="児童手当法6条1項",
    )


def end_support(*, child: UUID, recipient: UUID | None = None) -> None:
    """Record that a child is supported no more (by a recipient, or by anybody after a death)."""
    rows = SupportDeclaration.objects.select_for_update().filter(child=child, recorded_until=None)
    for row in rows.filter(recipient=recipient) if recipient else rows:
        _close(row)
        record(
            "child_allowance.support.ended",
            subject=row.recipient,
            object_kind="child",
            object_id=pseudonym(child),
            legal_ground="児童手当法6条1項",
        )


def take_over(*, families: Iterable[ExistingFamily]) -> int:
    """Take over families that another system has paid so far; those known already stay. Returns how many are new."""
    known = set(Recipient.objects.filter(recorded_until=None).values_list("person", flat=True))
    new = [family for family in families if family.recipient not in known]
    Recipient.objects.bulk_create(
        (Recipient(person=family.recipient, public_servant=False, main_earner=True) for family in new),
        batch_size=2000,
    )
    Entitlement.objects.bulk_create(
        (
            Entitlement(
                recipient=family.recipient,
                child=child,
                from_month=month.first_day,
                settled_through=family.settled_through.first_day,
            )
            for family in new
            for child, month in family.children
        ),
        batch_size=2000,
    )
    record_many(EntryDraft("child_allowance.recipient.recorded", family.recipient) for family in new)
    return len(new)


def _close(row: Recipient | Entitlement | SupportDeclaration, at: dt.datetime | None = None) -> None:
    row.recorded_until = at or timezone.now()
    row.save(update_fields=["recorded_until"])
