"""Who is refused a ride how often, by need and by category of fare."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from yui.services.transit.contracts import Category
from yui.services.transit.models import Ride
from yui.supply.public import OTHERS, RefusalRate
from yui.supply.public import refusals as refusals_of

WITHOUT_WHEELCHAIR = "without_wheelchair"
"""Parties in which nobody uses a wheelchair: whom those with one are to be compared with."""


def refusals(service: str, *, from_on: dt.date, until_on: dt.date) -> list[RefusalRate]:
    """How often rides were refused that were asked for from one day until, not on, another.

    Groups are the categories of the riders (``Category``), and ``WITHOUT_WHEELCHAIR``; a party of several categories is
    counted in each of them. Groups of fewer than ``FEWEST`` requests are not told. Wheelchairs come first, then those
    without.

    Raises:
        UnknownSupply: the service has no board.
        PermissionRefused: ``supply.board.manage`` is missing.
    """
    begins, ends = (timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in (from_on, until_on))
    found = refusals_of(service, from_at=begins, until_at=ends, groups=_groups)
    first = [Category.WHEELCHAIR.value, WITHOUT_WHEELCHAIR]
    return sorted(
        (one for one in found if one.group != OTHERS),
        key=lambda one: (first.index(one.group) if one.group in first else len(first), one.group),
    )


def _groups(demands: Collection[UUID]) -> dict[UUID, Collection[str]]:
    found: dict[UUID, Collection[str]] = {}
    for demand, riders in Ride.objects.filter(demand__in=demands).values_list("demand", "riders"):
        of_party = {category for categories, _has_pass in riders for category in categories}
        found[demand] = of_party if Category.WHEELCHAIR in of_party else of_party | {WITHOUT_WHEELCHAIR}
    return found
