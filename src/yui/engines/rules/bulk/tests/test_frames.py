"""The Polars back end against the Python back end, row by row."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest

from yui.engines.rules import ir
from yui.engines.rules.bulk import layout
from yui.engines.rules.bulk.frames import compile_frames
from yui.engines.rules.bulk.tests.drawing import as_columns, draw_groups, months_of
from yui.engines.rules.bulk.tests.parity import SOURCES, Decided, decided, read, same
from yui.engines.rules.public import Card, Group, Month, Unit, evaluate, load_card
from yui.engines.rules.tests.cards import CARD, changed

Frames = tuple[pl.LazyFrame, pl.LazyFrame]
MONTH = Month(2025, 6)
TYPES = {ir.Kind.DATE: pl.Date, ir.Kind.MONTH: pl.Int32, ir.Kind.BOOL: pl.Boolean, ir.Kind.ENUM: pl.String}
KNOWN = {
    "income_yen": 0,
    "members": 3,
    "tenure": "rented",
    "moved_in": Month(2020, 1),
}


def frames(card: Card, groups: Sequence[Group], **types: Any) -> Frames:
    kinds: dict[str, Any] = {fact.key: TYPES.get(fact.type.kind, pl.Int64) for fact in card.rules.facts}
    kinds |= {layout.GROUP_ID: pl.Int64, layout.UNIT_ID: pl.String, **types}
    of_groups, of_units = (
        pl.LazyFrame(columns, schema={key: kinds[key] for key in columns})
        for columns in as_columns(card, groups)
    )
    return of_groups, of_units


def by_polars(card: Card, month: Month, read_from: Frames, known_on: date | None = None) -> Decided:
    result = compile_frames(card, month, known_on=known_on, with_values=True)(*read_from).collect()
    assert result.schema[layout.AMOUNT] == pl.Int64
    assert result.schema[layout.ROW] == pl.Int32
    return read(card, result.columns, result.rows())


def agrees(card: Card, groups: Sequence[Group], month: Month = MONTH) -> Decided:
    expected = decided(card, month, groups)
    same(by_polars(card, month, frames(card, groups)), expected)
    return expected


def shuffled(read_from: Frames) -> Frames:
    of_groups, of_units = (frame.collect().sample(fraction=1, shuffle=True, seed=1) for frame in read_from)
    return of_groups.lazy(), of_units.lazy()


@pytest.mark.parametrize("source", SOURCES)
def test_decides_as_the_python_back_end(source: str) -> None:
    card = load_card(SOURCES[source])
    groups = draw_groups(card, seed=1, count=250)
    for number, month in enumerate(months_of(card)):
        read_from = frames(card, groups)
        same(
            by_polars(card, month, shuffled(read_from) if number % 2 else read_from),
            decided(card, month, groups),
        )


def people(*born: date | None, disabled: bool | None = True) -> list[Unit]:
    return [Unit(str(number), {"born_on": day, "disabled": disabled}) for number, day in enumerate(born)]


def test_twins_and_unknown_birthdays_leave_places_open() -> None:
    """Identifiers are ordered as text: of thirteen twins "10" comes before "9"."""
    twin, older = date(1950, 4, 2), date(1950, 4, 1)
    some = people(twin, twin, None, older)
    some[1] = Unit("1", {"born_on": twin, "disabled": None})
    groups = [
        Group(KNOWN, people(*[twin] * 13)),
        Group(KNOWN, some),
        Group(KNOWN, people(None, None, None, None)),
        Group(KNOWN, people(twin, older, disabled=None)),
        Group(KNOWN, []),
    ]
    found = agrees(load_card(CARD), groups)
    assert {outcome[0] for outcome in found.values()} == {"payment", "undetermined"}


def test_numbers_may_be_identifiers_and_are_ordered_as_text() -> None:
    card = load_card(CARD)
    groups = [Group(KNOWN, people(*[date(1950, 4, 2)] * 13))]
    same(
        by_polars(card, MONTH, frames(card, groups, unit_id=pl.String)),
        by_polars(card, MONTH, _numbered(frames(card, groups))),
    )


def _numbered(read_from: Frames) -> Frames:
    return read_from[0], read_from[1].with_columns(pl.col(layout.UNIT_ID).cast(pl.Int32))


def test_an_institution_of_hundreds_is_decided_like_any_other() -> None:
    days = [date(1930 + number % 30, 4, 1 + number % 2) for number in range(500)]
    agrees(load_card(CARD), [Group(KNOWN, people(*days)), Group(KNOWN, people(*days, None))])


def test_what_a_card_does_not_allow_is_unknown() -> None:
    card = load_card(CARD)
    groups = [Group(KNOWN, people(date(1950, 4, 2)))]
    for key, value in (
        ("income_yen", -1),
        ("income_yen", 10**15),
        ("members", 10**9),
        ("tenure", "elsewhere"),
    ):
        of_groups, of_units = frames(card, groups)
        found = by_polars(card, MONTH, (of_groups.with_columns(pl.lit(value).alias(key)), of_units))
        same(found, decided(card, MONTH, [Group({**KNOWN, key: None}, groups[0].units)]))


def test_units_without_a_group_are_decided_with_everything_about_it_unknown() -> None:
    card = load_card(CARD)
    of_groups, of_units = frames(card, [Group({}, people(date(1950, 4, 2), None))])
    same(
        by_polars(card, MONTH, (of_groups.clear(), of_units)),
        decided(card, MONTH, [Group({}, people(date(1950, 4, 2), None))]),
    )


def test_narrow_columns_are_widened_before_anything_is_computed() -> None:
    """A limit of 1,000,000 yen for each of 100,000 members does not fit into 32 bits."""
    card = load_card(CARD)
    groups = [Group({**KNOWN, "members": 100_000, "income_yen": 2_000_000_000}, people(date(1950, 4, 2)))]
    narrow = frames(card, groups, members=pl.Int32, income_yen=pl.Int32)
    same(by_polars(card, MONTH, narrow), decided(card, MONTH, groups))


def test_differences_of_running_sums_are_right_after_they_wrap_around() -> None:
    """What the sums over a group rest on: Polars wraps around in 64 bits, both ways."""
    running = pl.Series([2**62, 2**62, 2**62, -5], dtype=pl.Int64).cum_sum()
    assert running[1] < 0
    assert (running - running.shift(1, fill_value=0)).to_list() == [2**62, 2**62, 2**62, -5]


def test_tables_are_read_as_they_were_known_on_a_day() -> None:
    later = "{from: 2024-04, value: 4000, by: 改正}"
    card = load_card(changed(later, later.replace("value", "known_from: 2024-02-01, value"), CARD))
    groups = [Group(KNOWN, people(date(1950, 4, 2)))]
    for known_on in (date(2024, 1, 31), date(2024, 2, 1), None):
        (outcome,) = evaluate(card, MONTH, groups[0], known_on)
        (found,) = by_polars(card, MONTH, frames(card, groups), known_on).values()
        assert found[1] == outcome.amount_yen == (3500 if known_on == date(2024, 1, 31) else 4500)


def test_a_card_about_units_asks_for_their_frame() -> None:
    card = load_card(CARD)
    with pytest.raises(ValueError, match="give their frame"):
        compile_frames(card, MONTH)(frames(card, [])[0])


def test_a_month_the_card_does_not_decide_is_refused() -> None:
    with pytest.raises(LookupError):
        compile_frames(load_card(CARD), Month(2022, 1))
