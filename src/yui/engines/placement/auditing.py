"""The auditor: the fewest blocking families there can be, then the most children placed, with proof.

CP-SAT is asked in small questions. First only the families near those who block may move. Then: *can everybody be
placed so that no family has reason to object?* If not, it names a few families of whom at least one must (a core). The
next question lets one of the core block, and so on; the number of questions answered with no is the fewest blocking
families. The cores also say who may block at all in the best placements, which makes the question for the most children
placed among them small as well.

Source:
    Sun, Yamada, Takenami, Moriwaki, Yokoo: Stable matchings in practice: a constraint programming approach, AAAI 2024,
    for blocking as variables; Morgado, Dodaro, Marques-Silva: Core-guided MaxSAT with soft cardinality constraints,
    CP 2014, for the questions.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ortools.sat.python import cp_model

from yui.engines.placement.acceptance import Table
from yui.engines.placement.checking import check
from yui.engines.placement.market import Claim, Market, market_of
from yui.engines.placement.problem import City, Placement, PlacementError

EFFORT = 60.0
"""Default budget, in units of CP-SAT's deterministic time; a unit took 3 to 20 s of one core in our cities."""
NEARBY_SHARE = 0.02
"""Of the budget that is left, for each question about a neighbourhood."""


@dataclass(frozen=True)
class Certificate:
    """How good a placement is.

    Attributes:
        blocking: The families that have reason to object, by id.
        least: No placement has fewer of them.
        placed: Children with a seat.
        most: No placement with so few blocking families places more; ``None`` while ``least`` is not reached.
        effort: Deterministic time used.
    """

    blocking: tuple[str, ...]
    least: int
    placed: int
    most: int | None
    effort: float

    @property
    def fewest_proven(self) -> bool:
        """Whether fewer blocking families are impossible."""
        return len(self.blocking) == self.least

    @property
    def most_proven(self) -> bool:
        """Whether, besides, more children cannot be placed."""
        return self.most == self.placed


def audit(city: City, placement: Placement, *, effort: float = EFFORT) -> tuple[Placement, Certificate]:
    """Betters a placement where it can be bettered, and says how good it is.

    The same input and effort give the same answer: one worker, and deterministic time instead of a clock.

    Args:
        city: The problem.
        placement: From :func:`yui.engines.placement.acceptance.place`, or any other that may be.
        effort: Deterministic time for all questions together.

    Raises:
        PlacementError: the placement breaks a capacity, a holder's right or a list of choices.
    """
    faults = check(city, placement).faults
    if faults:
        raise PlacementError("faulty_placement", fault=faults[0].code, who=faults[0].who)
    market = market_of(city)
    audit_of = _Audit(market, market.chosen(placement), effort)
    audit_of.move_neighbours()
    audit_of.find_cores_nearby()
    audit_of.find_fewest()
    most = audit_of.place_most() if len(audit_of.blocking) == audit_of.least else None
    certificate = Certificate(
        blocking=tuple(market.families[family] for family in sorted(audit_of.blocking)),
        least=audit_of.least,
        placed=audit_of.placed,
        most=most,
        effort=effort - audit_of.left,
    )
    return market.placement(city, audit_of.chosen), certificate


class _Card(NamedTuple):
    """Of these wishes at most so many may fail."""

    wishes: tuple[int, ...]
    most: int


