"""The rule, the rows and the folder: what comes out, what is refused, what a stranger finds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.evidence.recomputing import (
    FIXED,
    RuleError,
    columns_of,
    figure_of,
    read_rows,
    write_rows,
    written,
)
from yui.evidence.suppression import withheld

ROW = dict.fromkeys(FIXED, "") | {"old": "2", "all": "3", "spare": "0"}


@pytest.mark.parametrize(
    ("rule", "digits", "expected"),
    [
        ("old", 0, "2"),
        ("100 * old / all", 1, "66.7"),
        ("-(old - all) * 0.5", 2, "0.50"),
        ("sum(old) / count()", 0, "2"),
        ("median(all) + min(old) + max(old) + mean(old)", 0, "9"),
    ],
)
def test_a_rule_gives_its_value(rule: str, digits: int, expected: str) -> None:
    assert figure_of(rule, digits, [ROW]) == (expected, "")


def test_nothing_by_nothing_is_not_applicable_and_not_nought() -> None:
    assert figure_of("old / spare", 0, [ROW]) == (None, "not_applicable")
    assert figure_of("spare / old", 0, [ROW]) == ("0", "")
    assert figure_of("old", 0, [{**ROW, "old": "", "absence": "missing"}]) == (None, "missing")


@pytest.mark.parametrize(
    "rule",
    ["", "old +", "open('x')", "old.all", "old ** 9", "[old]", "old if all else 1", "__import__", "'a'", "sum(1)",
     "True", "1e300", "lambda: 1", "old and all"],
)  # fmt: skip
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(RuleError):
        figure_of(rule, 0, [ROW])


def test_a_bare_column_needs_one_row_and_a_number() -> None:
    with pytest.raises(RuleError, match="2 rows"):
        figure_of("old", 0, [ROW, ROW])
    with pytest.raises(RuleError, match="no number"):
        figure_of("old", 0, [{**ROW, "old": "two"}])
    assert columns_of("sum(b) / a + b") == ("b", "a")


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6), st.integers(0, 9))
def test_rounding_is_half_away_from_nought(above: int, below: int, digits: int) -> None:
    value = Fraction(above, below)
    text = written(value, digits)
    assert abs(Fraction(text) - value) <= Fraction(1, 2 * 10**digits)
    assert written(-value, digits).lstrip("-") == text.lstrip("-")
    assert len(text.partition(".")[2]) == digits


@given(
    st.lists(
        st.tuples(
            *(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")) for _ in "ab")
        ),
        max_size=5,
    )
)
def test_rows_go_through_a_file_to_the_byte(cells: list[tuple[str, str]]) -> None:
    rows = [{**ROW, "source": one, "old": other} for one, other in cells]
    content = write_rows(rows, ("old",))
    assert write_rows(read_rows(content), ("old",)) == content
    assert sorted(row["source"] for row in read_rows(content)) == sorted(one for one, _ in cells)


@given(
    st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=5), min_size=1, max_size=4),
    st.integers(2, 10),
)
def test_what_is_told_gives_no_small_count_away(groups: list[list[int]], fewest: int) -> None:
    """Nation, prefectures and towns: nobody who subtracts learns a withheld count, or a small sum of them."""
    counts: dict[str, list[int]] = {"nation": [sum(map(sum, groups))]}
    totals: dict[str, list[str]] = {"nation": [f"p{at}" for at in range(len(groups))]}
    for at, group in enumerate(groups):
        counts[f"p{at}"] = [sum(group)]
        totals[f"p{at}"] = [f"p{at}t{number}" for number in range(len(group))]
        counts |= {f"p{at}t{number}": [value] for number, value in enumerate(group)}
    hidden = withheld(counts, totals, fewest=fewest)
    assert all(cell in hidden for cell, (value,) in counts.items() if 0 < value < fewest)
    for total, parts in totals.items():
        gone = [part for part in parts if part in hidden]
        unknown = len(gone) + (total in hidden)
        assert unknown != 1
        if gone and total not in hidden:
            assert sum(counts[part][0] for part in gone) >= fewest


def test_nothing_is_withheld_without_need() -> None:
    counts = {"all": [60], "a": [20], "b": [30], "c": [10]}
    assert withheld(counts, {"all": ["a", "b", "c"]}, fewest=10) == frozenset()
    counts = {"all": [53], "a": [20], "b": [30], "c": [3]}
    assert withheld(counts, {"all": ["a", "b", "c"]}, fewest=10) == {"c", "a"}
    assert withheld(counts, {}, fewest=0) == frozenset()
