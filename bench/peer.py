"""Promise: our cards agree with every published case of the peer they can be asked, or the difference is reviewed.

The peer is openfisca-japan (AGPL) in an environment of its own; its cases are read from the installed package at run
time and nothing of them is kept. bench/peers/families.py and others.py say how a case becomes facts of our cards,
bench/peers/reviewed.yaml why the law differs from what the peer asserts. The entries of a programme have to give the
peer's values exactly, also those on which both agree; an entry that explains nothing any more is an error, as is a
value that nobody accounts for.

Usage: ./yui bench peer
"""

import argparse
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from peers import families, others
from peers.asking import NO_READINGS, Compared, InBand, NotComparable
from peers.environment import PEER, ask_peer, peer_python
from peers.published import Asserted, asserted_values
from peers.reviewed import Apart, Entry, explanation, load_list

COMPARED = (*families.PROGRAMMES, *others.PROGRAMMES)
SHOWN = 20


@dataclass
class Tally:
    """What became of the asserted values of one programme."""

    cases: set[tuple[str, int]] = field(default_factory=set)
    values: int = 0
    agreed: int = 0
    explained: Counter[tuple[Entry, ...]] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    unexplained_cases: set[tuple[str, int]] = field(default_factory=set)

    def take(self, compared: Compared, asserted: Asserted, entries: list[Entry]) -> None:
        """Compares one value and counts it."""
        case = (asserted.file, asserted.number)
        self.cases.add(case)
        self.values += 1
        ours = compared.ours(asserted, NO_READINGS)
        if isinstance(ours, NotComparable) and not isinstance(ours, InBand):
            self.apart[ours.because] += 1
            return
        chosen = explanation(compared, asserted, ours, entries)
        if isinstance(chosen, InBand):
            self.apart[chosen.because] += 1
        elif chosen is None:
            self.unexplained_cases.add(case)
            self.unexplained.append(
                f"{asserted.file} {asserted.number}, {asserted.on} {asserted.variable}: "
                f"ours {ours}, the peer's {asserted.value}"
            )
        elif chosen:
            self.explained[chosen] += 1
        else:
            self.agreed += 1


def main() -> int:
    """Runs the comparison and says whether the promises hold."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    cases = ask_peer(peer_python(), "published")
    entries, aparts = load_list()
    tallies = {compared.name: Tally() for compared in COMPARED}
    by_variable = {variable: compared for compared in COMPARED for variable in compared.variables}
    left: dict[Apart, list[Asserted]] = defaultdict(list)
    nobodys: list[Asserted] = []
    for asserted in asserted_values(cases):
        if asserted.variable in by_variable:
            compared = by_variable[asserted.variable]
            tallies[compared.name].take(compared, asserted, entries)
        elif (apart := next((a for a in aparts if a.covers(asserted)), None)) is not None:
            left[apart].append(asserted)
        else:
            nobodys.append(asserted)

    used = Counter(
        entry
        for tally in tallies.values()
        for chosen, times in tally.explained.items()
        for entry in chosen
        for _ in range(times)
    )
    stale = [
        *(entry.id for entry in entries if not used[entry]),
        *(apart.name for apart in aparts if apart not in left),
    ]
    values = sum(tally.values for tally in tallies.values())
    apart_values = sum(map(len, left.values())) + len(nobodys)
    print(f"Published cases of {PEER}: {len(cases):,} cases, {values + apart_values:,} asserted values\n")
    show_programmes(tallies)
    show_entries(entries, used)
    show_apart(tallies, left)
    unexplained = [line for tally in tallies.values() for line in tally.unexplained]
    unexplained += [f"{a.file} {a.number}: {a.variable} belongs to nothing that is listed" for a in nobodys]
    for line in unexplained[:SHOWN]:
        print(f"  UNEXPLAINED {line}")
    if len(unexplained) > SHOWN:
        print(f"  and {len(unexplained) - SHOWN} more")
    for name in stale:
        print(f"  EXPLAINS NOTHING “{name}” of bench/peers/reviewed.yaml")

    failed = {case for tally in tallies.values() for case in tally.unexplained_cases}
    failed |= {(asserted.file, asserted.number) for asserted in nobodys}
    print()
    for name, value, unit in (
        ("peer_cases_unexplained", len(failed), "cases"),
        ("peer_entries_explaining_nothing", len(stale), "entries"),
    ):
        print(f"promise {name} {value} {unit} target 0 {'met' if value == 0 else 'short'}")
    return 1 if failed or stale else 0


def show_programmes(tallies: dict[str, Tally]) -> None:
    """The table by programme, and their sum."""
    heads = ("cases", "values", "agreed", "explained", "unexplained", "not comparable")
    print(f"{'':<{WIDE}}" + "".join(f"{head:>16}" for head in heads))
    rows = [
        (
            name,
            len(t.cases),
            t.values,
            t.agreed,
            t.explained.total(),
            len(t.unexplained),
            t.apart.total(),
        )
        for name, t in tallies.items()
    ]
    rows.append(("all of these", *(sum(column) for column in list(zip(*rows, strict=True))[1:])))
    for name, *numbers in rows:
        print(f"{padded(name)}" + "".join(f"{number:>16,}" for number in numbers))
    for compared in COMPARED:
        if compared.note:
            print(f"  {compared.name}: {compared.note}")


def show_entries(entries: list[Entry], used: Counter[Entry]) -> None:
    """The reviewed differences with the number of values that each has a part in."""
    print("\nReviewed differences, with the values each has a part in")
    for entry in entries:
        print(f"  {entry.programme}, {entry.id}: {used[entry]:,}; the peer {entry.peer};")
        print(f"      ours: {entry.ours}, as {entry.reason}")
        print(f"      {entry.article}")


def show_apart(tallies: dict[str, Tally], left: dict[Apart, list[Asserted]]) -> None:
    """What has nothing of ours beside it, and why."""
    print("\nNot comparable")
    for name, tally in tallies.items():
        for because, number in tally.apart.items():
            print(f"  {name}: {number:,} values; {because}")
    for apart, values in left.items():
        cases = len({(asserted.file, asserted.number) for asserted in values})
        print(f"  {apart.name}: {cases:,} cases, {len(values):,} values; {apart.because}")


WIDE = 24
"""Columns for a name; a Japanese character takes two."""


def padded(name: str) -> str:
    """The name with blanks up to the width."""
    return name + " " * (WIDE - sum(2 if ord(character) > 0x2000 else 1 for character in name))


if __name__ == "__main__":
    sys.exit(main())
