"""From each sibling's own list and the family's rule to the joint choices."""

from collections.abc import Sequence
from itertools import product
from typing import Literal

Rule = Literal["same_facility", "all_or_none", "any"]


def joint_choices(
    lists: Sequence[Sequence[str]], rule: Rule, *, together_first: bool = False
) -> tuple[tuple[str | None, ...], ...]:
    """The joint choices of siblings, for each child the column that goes into ``Child.choices``.

    More children with a seat go before fewer, then the smaller sum of places on the children's own lists, then the
    better of the worst, then the first child's. A municipality that asks families for joint choices outright uses
    those instead.

    Args:
        lists: Of each child, the most wanted first.
        rule: ``same_facility``: one facility for all or nothing; ``all_or_none``: a seat for each, wherever, or
            nothing; ``any``: one seat is better than none.
        together_first: Among as many seats, one facility for all goes before the rest.

    Example:
        >>> joint_choices([["a", "b"], ["b"]], "all_or_none", together_first=True)
        (('b', 'a'), ('b', 'b'))
        >>> joint_choices([["a"], ["b"]], "any")
        (('a', 'a', None), ('b', None, 'b'))
    """
    own: list[list[tuple[int, str | None]]] = [list(enumerate(choices)) for choices in lists]
    if rule == "any":
        own = [[*choices, (len(choices), None)] for choices in own]
    rows = []
    for row in product(*own):
        ranks = tuple(rank for rank, _ in row)
        names = tuple(name for _, name in row)
        together = len(set(names)) == 1
        if set(names) == {None} or (rule == "same_facility" and not together):
            continue
        apart = together_first and not together
        rows.append(((names.count(None), apart, sum(ranks), max(ranks), ranks), names))
    rows.sort(key=lambda row: row[0])
    return tuple(zip(*(names for _, names in rows), strict=True)) if rows else ((),) * len(lists)