class _Audit:
    """One audit under way.

    A *wish* is something that should hold and may fail at the cost of one blocking family: a number below
    ``len(families)`` says that this family does not block, one above stands for a card.
    """

    def __init__(self, market: Market, chosen: list[int], effort: float) -> None:
        self.market = market
        self.left = effort
        self.least = 0
        self.wishes = set(range(len(market.families)))
        self.cards: list[_Card] = []
        self._take(chosen)

    def _take(self, chosen: list[int]) -> None:
        table = Table.of(self.market, chosen)
        self.chosen, self.blocking, self.placed = chosen, table.blocking(), table.placed()

    def move_neighbours(self) -> None:
        """Looks for fewer blocking families where only those move who list a seat that a blocking family lists."""
        while self.blocking and self.left > 0:
            movable = _neighbours(self.market, self.blocking)
            question = _Question(self.market, _neighbours(self.market, movable))
            question.fix({family: at for family, at in enumerate(self.chosen) if family not in movable})
            question.let_block_at_most(len(self.blocking) - 1)
            if self._ask(question, self.left * NEARBY_SHARE) is not True:
                break
            self._take(question.answer(self.chosen))

    def find_cores_nearby(self) -> None:
        """Raises the proven least by asking about the neighbourhood of each blocking family alone."""
        for family in sorted(self.blocking):
            near = {family}
            for _ in range(2):
                near = _neighbours(self.market, near)
                question = _Question(self.market, near)
                question.assume(near & self.wishes)
                if self.left > 0 and self._ask(question, self.left * NEARBY_SHARE) is False:
                    self._relax(question.core())
                    break

    def find_fewest(self) -> None:
        """Raises the proven least until it meets the placement, or betters the placement until it meets the least."""
        while self.least < len(self.blocking) and self.left > 0:
            question = _Question(self.market, range(len(self.market.families)), self.cards)
            question.assume(self.wishes)
            possible = self._ask(question, self.left)
            if possible is not False:
                if possible:
                    self._take(question.answer(self.chosen))
                return
            self._relax(question.core())

    def _relax(self, core: list[int]) -> None:
        """At least one wish of the core fails: counts it, and from now on minds only the second one that fails."""
        self.least += 1
        self.wishes.difference_update(core)
        families = len(self.market.families)
        new = [
            _Card(card.wishes, card.most + 1)
            for card in (self.cards[wish - families] for wish in core if wish >= families)
            if card.most + 1 < len(card.wishes)
        ]
        if len(core) > 1:
            new.append(_Card(tuple(core), 1))
        for card in new:
            self.wishes.add(families + len(self.cards))
            self.cards.append(card)

    def place_most(self) -> int:
        """Places as many children as can be without one more blocking family; what no placement surpasses."""
        question = _Question(self.market, range(len(self.market.families)), self.cards)
        question.demand(self.wishes)
        question.maximise_placed(self.chosen)
        if self.left > 0 and self._ask(question, self.left):
            answer = question.answer(self.chosen)
            if Table.of(self.market, answer).placed() > self.placed:
                self._take(answer)
            return int(question.solver.best_objective_bound + 1e-6)
        return min(sum(self.market.capacity), len(self.market.children))

    def _ask(self, question: "_Question", effort: float) -> bool | None:
        answer = question.solve(effort)
        self.left -= question.effort
        return answer


