"""My Numbers, for those who may read them."""

from uuid import UUID

from yui.kernel.access.public import require
from yui.kernel.journal.public import record
from yui.kernel.tenancy.public import current_body
from yui.registries.people.contracts import ResidentNotFound
from yui.registries.people.models import MyNumber, Person
from yui.registries.people.queries.visibility import hidden_person_ids
from yui.registries.people.sealing import sealer

PERMISSION = "people.my_number.read"


def get_my_number(person: UUID, *, reason: str, legal_ground: str) -> str | None:
    """The My Number of a person, None when none was entered.

    Args:
        person: whose number.
        reason: a short code of why.
        legal_ground: the item of 番号法 that allows this use; mandatory.

    Raises:
        ResidentNotFound: unknown, or protected from this reader.
        PermissionRefused: ``people.my_number.read`` is missing.
        ValueError: no legal ground was given.
    """
    require(PERMISSION)
    if not legal_ground:
        raise ValueError(
            "Reading a My Number needs the legal ground that allows it (番号法 articles 9 and 19)."
        )
    found = Person.objects.filter(public_id=person).first()
    if found is None or found.pk in hidden_person_ids():
        raise ResidentNotFound("Nobody with this id is found here.")
    kept = MyNumber.objects.filter(person=found, recorded__upper_inf=True).first()
    record("people.my_number.read", subject=person, reason=reason, legal_ground=legal_ground)
    if kept is None:
        return None
    return sealer(current_body().code).open(kept.key_id, bytes(kept.sealed), person)


def find_person_by_my_number(number: str, *, reason: str, legal_ground: str) -> UUID | None:
    """The person who has a My Number here, None when nobody has or the person is protected from this reader.

    Raises:
        PermissionRefused: ``people.my_number.read`` is missing.
        ValueError: no legal ground was given.
    """
    require(PERMISSION)
    if not legal_ground:
        raise ValueError(
            "Searching by My Number needs the legal ground that allows it (番号法 articles 9 and 19)."
        )
    index = sealer(current_body().code).blind_index(number)
    kept = (
        MyNumber.objects.filter(blind_index=index, recorded__upper_inf=True).select_related("person").first()
    )
    hidden = kept is not None and kept.person_id in hidden_person_ids()
    act = "people.protected.withheld" if hidden else "people.my_number.searched"
    subject = kept.person.public_id if kept else None
    record(act, subject=subject, reason=reason, legal_ground=legal_ground)
    return None if hidden else subject
