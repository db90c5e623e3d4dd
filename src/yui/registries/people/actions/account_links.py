"""Tying a sign-in to the one resident it is, by the four attributes (基本4情報) of the card."""

import datetime as dt
from typing import NoReturn
from uuid import UUID

from django.db import transaction

from yui.kernel.journal.public import record
from yui.kernel.text.public import search_key
from yui.registries.people.contracts import MatchRefused, Sex
from yui.registries.people.matching import same_address
from yui.registries.people.models import ResidentAccountLink, ResidentRecord
from yui.registries.people.queries.visibility import records_at
from yui.registries.people.texts import LINK_TAKEN, NO_MATCH

_GROUND = "公的個人認証法・住民基本台帳法7条 (基本4情報)"
_REASON = "first_sign_in"


def match_four_attributes(
    *, account: UUID, name: str, birthdate: dt.date | None, address: str, gender: str
) -> UUID:
    """Find the one resident with this name, day of birth, address and sex, and tie the account to it.

    A second call with the same account gives the same person without looking again. Names and addresses are
    compared folded; day of birth and sex exactly. A sex that is withheld (empty) or other (9) matches any.

    Returns:
        The person's public id.

    Raises:
        MatchRefused: nobody fits, several do, or the account is another person's; nothing was changed.
    """
    linked = find_linked_person(account)
    if linked is not None:
        return linked
    if not (name.strip() and birthdate and address.strip()):
        _refuse("none")
    key = search_key(name)
    rows = records_at(None, None).filter(
        ended_on__isnull=True, born_on=birthdate, born_precision="d", name_key=key
    )
    if gender in (Sex.MALE.value, Sex.FEMALE.value):
        rows = rows.filter(sex__in=(gender, Sex.OTHER.value))
    fitting = [row for row in rows if same_address(address, row.town, row.block, row.building)]
    if len(fitting) != 1:
        _refuse("ambiguous" if fitting else "none")
    return _tie(account, fitting[0])


def find_linked_person(account: UUID) -> UUID | None:
    """The person an account is tied to in this body, or None."""
    link = ResidentAccountLink.objects.filter(account=account).select_related("person").first()
    return link.person.public_id if link else None


def find_linked_accounts(person: UUID) -> list[UUID]:
    """The accounts tied to a person in this body."""
    return list(
        ResidentAccountLink.objects.filter(person__public_id=person).values_list("account", flat=True)
    )


def _tie(account: UUID, row: ResidentRecord) -> UUID:
    with transaction.atomic():
        link, made = ResidentAccountLink.objects.get_or_create(
            account=account, defaults={"person": row.person}
        )
    if link.person_id != row.person_id:
        record("people.account.refused", reason=_REASON, legal_ground=_GROUND, details={"cause": "taken"})
        raise MatchRefused("taken", LINK_TAKEN)
    if made:
        record(
            "people.account.linked",
            subject=row.person.public_id,
            object_kind="account",
            object_id=account,
            reason=_REASON,
            legal_ground=_GROUND,
        )
    return row.person.public_id


def _refuse(cause: str) -> NoReturn:
    record("people.account.refused", reason=_REASON, legal_ground=_GROUND, details={"cause": cause})
    raise MatchRefused(cause, NO_MATCH)
