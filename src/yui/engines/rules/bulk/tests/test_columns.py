"""Columns against the reference of each operation, value by value."""

from itertools import product

import polars as pl
import pytest

from yui.engines.rules import arithmetic
from yui.engines.rules.bulk import columns
from yui.engines.rules.bulk.layout import UNKNOWN, YES

WIDE = tuple(range(-(10**6), 10**6, 10**5))
AXES: list[tuple[tuple[int | str, ...], ...]] = [
    ((0, 3, 6, 75),),
    ((-5, 4),),
    ((7,),),
    ((0, 1_000_000, 2_500_000),),
    (WIDE,),
    (("b", "a", "c"),),
    ((0, 3, 75), (1, 2, 10), ("x", "y")),
    ((0, 300_000), ("x", "y"), (1, 9)),
    ((0, 60_000), (0, 60_000)),
    (WIDE, (1, 2, 3)),
]


@pytest.mark.parametrize("axes", AXES, ids=str)
def test_a_table_is_read_at_its_keys(axes: tuple[tuple[int | str, ...], ...]) -> None:
    values = tuple(range(100, 100 + len(list(product(*axes)))))
    known: list[list[int | str | None]] = []
    for axis in axes:
        numbers = {
            step + more for step in axis if isinstance(step, int) for more in (-(10**9), -1, 0, 1, 10**9)
        }
        known.append([None, *(sorted(numbers) if numbers else axis)])
    rows = list(product(*known))
    frame = pl.DataFrame(
        {
            f"k{place}": pl.Series(
                [row[place] for row in rows], dtype=pl.String if axis[0].__class__ is str else pl.Int64
            )
            for place, axis in enumerate(axes)
        }
    )
    found = frame.select(columns.grid([pl.col(name) for name in frame.columns], axes, values)).to_series()
    assert found.dtype == pl.Int64
    assert found.to_list() == [arithmetic.look_up(axes, values, *row) for row in rows]


@pytest.mark.parametrize("greatest", [True, False])
def test_the_greater_and_the_smaller_of_two(greatest: bool) -> None:
    known = (None, -1, 0, 5)
    frame = pl.DataFrame(list(product(known, known)), schema={"a": pl.Int64, "b": pl.Int64}, orient="row")
    reference = arithmetic.greater if greatest else arithmetic.smaller
    for one, other in (("a", "b"), ("a", 0), (0, "b")):
        ends = [pl.col(end) if isinstance(end, str) else columns.whole(end) for end in (one, other)]
        given = [frame[end].to_list() if isinstance(end, str) else [end] * len(frame) for end in (one, other)]
        found = frame.select(columns.extreme(greatest, *ends)).to_series().to_list()
        assert found == [reference(*pair) for pair in zip(*given, strict=True)]


def test_one_of_two_by_a_condition() -> None:
    rows = list(product((True, False, None), (None, 0, 5), (None, 0, 5)))
    frame = pl.DataFrame(rows, schema={"c": pl.Boolean, "a": pl.Int64, "b": pl.Int64}, orient="row")
    found = frame.select(columns.either(pl.col("c"), pl.col("a"), pl.col("b"))).to_series().to_list()
    assert found == [arithmetic.choose(*row) for row in rows]


@pytest.mark.parametrize("many", [0, 1, 4, 5, 8, 9, 13, 16, 17, 31])
def test_conditions_are_put_together(many: int) -> None:
    """Each has its two bits, whatever the others are."""
    bits = {False: 0, True: YES, None: UNKNOWN}
    rows = [[(True, False, None)[(place * 7 + row) % 3] for place in range(many)] for row in range(9)]
    frame = pl.DataFrame(
        {f"c{place}": pl.Series([row[place] for row in rows], dtype=pl.Boolean) for place in range(many)}
    )
    found = frame.select(columns.vector([pl.col(name) for name in frame.columns])).to_series()
    expected = [sum(bits[value] << 2 * place for place, value in enumerate(row)) for row in rows]
    assert found.dtype == pl.Int64
    assert found.to_list() == (expected if many else [0])


def test_a_running_sum_leaves_out_what_is_unknown() -> None:
    frame = pl.DataFrame({"a": [1, None, 3], "b": [None, True, True]})
    found = frame.select(columns.running_sum(pl.col("a")), columns.running_sum(pl.col("b")))
    assert found.rows() == [(1, 0), (1, 1), (4, 2)]
