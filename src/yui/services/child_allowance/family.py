"""A recipient's family as the rules want it, gathered from the registers and from what was stated."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from yui.kernel.access.public import acting_as, current_actor, system_actor
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


@contextmanager
def reading_for(person: UUID) -> Iterator[None]:
    """Read as the rule does when a person acts for himself: children under protection are no secret to a parent."""
    if current_actor().subject == person:
        with acting_as(system_actor("child_allowance.rules", {"people.protected.read"})):
            yield
    else:
        yield


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
    family = families_of([recipient], adding=[adding] if adding else [])[recipient]
    if stated is not None:
        claimant = replace(
            family.claimant, public_servant=stated.public_servant, main_earner=stated.main_earner
        )
        family = replace(family, claimant=claimant)
    if adding is not None and adding_from is not None:
        # A new claim replaces an entitlement that had ended.
        children = [
            replace(child, entitled_from=adding_from, entitled_through=None)
            if child.child_id == str(adding)
            else child
            for child in family.children
        ]
        family = replace(family, children=children)
    return family


def families_of(recipients: Sequence[UUID], *, adding: Sequence[UUID] = ()) -> dict[UUID, FamilyFacts]:
    """The families of many recipients, read at once.

    Whoever asks, the rules see the whole family: a protected child counts like any other. The journal says that
    it was the rules that read.
    """
    rows: dict[UUID, dict[UUID, Entitlement]] = defaultdict(dict)
    for row in Entitlement.objects.filter(recipient__in=recipients, recorded_until=None).order_by(
        "from_month"
    ):
        rows[row.recipient][row.child] = row
    supported: dict[UUID, set[UUID]] = defaultdict(set)
    for declared in SupportDeclaration.objects.filter(recipient__in=recipients, recorded_until=None):
        supported[declared.recipient].add(declared.child)
    stated = {row.person: row for row in Recipient.objects.filter(person__in=recipients, recorded_until=None)}
    wanted = {
        recipient: list(dict.fromkeys([*rows[recipient], *sorted(supported[recipient]), *adding]))
        for recipient in recipients
    }
    everyone = {person for recipient, children in wanted.items() for person in (recipient, *children)}
    with acting_as(system_actor("child_allowance.rules", {"people.protected.read"})):
        found = list_residents(everyone, reason=READ_REASON, legal_ground=READ_GROUND)
    views = {view.person: view for view in found}
    return {
        recipient: FamilyFacts(
            _claimant(views.get(recipient), stated.get(recipient)),
            [
                _child(
                    views.get(child),
                    child,
                    rows[recipient].get(child),
                    child in supported[recipient],
                    views.get(recipient),
                )
                for child in children
            ],
        )
        for recipient, children in wanted.items()
    }


def _claimant(view: ResidentView | None, row: Recipient | None) -> ClaimantFacts:
    return ClaimantFacts(
        lives_in_japan=view.is_resident if view else None,
        public_servant=row.public_servant if row else None,
        main_earner=row.main_earner if row else None,
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
