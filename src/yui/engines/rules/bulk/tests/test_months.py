"""Frames in which each group is decided in a month of its own, against the Python back end."""

import random

import polars as pl
import pytest

from yui.engines.rules import ir
from yui.engines.rules.bulk.columns import month_word_of
from yui.engines.rules.bulk.dates import next_dates
from yui.engines.rules.bulk.frames import MONTH, compile_months
from yui.engines.rules.bulk.groups import DECISIONS, decided, frame_groups
from yui.engines.rules.bulk.layout import AMOUNT, EFFECT, GROUP_ID, UNIT_ID
from yui.engines.rules.bulk.tests.drawing import draw_groups, months_of
from yui.engines.rules.bulk.tests.parity import SOURCES
from yui.engines.rules.folding import month_word
from yui.engines.rules.public import Month, Programme, critical_dates, evaluate, load_card
from yui.engines.rules.tests.cards import RECURRING, recurring


@pytest.mark.parametrize("source", SOURCES)
def test_each_group_is_decided_in_its_month(source: str) -> None:
    card, chance = load_card(SOURCES[source]), random.Random(1)
    groups = draw_groups(card, seed=6, count=100)[:-1]
    framed = frame_groups(card, groups)
    assert not framed.apart
    changes = {entry.in_force_from for table in card.rules.tables for entry in table.entries}
    months = months_of(card)
    for first in sorted({months[0], *changes} & set(months)):
        end = min([month for month in changes if month > first], default=first.plus(40))
        last = min([end, first.plus(40), *([card.in_force_until] if card.in_force_until else [])])
        own = [Month.from_index(chance.randrange(first.index, last.index)) for _ in groups]
        column = pl.Series(MONTH, [month.index for month in own], pl.Int32)
        found = decided(card, compile_months(card, first), framed.groups.with_columns(column), framed.units)
        assert found.schema == DECISIONS
        expected = {
            (place, one.unit_id): (one.effect.value, one.amount_yen)
            for place, (group, month) in enumerate(zip(groups, own, strict=True))
            for one in evaluate(card, month, group)
        }
        assert {
            row[:2]: row[2:] for row in found.select(GROUP_ID, UNIT_ID, EFFECT, AMOUNT).rows()
        } == expected


@pytest.mark.parametrize("word", ir.MonthWord)
def test_a_word_for_the_month_stands_for_the_same_in_a_column(word: ir.MonthWord) -> None:
    months = [Month(year, number) for year in (1999, 2023, 2024, 2100) for number in range(1, 13)]
    indexes = pl.DataFrame({MONTH: pl.Series([month.index for month in months], dtype=pl.Int32)})
    values = [month_word(word, month) for month in months]
    expected = [value.index if isinstance(value, Month) else value for value in values]
    assert indexes.select(month_word_of(pl.col(MONTH), word)).to_series().to_list() == expected


@pytest.mark.parametrize("condition", RECURRING.values(), ids=RECURRING)
def test_what_recurs_every_year_is_found_in_columns(condition: str) -> None:
    card, after = load_card(recurring(condition)), Month(2025, 6)
    groups = draw_groups(card, seed=7, count=21)[:-1]
    found, apart = next_dates(Programme.of([card]), groups, after)
    for place, group in enumerate(groups):
        changes = critical_dates(card, group, after.plus(1), after.plus(18))
        said = [
            change.on
            for change in changes
            if (change.before.effect, change.before.amount_yen)
            != (change.after.effect, change.after.amount_yen)
        ]
        if place not in apart and said:
            assert found.pop(place) == said[0]
    assert all(Month.of(on) >= after.plus(18) for on in found.values())
