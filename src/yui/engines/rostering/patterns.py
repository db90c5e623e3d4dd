"""All rosters that one contract allows, as a graph: each path from its source is a roster that breaks no rule.

A node is what the rules need to know after some days: the shift worked last (while it still binds), the length of the
run, minutes, weekends and shifts so far. Shifts with which the same may follow are one *class*, so that ten kinds of
day shift make no larger graph than one. Finding the cheapest roster under any prices by day and shift is then one pass
over the arcs.

Source:
    Rosters as resource-constrained shortest paths: Jaumard, Semet, Vovor: A generalized linear programming model for
    nurse scheduling, European Journal of Operational Research 107 (1998). Limits followed only once they are
    overstepped: decremental state space relaxation, Righini and Salani, Networks 51 (2008).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from yui.engines.rostering.problem import Contract, Shift

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
DAY = 1440


@dataclass(frozen=True)
class Kinds:
    """Shifts sorted into classes.

    Attributes:
        minutes: By class.
        counted: By class the place of its limit among those that are followed, or -1.
        clash: Shape ``(gap, class, class)``: whether the second may not start so many days, plus one, after the first.
    """

    minutes: tuple[int, ...]
    counted: tuple[int, ...]
    clash: tuple[tuple[tuple[bool, ...], ...], ...]


def kinds_of(
    shifts: Sequence[Shift], rest: int, usable: Sequence[int], followed: Sequence[int]
) -> tuple[list[int], Kinds]:
    """By shift its class, -1 for those not usable; and the classes."""
    longest = max((shifts[s].end + rest for s in usable), default=0)
    gaps = range(1, max(1, -(-longest // DAY)) + 1)

    def clash(gap: int, first: Shift, second: Shift) -> bool:
        short = gap * DAY + second.start < first.end + rest
        return short or (gap == 1 and second.id in first.not_before)

    keys: dict[tuple[object, ...], int] = {}
    of = [-1] * len(shifts)
    leaders = []
    for s in usable:
        rows = tuple(tuple(clash(gap, shifts[s], shifts[t]) for t in usable) for gap in gaps)
        columns = tuple(tuple(clash(gap, shifts[t], shifts[s]) for t in usable) for gap in gaps)
        key = (shifts[s].minutes, followed.index(s) if s in followed else -1, rows, columns)
        if key not in keys:
            keys[key] = len(keys)
            leaders.append(s)
        of[s] = keys[key]
    table = tuple(
        tuple(tuple(clash(gap, shifts[s], shifts[t]) for t in leaders) for s in leaders) for gap in gaps
    )
    minutes = tuple(shifts[s].minutes for s in leaders)
    counted = tuple(followed.index(s) if s in followed else -1 for s in leaders)
    return of, Kinds(minutes, counted, table)


class State(NamedTuple):
    """What binds the next day.

    Attributes:
        last: Class of the shift worked last, or -1 once it binds nothing any more.
        gap: Days since it, the next day included.
        run: Days worked in this run.
        off: Days off in this run, counted up to the least length.
        free: The run began at a cut, so that no least length binds it.
    """

    last: int = -1
    gap: int = 0
    run: int = 0
    off: int = 0
    free: bool = True


def work(state: State, kind: int, contract: Contract, kinds: Kinds, *, binding: bool = True) -> State | None:
    """After one more day worked; ``None`` where the rules forbid it."""
    if binding:
        if state.last >= 0 and kinds.clash[state.gap - 1][state.last][kind]:
            return None
        if 0 < state.off < contract.min_off or state.run >= contract.max_run:
            return None
    run = min(state.run + 1, contract.max_run)
    return State(kind, 1, run, 0, state.free and run < contract.min_run)


def rest(state: State, contract: Contract, kinds: Kinds, *, binding: bool = True) -> State | None:
    """After one more day off."""
    if binding and 0 < state.run < contract.min_run and not state.free:
        return None
    cut = state.run == 0 and state.off == 0
    off = contract.min_off if cut else min(state.off + 1, contract.min_off)
    return State(*_shadow(state, kinds), 0, off, False)


def be_absent(state: State, kinds: Kinds) -> State:
    """After one more day of absence: nothing binds but the rest that is due."""
    return State(*_shadow(state, kinds))


def _shadow(state: State, kinds: Kinds) -> tuple[int, int]:
    """The last shift, seen from one day later, if it may still bind."""
    if state.last >= 0:
        for gap in range(state.gap, len(kinds.clash)):
            if any(kinds.clash[gap][state.last]):
                return state.last, state.gap + 1
    return -1, 0


@dataclass(frozen=True)
class Graph:
    """The rosters of a contract. Node 0 is the source; nodes are in the order of their days.

    Shape:
        ``first`` has one more than nodes; arcs into node n are ``first[n]`` to ``first[n + 1]``. ``kind`` is a class,
        or the number of classes for a day without work.
    """

    days: int
    day: Ints
    first: Ints
    tail: NDArray[np.int32]
    kind: NDArray[np.int16]
    ends: int
    """From this node on, the last day is over."""

    @cached_property
    def room(self) -> tuple[Floats, Ints]:
        """Arrays to work in."""
        return np.zeros(len(self.day)), np.zeros(len(self.day), dtype=np.int64)

    def cheapest(self, prices: Floats) -> tuple[float, NDArray[np.int16]]:
        """The cheapest path: its cost and the class on each day. Safe in one thread at a time.

        Args:
            prices: Shape ``(days, classes + 1)``; infinite where something may not be done.
        """
        chosen = np.empty(self.days, dtype=np.int16)
        if not self.ends:
            return np.inf, chosen
        values, via = np.zeros(len(self.day)), np.zeros(len(self.day), dtype=np.int64)
        cost = _cheapest(self.day, self.first, self.tail, self.kind, prices, self.ends, values, via, chosen)
        return float(cost), chosen


@numba.njit(cache=True, nogil=True)
def _cheapest(day, first, tail, kind, prices, ends, values, via, chosen):  # type: ignore[no-untyped-def]
    for node in range(1, len(day)):
        best, at = np.inf, first[node]
        price = prices[day[node]]
        for arc in range(first[node], first[node + 1]):
            value = values[tail[arc]] + price[kind[arc]]
            if value < best:
                best, at = value, arc
        values[node], via[node] = best, at
    node = ends
    for other in range(ends, len(day)):
        if values[other] < values[node]:
            node = other
    cost = values[node]
    if cost < np.inf:
        for step in range(len(chosen)):
            chosen[len(chosen) - 1 - step] = kind[via[node]]
            node = tail[via[node]]
    return cost


@dataclass(frozen=True)
class Frame:
    """What the graph of a worker depends on besides the contract; workers with equal frames share one.

    Attributes:
        weekend: By day the number of its weekend, or -1.
        most: By followed limit the most shifts.
    """

    days: int
    kinds: Kinds
    weekend: tuple[int, ...]
    absences: tuple[int, ...]
    before: tuple[int, ...]
    most: tuple[int, ...]


def unfold(frame: Frame, contract: Contract) -> Graph:
    """The graph of a contract. Nodes from which no roster can be completed are left out.

    Complexity:
        Days x states x levels of minutes x weekends x counts of the shifts that are followed.
    """
    return _Unfolding(frame, contract).graph()


class _Unfolding:
    """Layer by layer: a node is a number in mixed radix, and a layer a sorted array of them."""

    def __init__(self, frame: Frame, contract: Contract) -> None:
        self.frame, self.contract, self.kinds = frame, contract, frame.kinds
        self.classes = len(frame.kinds.minutes)
        self.states: list[State] = []
        self.steps: list[list[int]] = []
        self._explore()
        self.step = np.array(self.steps, dtype=np.int64).reshape(len(self.states), self.classes + 2)
        weekends = max(frame.weekend, default=-1) + 1
        limit = contract.max_weekends
        self.weekends = limit if limit is not None and limit < weekends else None
        # Digits of a node from the lowest: counts, minutes, weekends, whether this weekend was worked, state.
        self.radix = [
            *(most + 1 for most in frame.most),
            contract.max_minutes + 1,
            (self.weekends or 0) + 1,
            2,
        ]

    def _explore(self) -> None:
        frame, contract, kinds = self.frame, self.contract, self.kinds
        state: State | None = State()
        for kind in frame.before:
            assert state is not None
            step = rest(state, contract, kinds, binding=False)
            state = work(state, kind, contract, kinds, binding=False) if kind >= 0 else step
        assert state is not None
        number = {state: 0}
        queue = [state]
        for state in queue:
            follow = [work(state, kind, contract, kinds) for kind in range(self.classes)]
            follow += [rest(state, contract, kinds), be_absent(state, kinds) if frame.absences else None]
            row = []
            for one in follow:
                if one is not None and one not in number:
                    number[one] = len(number)
                    queue.append(one)
                row.append(-1 if one is None else number[one])
            self.steps.append(row)
        self.states = queue

    def _most_minutes(self) -> Ints:
        """By day and state the most minutes that can still be worked; negative when stuck."""
        table = np.zeros((self.frame.days + 1, len(self.states)), dtype=np.int64)
        stuck = -(1 << 40)
        for day in range(self.frame.days - 1, -1, -1):
            table[day] = stuck
            for kind, minutes in self._open(day):
                ahead = np.where(self.step[:, kind] >= 0, table[day + 1][self.step[:, kind]] + minutes, stuck)
                table[day] = np.maximum(table[day], ahead)
        return table

    def _open(self, day: int) -> list[tuple[int, int]]:
        """What can be done on a day, with its minutes."""
        if day in self.frame.absences:
            return [(self.classes + 1, 0)]
        return [*enumerate(self.kinds.minutes), (self.classes, 0)]

    def graph(self) -> Graph:
        layers, arcs = [np.zeros(1, dtype=np.int64)], []
        ahead = self._most_minutes()
        for day in range(self.frame.days):
            code, arc_tail, arc_kind = self._expand(layers[-1], day, ahead[day + 1])
            layer, head = np.unique(code, return_inverse=True)
            layers.append(layer)
            arcs.append((arc_tail, head, arc_kind))
        return self._assemble([len(layer) for layer in layers], arcs)

    def _expand(self, layer: Ints, day: int, ahead: Ints) -> tuple[Ints, Ints, Ints]:
        """Nodes one day later, with the arcs to them."""
        digits, rest_of = [], layer
        for radix in self.radix:
            digits.append(rest_of % radix)
            rest_of = rest_of // radix
        *counts, minutes, weekends, inside = digits
        state = rest_of
        weekend = self.frame.weekend[day] if self.weekends is not None else -1
        stays = weekend >= 0 and day + 1 < self.frame.days and self.frame.weekend[day + 1] == weekend
        codes, tails, kinds = [], [], []
        for kind, length in self._open(day):
            target = self.step[state, kind]
            works = kind < self.classes
            late = minutes + length
            begun = np.where(inside, 0, 1) if works and weekend >= 0 else np.zeros_like(inside)
            fits = (target >= 0) & (late <= self.contract.max_minutes)
            fits &= late + ahead[target] >= self.contract.min_minutes
            if self.weekends is not None:
                fits &= weekends + begun <= self.weekends
            grown = list(counts)
            if works and (place := self.kinds.counted[kind]) >= 0:
                grown[place] = counts[place] + 1
                fits &= grown[place] <= self.frame.most[place]
            keep = (inside | begun) if stays else np.zeros_like(inside)
            code = target
            for digit, radix in reversed(
                list(zip([*grown, late, weekends + begun, keep], self.radix, strict=True))
            ):
                code = code * radix + digit
            where = np.flatnonzero(fits)
            codes.append(code[where])
            tails.append(where)
            kinds.append(np.full(len(where), min(kind, self.classes)))
        return np.concatenate(codes), np.concatenate(tails), np.concatenate(kinds)

    def _assemble(self, sizes: list[int], arcs: list[tuple[Ints, Ints, Ints]]) -> Graph:
        """Drops what leads nowhere, and numbers the rest."""
        alive = [np.ones(sizes[-1], dtype=bool)]
        for size, (tail, head, _) in zip(reversed(sizes[:-1]), reversed(arcs), strict=True):
            here = np.zeros(size, dtype=bool)
            here[tail[alive[-1][head]]] = True
            alive.append(here)
        alive.reverse()
        starts = np.cumsum([0, *(int(one.sum()) for one in alive)])
        numbers = [np.cumsum(one) - 1 + start for one, start in zip(alive, starts, strict=False)]
        tails, heads, kinds = [], [], []
        for day, (tail, head, kind) in enumerate(arcs):
            kept = alive[day + 1][head]
            tails.append(numbers[day][tail[kept]])
            heads.append(numbers[day + 1][head[kept]])
            kinds.append(kind[kept])
        head, tail, kind = np.concatenate(heads), np.concatenate(tails), np.concatenate(kinds)
        order = np.lexsort((kind, tail, head))
        nodes = int(starts[-1])
        first = np.searchsorted(head[order], np.arange(nodes + 1))
        day_of = np.repeat(np.arange(-1, len(sizes) - 1), np.diff(starts))
        ends = int(starts[-2]) if nodes and alive[0].all() else 0
        return Graph(
            self.frame.days,
            day_of,
            first,
            tail[order].astype(np.int32),
            kind[order].astype(np.int16),
            ends,
        )
