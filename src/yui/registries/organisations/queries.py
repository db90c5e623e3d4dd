"""Reading organisations. Published facts: no scope is needed and nothing is journalled."""

from collections.abc import Iterable

from yui.registries.organisations.contracts import OrganisationKind, OrganisationRef
from yui.registries.organisations.models import Organisation


def find_organisation(number: str) -> OrganisationRef | None:
    """The organisation with this corporate number, None when it is not in the register."""
    organisation = Organisation.objects.filter(number=number).first()
    return to_ref(organisation) if organisation else None


def get_organisation(number: str) -> OrganisationRef:
    """Like ``find_organisation``.

    Raises:
        LookupError: no organisation has this number.
    """
    organisation = find_organisation(number)
    if organisation is None:
        raise LookupError("No organisation with this corporate number is in the register.")
    return organisation


def list_organisations(
    *,
    kind: OrganisationKind | None = None,
    area_code: str = "",
    numbers: Iterable[str] | None = None,
    name: str = "",
    limit: int | None = 1000,
) -> list[OrganisationRef]:
    """Organisations by number.

    Args:
        kind: only this kind.
        area_code: only with their seat in this municipality or ward.
        numbers: only these.
        name: only with this text in their name.
        limit: at most so many; None for all.
    """
    organisations = Organisation.objects.all()
    if kind is not None:
        organisations = organisations.filter(kind=kind)
    if area_code:
        organisations = organisations.filter(area_code=area_code)
    if numbers is not None:
        organisations = organisations.filter(number__in=list(numbers))
    if name:
        organisations = organisations.filter(name__contains=name)
    return [to_ref(organisation) for organisation in organisations[:limit]]


def to_ref(organisation: Organisation) -> OrganisationRef:
    """A stored organisation as other packages see it."""
    return OrganisationRef(
        number=organisation.number,
        kind=OrganisationKind(organisation.kind),
        name=organisation.name,
        kana=organisation.kana,
        english_name=organisation.english_name,
        area_code=organisation.area_code,
        address=organisation.address,
        postal_code=organisation.postal_code,
        valid_from=organisation.valid_from,
        valid_until=organisation.valid_until,
        successor_number=organisation.successor_number,
        source=organisation.source,
    )
