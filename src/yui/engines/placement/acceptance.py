"""Deferred acceptance in which families propose jointly.

Families propose down their lists; a seat takes the best that ask. Among single children this ends in the stable
placement that is best for every child. A family that leaves a choice of several seats, because one of them went to a
better claim, leaves the others open behind it: these seats are *dirty*. When nobody is left to propose, those who would
now be admitted to a dirty seat that they want more go back up their lists (a *rewind*), and all goes on. With siblings
this need not end, as a stable placement need not exist; so each family may go back a limited number of times, and what
is left is told by :mod:`yui.engines.placement.checking`.

Source:
    Gale, Shapley: College admissions and the stability of marriage, American Mathematical Monthly 69 (1962); Roth,
    Peranson: The redesign of the matching market for American physicians, American Economic Review 89 (1999), for
    couples, and going back to seats that were opened.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence

from yui.engines.placement.market import Choice, Market, market_of
from yui.engines.placement.problem import City, Placement

REWINDS = 10
"""How often a family goes back up its list. More, and other orders of proposing, left as many families blocking in all
cities that were tried."""


def place(city: City) -> Placement:
    """Places every child; few families block, often none.

    The same city gives the same placement, in whatever order its parts are given.
    :func:`yui.engines.placement.auditing.audit` goes on from there, and proves.

    Complexity:
        Time in proportion to the number of joint choices, times the rewinds of those near a dirty seat.
    """
    market = market_of(city)
    table = Table(market)
    table.run()
    return market.placement(city, table.chosen)


class Table:
    """Who sits where for now.

    Attributes:
        chosen: By family its choice; while it waits to propose, the choice it proposes next.
        taken: By seat the ranks that sit there, the best first.
    """

    def __init__(self, market: Market) -> None:
        self.market = market
        self.chosen = [0] * len(market.families)
        self.taken: list[list[int]] = [[] for _ in market.seats]
        self._dirty: set[int] = set()
        self._waiting: deque[int] = deque()
        self._listings: dict[int, list[tuple[int, list[int]]]] = {}
        self._rewinds = [0] * len(market.families)

    @classmethod
    def of(cls, market: Market, chosen: Sequence[int]) -> "Table":
        """The table at which each family sits at its choice."""
        table = cls(market)
        table.chosen = list(chosen)
        for family, choice in enumerate(chosen):
            for seat, ranks, _ in market.choices[family][choice]:
                for rank in ranks:
                    insort(table.taken[seat], rank)
        return table

    def run(self) -> None:
        """Lets all families propose, single children first, until nobody has reason to, or may go back no more."""
        self._waiting.extend(sorted(range(len(self.chosen)), key=lambda family: self.market.size[family] > 1))
        self._propose()
        while self._dirty:
            seat = min(self._dirty)
            self._dirty.remove(seat)
            self._offer(seat)

    def admits(self, family: int, choice: Choice) -> bool:
        """Whether a family that sits somewhere would be admitted to a choice by priority, leaving its seats."""
        market = self.market
        for seat, ranks, worst in choice:
            taken = self.taken[seat]
            above = bisect_left(taken, worst)
            if above + len(ranks) > market.capacity[seat]:
                order = market.order[seat]
                above -= sum(market.family[order[rank]] == family for rank in taken[:above])
                if above + len(ranks) > market.capacity[seat]:
                    return False
        return True

    def blocking(self) -> set[int]:
        """Families that would be admitted to a choice they want more than the one they have."""
        return {
            family
            for family, chosen in enumerate(self.chosen)
            if any(self.admits(family, choice) for choice in self.market.choices[family][:chosen])
        }

    def placed(self) -> int:
        """How many children have a seat."""
        return sum(map(len, self.taken))

    def _propose(self) -> None:
        waiting, choices, taken, capacity = (
            self._waiting,
            self.market.choices,
            self.taken,
            self.market.capacity,
        )
        while waiting:
            family = waiting.popleft()
            position = self.chosen[family]
            # A family that waits sits nowhere, so that none of those above it are its own.
            for choice in choices[family][position:]:
                for seat, ranks, worst in choice:
                    if bisect_left(taken[seat], worst) + len(ranks) > capacity[seat]:
                        break
                else:
                    break
                position += 1
            self.chosen[family] = position
            self._take(choices[family][position])

    def _take(self, choice: Choice) -> None:
        """Seats a family where it is admitted; those who lose a seat propose again from their next choice."""
        market = self.market
        for seat, ranks, _ in choice:
            taken = self.taken[seat]
            for rank in ranks:
                insort(taken, rank)
            while len(taken) > market.capacity[seat]:
                loser = market.family[market.order[seat][taken[-1]]]
                self._leave(loser, lost=seat)
                self.chosen[loser] += 1
                self._waiting.append(loser)

    def _leave(self, family: int, lost: int = -1) -> None:
        """Frees the seats of a family; a seat that it lost to a better claim is not open for others."""
        for seat, ranks, _ in self.market.choices[family][self.chosen[family]]:
            for rank in ranks:
                self.taken[seat].remove(rank)
            if seat != lost or len(ranks) > 1:
                self._dirty.add(seat)

    def _offer(self, seat: int) -> None:
        """Lets those who want an opened seat more than what they have go back to it, the best claim first."""
        choices = self.market.choices
        for family, positions in self._listing(seat):
            if positions[0] >= self.chosen[family] or self._rewinds[family] >= REWINDS:
                continue
            for position in positions:
                if position >= self.chosen[family]:
                    break
                if self.admits(family, choices[family][position]):
                    self._rewinds[family] += 1
                    self._leave(family)
                    self.chosen[family] = position
                    self._take(choices[family][position])
                    self._propose()
                    break

    def _listing(self, seat: int) -> list[tuple[int, list[int]]]:
        """Families that list a seat, the best claim first, each with the numbers of the choices that have it."""
        if seat not in self._listings:
            market = self.market
            self._listings[seat] = [
                (family, positions)
                for family in dict.fromkeys(market.family[child] for child in market.order[seat])
                if (
                    positions := [
                        position
                        for position, choice in enumerate(market.choices[family])
                        for claim in choice
                        if claim[0] == seat
                    ]
                )
            ]
        return self._listings[seat]
