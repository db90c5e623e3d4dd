"""A recipient's family as the rules want it, gathered from the registers and from what was stated."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from yui.kernel.access.public import acting_as, current_actor, system_actor
from yui.kernel.calendar.public import fiscal_year, fiscal_year_born_range
from yui.procedures.programmes.contracts import Then
from yui.registries.people.contracts import EndedBy, ResidentView
from yui.registries.people.public import list_residents
from yui.services.child_allowance.models import Entitlement, Recipient, SupportDeclaration
from yui.services.child_allowance.rules import Between, ChildFacts, ClaimantFacts, FamilyFacts, Month

READ_GROUND = "児童手当法7条1項・9条1項"
OLDEST_PAID = 18
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


@dataclass(frozen=True)
class Family:
    """What registers and statements say about a recipient and the children, over time.

    Attributes:
        views: registry persons by id; who is not found there is missing.
        stated: what the recipient stated, when anything was.
        entitlements: by child, earliest first; a child who left and returned has several.
        supported: by child, the declaration on file.
    """

    recipient: UUID
    views: Mapping[UUID, ResidentView]
    stated: Stated
    entitlements: Mapping[UUID, Sequence[Entitlement]]
    supported: Mapping[UUID, SupportDeclaration]
    children: Sequence[UUID]

    def in_month(self, month: Month) -> FamilyFacts:
        """The facts that decide about a month."""
        view = self.views.get(self.recipient)
        claimant = ClaimantFacts(
            lives_in_japan=_was_resident(view, month) if view else None,
            public_servant=self.stated.public_servant,
            main_earner=self.stated.main_earner,
        )
        return FamilyFacts(claimant, [self._child(child, month) for child in self.children])

    def _child(self, child: UUID, month: Month) -> ChildFacts:
        view, claimant = self.views.get(child), self.views.get(self.recipient)
        if view is None:
            return ChildFacts(str(child), None)
        # Past the fiscal year of 18 nothing is paid for the child any more; the declaration alone makes it count.
        row = None if _past_18(view, month) else self._entitlement(child, month)
        declared = self.supported.get(child)
        supported = declared is not None and (
            declared.from_month is None or Month.of(declared.from_month) <= month
        )
        apart = claimant is None or _apart(view, claimant, month)
        return ChildFacts(
            child_id=str(child),
            born_on=_born(view),
            # A child of the household under the claimant's care: stated in the application, seen in the registry.
            supervised=True if not apart or supported else None,
            shares_livelihood=True if not apart or supported else None,
            lives_apart=apart,
            care_apart_declared=supported if apart else None,
            in_facility=False,
            in_japan_or_studying_abroad=self._in_japan(view, month, supported),
            supported_after_18=supported,
            entitled_from=Month.of(row.from_month) if row else None,
            entitled_through=Month.of(row.through_month) if row and row.through_month else None,
        )

    def _in_japan(self, view: ResidentView, month: Month, supported: bool) -> bool | None:
        """Seen in the registry; after a move away only the declaration tells, and after a death nothing lasts."""
        if _was_resident(view, month):
            return True
        if view.ended_by is EndedBy.DEATH:
            return False
        return True if supported else None

    def _entitlement(self, child: UUID, month: Month) -> Entitlement | None:
        """The one that covers the month, else the newest."""
        rows = self.entitlements.get(child, ())
        covering = [row for row in rows if _covers(row, month)]
        return next(reversed(covering or rows), None)


def _apart(child: ResidentView, claimant: ResidentView, month: Month) -> bool:
    """Whether they lived apart in the month: the month in which they parted is still one of living together."""
    parted = max(child.valid_from, claimant.valid_from)
    return child.household != claimant.household and month > Month.of(parted)


def live_apart(one: UUID, other: UUID) -> bool:
    """Whether two residents belong to different households today."""
    with acting_as(system_actor("child_allowance.rules", {"people.protected.read"})):
        found = list_residents([one, other], reason=READ_REASON, legal_ground=READ_GROUND)
    return len({view.household for view in found}) > 1


def _past_18(view: ResidentView, month: Month) -> bool:
    born = view.born_on
    first = fiscal_year_born_range(fiscal_year(month.first_day) - OLDEST_PAID).from_on
    return born.year is not None and born.latest() < first


def _was_resident(view: ResidentView, month: Month) -> bool:
    """Whether the person still was a resident in the month: payment lasts through the month of the end (8条2項)."""
    return view.ended_on is None or month <= Month.of(view.ended_on)


def family_of(
    recipient: UUID,
    *,
    month: Month,
    stated: Stated | None = None,
    adding: UUID | None = None,
    adding_from: Month | None = None,
) -> FamilyFacts:
    """The family of a recipient, for the decision about a month.

    Args:
        recipient: the claimant's public id.
        month: the month that is decided about.
        stated: replaces what was stated before (an application that is being decided).
        adding: a child the application asks for.
        adding_from: the first month the application covers that child.
    """
    family = families_of([recipient], adding=[adding] if adding else [])[recipient]
    facts = (replace(family, stated=stated) if stated is not None else family).in_month(month)
    if adding is not None and adding_from is not None:
        # A new claim replaces an entitlement that had ended.
        children = [
            replace(child, entitled_from=adding_from, entitled_through=None)
            if child.child_id == str(adding)
            else child
            for child in facts.children
        ]
        facts = replace(facts, children=children)
    return facts


def families_of(
    recipients: Sequence[UUID], *, adding: Sequence[UUID] = (), then: Then | None = None
) -> dict[UUID, Family]:
    """The families of many recipients, read at once: as they are, or as they were.

    Whoever asks, the rules see the whole family: a protected child counts like any other. The journal says that
    it was the rules that read.

    Args:
        adding: children that belong to the families though nothing is recorded about them.
        then: asks as of another day, with what was known on a day.
    """
    known = known_rows(then)
    rows: dict[UUID, dict[UUID, list[Entitlement]]] = defaultdict(lambda: defaultdict(list))
    entitlements = Entitlement.objects.filter(known, recipient__in=recipients)
    for row in entitlements.order_by("from_month", "id"):
        rows[row.recipient][row.child].append(row)
    supported: dict[UUID, dict[UUID, SupportDeclaration]] = defaultdict(dict)
    for declared in SupportDeclaration.objects.filter(known, recipient__in=recipients):
        supported[declared.recipient][declared.child] = declared
    stated = {
        row.person: Stated(row.public_servant, row.main_earner)
        for row in Recipient.objects.filter(known, person__in=recipients)
    }
    if then is not None and "from_month" in then.details:
        first = Month.parse(then.details["from_month"])
        for recipient, child in product(recipients, adding):
            rows[recipient][child] += _claimed(recipient, child, first, rows[recipient][child])
    wanted = {
        recipient: list(dict.fromkeys([*rows[recipient], *sorted(supported[recipient]), *adding]))
        for recipient in recipients
    }
    everyone = {person for recipient, children in wanted.items() for person in (recipient, *children)}
    with acting_as(system_actor("child_allowance.rules", {"people.protected.read"})):
        views = _views(everyone, then)
    return {
        recipient: Family(
            recipient=recipient,
            views=views,
            stated=stated.get(recipient, Stated()),
            entitlements=rows[recipient],
            supported=supported[recipient],
            children=children,
        )
        for recipient, children in wanted.items()
    }


def _claimed(recipient: UUID, child: UUID, first: Month, rows: Sequence[Entitlement]) -> list[Entitlement]:
    """What was claimed from a month on and left no entitlement, because the claim was refused."""
    covered = any(_covers(row, first) for row in rows)
    return [] if covered else [Entitlement(recipient=recipient, child=child, from_month=first.first_day)]


def _covers(row: Entitlement, month: Month) -> bool:
    return Month.of(row.from_month) <= month and (
        row.through_month is None or month <= Month.of(row.through_month)
    )


def known_rows(then: Then | None) -> Q:
    """The rows of this service that are what we know, or that were at the end of a day."""
    if then is None:
        return Q(recorded_until=None)
    end = end_of_day(then.known_on)
    return Q(recorded_at__lte=end) & (Q(recorded_until=None) | Q(recorded_until__gt=end))


def end_of_day(day: dt.date) -> dt.datetime:
    """The last instant of a day here."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


def _views(persons: Collection[UUID], then: Then | None) -> dict[UUID, ResidentView]:
    """What the register says of persons. Who was no resident yet on the day asked about is read as of the day the
    knowledge is of, which says since when."""
    if then is None:
        return _seen(persons)
    end = end_of_day(then.known_on)
    views = _seen(persons, as_of=then.valid_on, known_at=end)
    missing = [person for person in persons if person not in views]
    return views | _seen(missing, as_of=then.known_on, known_at=end)


def _seen(persons: Collection[UUID], **when: Any) -> dict[UUID, ResidentView]:
    found = list_residents(persons, reason=READ_REASON, legal_ground=READ_GROUND, **when)
    return {view.person: view for view in found}


def _born(view: ResidentView) -> "dt.date | Between | None":
    born = view.born_on
    if born.is_exact:
        return born.exact()
    return Between(born.earliest(), born.latest()) if born.year is not None else None
