"""Protection measures, for those who may see them."""

import datetime as dt
from uuid import UUID

from yui.kernel.access.public import require
from yui.registries.people.actions.protection import LEGAL_GROUND, protection_view
from yui.registries.people.contracts import ProtectionView
from yui.registries.people.models import ProtectionMeasure
from yui.registries.people.queries.visibility import PROTECTED_READ, journal_reads, protected_now


def list_protection(person: UUID, *, reason: str) -> list[ProtectionView]:
    """Every measure known now of a person, oldest first.

    Raises:
        PermissionRefused: ``people.protected.read`` is missing.
    """
    require(PROTECTED_READ)
    journal_reads("people.protection.read", [person], reason=reason, legal_ground=LEGAL_GROUND)
    measures = ProtectionMeasure.objects.filter(person__public_id=person, recorded__upper_inf=True)
    return [protection_view(one, one.person) for one in measures.select_related("person").order_by("valid")]


def list_protection_reviews(*, until: dt.date, reason: str) -> list[ProtectionView]:
    """Measures in force whose review is due by a day, earliest first.

    Raises:
        PermissionRefused: ``people.protected.read`` is missing.
    """
    require(PROTECTED_READ)
    measures = list(
        protected_now().filter(review_on__lte=until).select_related("person").order_by("review_on", "id")
    )
    persons = [one.person.public_id for one in measures]
    journal_reads("people.protection.read", persons, reason=reason, legal_ground=LEGAL_GROUND)
    return [protection_view(one, one.person) for one in measures]
