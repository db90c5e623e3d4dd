"""A recipient's family as the rules want it, gathered from the registers and from what was stated."""

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from yui.registries.people.contracts import ResidentView
from yui.registries.people.public import list_residents
from yui.services.child_allowance.models import Entitlement, Recipient, SupportDeclaration
from yui.services.child_allowance.rules import Between, ChildFacts, ClaimantFacts, FamilyFacts, Month

READ_GROUND = "児童手当法7条1項・9条1項"
READ_REASON = "child_allowance"


@dataclass(frozen=True)
class Stated:
    """What a claimant states in an application; None where nothing was stated."""

    public_servant: bool | None = None
    main_earner: bool | None = None


def stated_by(person: UUID) -> Stated:
    """What a recipient has stated before."""
    row = Recipient.objects.filter(person=person, recorded_until=None).first()
    return Stated(row.public_servant, row.main_earner) if row else Stated()


def family_of(
    recipient: UUID,
    *,
    stated: Stated | None = None,
    adding: UUID | None = None,
    adding_from: Month | None = None,
) -> FamilyFacts:
    """The family of a recipient.

    Args:
        recipient: the claimant's public id.
        stated: replaces what was stated before (an application that is being decided).
        adding: a child the application asks for.
        adding_from: the first month the application covers that child.
    """
    stated = stated or stated_by(recipient)
    rows = {
        row.child: row
        for row in Entitlement.objects.filter(recipient=recipient, recorded_until=None).order_by("from_month")
    }
    supported = set(
        SupportDeclaration.objects.filter(recipient=recipient, recorded_until=None).values_list(
            "child", flat=True
        )
    )
    wanted = [recipient, *rows, *(child for child in supported if child not in rows)]
    if adding is not None and adding not in wanted:
        wanted.append(adding)
    views = {v.person: v for v in list_residents(wanted, reason=READ_REASON, legal_ground=READ_GROUND)}
    claimant = views.get(recipient)
    children = [
        _child(views.get(child), child, rows.get(child), child in supported, claimant) for child in wanted[1:]
    ]
    if adding is not None and adding_from is not None:
        # A new claim replaces an entitlement that had ended.
        children = [
            replace(child, entitled_from=adding_from, entitled_through=None)
            if child.child_id == str(adding)
            else child
            for child in children
        ]
    return FamilyFacts(
        ClaimantFacts(
            lives_in_japan=claimant.is_resident if claimant else None,
            public_servant=stated.public_servant,
            main_earner=stated.main_earner,
        ),
        children,
    )


def _child(
    view: ResidentView | None,
    child: UUID,
    row: Entitlement | None,
    supported: bool,
    claimant: ResidentView | None,
) -> ChildFacts:
    if view is None:
        return ChildFacts(str(child), None)
    apart = claimant is None or view.household != claimant.household
    return ChildFacts(
        child_id=str(child),
        born_on=_born(view),
        # A child of the household under the claimant's care: stated in the application and seen in the registry.
        supervised=True if not apart or supported else None,
        shares_livelihood=True if not apart or supported else None,
        lives_apart=apart,
        care_apart_declared=supported if apart else None,
        in_facility=False,
        in_japan_or_studying_abroad=True if view.is_resident else None,
        supported_after_18=supported,
        entitled_from=Month.of(row.from_month) if row else None,
        entitled_through=Month.of(row.through_month) if row and row.through_month else None,
    )


def _born(view: ResidentView) -> "dt.date | Between | None":
    born = view.born_on
    if born.is_exact:
        return born.exact()
    return Between(born.earliest(), born.latest()) if born.year is not None else None
