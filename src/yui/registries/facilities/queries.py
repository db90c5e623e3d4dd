"""Reading facilities of the active body. They are public facts, so reads are not journalled."""

from uuid import UUID

from django.db.models import Count

from yui.registries.facilities.contracts import FacilityKind, FacilityView
from yui.registries.facilities.models import Facility


def list_facilities(
    *, kind: FacilityKind | None = None, area_code: str = "", limit: int | None = None
) -> list[FacilityView]:
    """Facilities of the active body by kind and key.

    Args:
        kind: only this kind.
        area_code: only in this municipality or ward.
        limit: at most so many.

    Raises:
        NoActiveBody: outside any scope.
    """
    facilities = Facility.objects.all()
    if kind is not None:
        facilities = facilities.filter(kind=kind)
    if area_code:
        facilities = facilities.filter(area_code=area_code)
    return [_view(facility) for facility in facilities[:limit]]


def find_facility(public_id: UUID) -> FacilityView | None:
    """A facility of the active body, None when it has none of this id."""
    facility = Facility.objects.filter(public_id=public_id).first()
    return _view(facility) if facility else None


def count_facilities() -> dict[FacilityKind, int]:
    """How many facilities of each kind the active body has."""
    counts = Facility.objects.order_by("kind").values_list("kind").annotate(Count("id"))
    return {FacilityKind(kind): count for kind, count in counts}


def _view(facility: Facility) -> FacilityView:
    return FacilityView(
        public_id=facility.public_id,
        kind=FacilityKind(facility.kind),
        name=facility.name,
        kana=facility.kana,
        area_code=facility.area_code,
        address=facility.address,
        building=facility.building,
        latitude=facility.latitude,
        longitude=facility.longitude,
        phone=facility.phone,
        opens_at=facility.opens_at,
        closes_at=facility.closes_at,
        open_days=facility.open_days,
        capacity=facility.capacity,
        url=facility.url,
        note=facility.note,
        details=facility.details,
    )