class _Question:
    """A model of all placements, with a literal for each family that blocks and each wish that fails.

    ``x[family][choice]`` says which choice a family has. A family blocks unless it has some choice or a better one, or
    one of the seats of that choice is full of better claims of others; only what blocks has to be true, so that each
    implication is needed in one direction.
    """

    def __init__(self, market: Market, mindful: Collection[int], cards: Iterable[_Card] = ()) -> None:
        """A question about these families only; others may block, and those who list none of their seats are left out.

        What is impossible here is impossible in the whole city.
        """
        self.market = market
        self.model = cp_model.CpModel()
        self.solver = cp_model.CpSolver()
        there = _neighbours(market, mindful)
        self.x = [
            [self.model.new_bool_var("") for _ in choices] if family in there else []
            for family, choices in enumerate(market.choices)
        ]
        self.blocks = {family: self.model.new_bool_var("") for family in sorted(mindful)}
        self._sits: list[dict[int, list[cp_model.IntVar]]] = [{} for _ in market.seats]
        self._full: dict[Claim, cp_model.IntVar] = {}
        self._assumed: dict[int, int] = {}
        self._seat_all()
        self._see_who_blocks()
        self._fails = dict(self.blocks)
        for number, card in enumerate(cards, start=len(market.families)):
            fails = self.model.new_bool_var("")
            failing = sum(self._fails[wish] for wish in card.wishes)
            self.model.add(failing <= card.most).only_enforce_if(~fails)
            self._fails[number] = fails

    def _seat_all(self) -> None:
        for x, choices in zip(self.x, self.market.choices, strict=True):
            if not x:
                continue
            self.model.add_exactly_one(x)
            for chosen, choice in zip(x, choices, strict=True):
                for seat, ranks, _ in choice:
                    for rank in ranks:
                        self._sits[seat].setdefault(rank, []).append(chosen)
        for sits, capacity in zip(self._sits, self.market.capacity, strict=True):
            if len(sits) > capacity:
                self.model.add(sum(literal for literals in sits.values() for literal in literals) <= capacity)

    def _see_who_blocks(self) -> None:
        for family, blocks in self.blocks.items():
            for position, choice in enumerate(self.market.choices[family][:-1]):
                full = [
                    literal for claim in choice if (literal := self._full_above(family, claim)) is not None
                ]
                self.model.add_bool_or([*self.x[family][: position + 1], blocks, *full])

    def _full_above(self, family: int, claim: Claim) -> cp_model.IntVar | None:
        """The literal that better claims of others leave too few seats; ``None`` when they never can."""
        market = self.market
        needed = market.capacity[claim.seat] - len(claim.ranks) + 1
        order = market.order[claim.seat]
        above = [rank for rank in range(claim.worst) if market.family[order[rank]] != family]
        if len(above) < needed:
            return None
        if claim not in self._full:
            self._full[claim] = self.model.new_bool_var("")
            sits = self._sits[claim.seat]
            better = sum(literal for rank in above for literal in sits.get(rank, ()))
            self.model.add(better >= needed).only_enforce_if(self._full[claim])
        return self._full[claim]

    def fix(self, chosen: dict[int, int]) -> None:
        """These families stay where they are."""
        for family, choice in chosen.items():
            if self.x[family]:
                self.model.add(self.x[family][choice] == 1)

    def let_block_at_most(self, number: int) -> None:
        """So many families may block."""
        self.model.add(sum(self.blocks.values()) <= number)

    def assume(self, wishes: set[int]) -> None:
        """These wishes hold; if they cannot, :meth:`core` names some that cannot hold together."""
        self._assumed = {(~self._fails[wish]).index: wish for wish in sorted(wishes)}
        self.model.add_assumptions([~self._fails[wish] for wish in sorted(wishes)])

    def demand(self, wishes: set[int]) -> None:
        """These wishes hold."""
        for wish in sorted(wishes):
            self.model.add(self._fails[wish] == 0)

    def maximise_placed(self, hint: list[int]) -> None:
        """Asks for the most children placed, starting from a placement."""
        placed = []
        for x, choices, at in zip(self.x, self.market.choices, hint, strict=True):
            # A family that lists nothing has no variables.
            for number, (chosen, choice) in enumerate(zip(x, choices, strict=False)):
                self.model.add_hint(chosen, number == at)
                placed.append(sum(len(claim.ranks) for claim in choice) * chosen)
        self.model.maximize(sum(placed))

    def solve(self, effort: float) -> bool | None:
        """Whether there is such a placement; ``None`` when the effort did not suffice to know."""
        self.solver.parameters.num_workers = 1
        self.solver.parameters.max_deterministic_time = effort
        status = self.solver.solve(self.model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return True
        return False if status == cp_model.INFEASIBLE else None

    @property
    def effort(self) -> float:
        """Deterministic time that was used."""
        return float(self.solver.response_proto.deterministic_time)

    def answer(self, otherwise: list[int]) -> list[int]:
        """By family its choice; the one given for families that were left out."""
        return [
            next((number for number, one in enumerate(x) if self.solver.boolean_value(one)), at)
            for x, at in zip(self.x, otherwise, strict=True)
        ]

    def core(self) -> list[int]:
        """Wishes of which at least one fails in every placement."""
        return sorted(
            self._assumed[index] for index in self.solver.sufficient_assumptions_for_infeasibility()
        )


def _neighbours(market: Market, families: Iterable[int]) -> set[int]:
    """Families that list or hold a seat that one of these lists or holds."""
    seats = {claim.seat for family in families for choice in market.choices[family] for claim in choice}
    return {market.family[child] for seat in seats for child in market.order[seat]}
