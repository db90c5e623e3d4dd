"""Whom the child allowance decides about: every family that is paid or has been."""

from collections.abc import Iterator, Sequence
from functools import partial
from uuid import UUID

from yui.engines.rules.public import Group
from yui.procedures.programmes.contracts import Concerned, Then
from yui.services.child_allowance.family import Family, families_of, known_rows
from yui.services.child_allowance.models import Entitlement
from yui.services.child_allowance.rules import Month, group_of

BATCH = 500


def list_families(
    persons: Sequence[UUID] | None = None, /, *, then: Then | None = None
) -> Iterator[Concerned]:
    """The families of the body, or those of some recipients, read from the registers in batches.

    Whoever was decided about is found even if nothing was granted: a refused claim leaves no entitlement.
    """
    rows = Entitlement.objects.filter(known_rows(then))
    if persons is not None:
        rows = rows.filter(recipient__in=persons)
    adding = [UUID(then.unit_id)] if then and then.unit_id else []
    named = (persons or ()) if adding else ()
    recipients = sorted({*rows.values_list("recipient", flat=True), *named})
    for start in range(0, len(recipients), BATCH):
        batch = recipients[start : start + BATCH]
        families = families_of(batch, adding=adding, then=then)
        for recipient in batch:
            yield concerned(families[recipient])


def concerned(family: Family) -> Concerned:
    """A family as the programme's rules want it."""
    return Concerned(family.recipient, partial(_in_month, family))


def _in_month(family: Family, month: Month) -> Group:
    return group_of(family.in_month(month))
