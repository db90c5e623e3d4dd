"""The SQL back end, run by DuckDB, against the Python back end."""

import re
from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from sqlglot import exp

from yui.engines.rules.bulk import layout
from yui.engines.rules.bulk.sql import Dialect, compile_sql, pieces
from yui.engines.rules.bulk.tests.drawing import draw_groups, months_of
from yui.engines.rules.bulk.tests.parity import SOURCES, Decided, decided, read, same, statements
from yui.engines.rules.public import Card, FactValue, Group, Month, Unit, load_card
from yui.engines.rules.tests.cards import CARD, changed

CARD_READ = load_card(CARD)


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def by_duckdb(database: duckdb.DuckDBPyConnection, card: Card, month: Month) -> Decided:
    found = database.execute(compile_sql(card, month, "duckdb", with_values=True))
    return read(card, [column[0] for column in found.description or ()], found.fetchall())


@pytest.mark.parametrize("source", SOURCES)
def test_decides_as_the_python_back_end(database: duckdb.DuckDBPyConnection, source: str) -> None:
    card = load_card(SOURCES[source])
    groups = draw_groups(card, seed=1, count=200)
    for statement in statements(card, groups):
        database.execute(statement)
    for month in months_of(card):
        same(by_duckdb(database, card, month), decided(card, month, groups))


def one(
    database: duckdb.DuckDBPyConnection, card: Card, month: Month, group: Group
) -> list[tuple[object, ...]]:
    """Effect, amount and row of each unit of one group, by identifier."""
    for statement in statements(card, [group]):
        database.execute(statement)
    found = by_duckdb(database, card, month)
    return [outcome[:3] for _, outcome in sorted(found.items())]


JUNE = Month(2024, 6)
KNOWN = {"income_yen": 0, "members": 1, "tenure": "rented", "moved_in": Month(2020, 1)}


@pytest.mark.parametrize(
    "wrong", [{"income_yen": -1}, {"income_yen": 10**11 + 1}, {"members": -5}, {"tenure": "tent"}]
)
def test_what_the_card_does_not_allow_is_unknown(
    database: duckdb.DuckDBPyConnection, wrong: dict[str, FactValue]
) -> None:
    old = Unit("1", {"born_on": date(1940, 1, 1), "disabled": False})
    assert one(database, CARD_READ, JUNE, Group({**KNOWN, **wrong}, [old])) == [("undetermined", None, 1)]


def test_right_facts_are_decided(database: duckdb.DuckDBPyConnection) -> None:
    units = [Unit(name, {"born_on": date(1940, 1, 1), "disabled": False}) for name in ("10", "9", "B", "a")]
    # The third in the order of characters: 10, 9, B, a.
    paid = [("payment", 4500, 3), ("payment", 4500, 3), ("payment", 9000, 2), ("payment", 9000, 2)]
    assert one(database, CARD_READ, JUNE, Group(KNOWN, units)) == paid


def test_identifiers_that_are_numbers_rank_as_their_text(database: duckdb.DuckDBPyConnection) -> None:
    group = Group(
        KNOWN, [Unit(str(n), {"born_on": date(1940, 1, 1), "disabled": False}) for n in range(8, 13)]
    )
    for statement in statements(CARD_READ, [group]):
        database.execute(statement)
    database.execute("ALTER TABLE units ALTER unit_id TYPE bigint")
    same(by_duckdb(database, CARD_READ, JUNE), decided(CARD_READ, JUNE, [group]))


def test_a_unit_without_its_group_is_not_lost(database: duckdb.DuckDBPyConnection) -> None:
    group = Group(KNOWN, [Unit("1", {"born_on": date(1940, 1, 1), "disabled": False})])
    for statement in statements(CARD_READ, [group]):
        database.execute(statement)
    database.execute("DELETE FROM groups")
    ((effect, *_),) = by_duckdb(database, CARD_READ, JUNE).values()
    assert effect == "undetermined"


def test_whole_numbers_of_any_width_are_read_as_64_bits(database: duckdb.DuckDBPyConnection) -> None:
    group = Group({**KNOWN, "income_yen": 0, "members": 5_000}, [Unit("1", {"disabled": True})])
    for statement in statements(CARD_READ, [group]):
        database.execute(statement)
    database.execute("ALTER TABLE groups ALTER members TYPE integer")
    same(by_duckdb(database, CARD_READ, JUNE), decided(CARD_READ, JUNE, [group]))


def test_relations_may_have_other_names(database: duckdb.DuckDBPyConnection) -> None:
    text = compile_sql(CARD_READ, JUNE, "postgres", groups="civic.claimants", units='"2024".children')
    assert "civic.claimants AS g" in text
    assert '"2024".children AS u' in text


def test_replays_what_was_known_then() -> None:
    card = load_card(
        changed(
            "{from: 2024-04, value: 4000, by: 改正}",
            "{from: 2024-04, known_from: 2024-02-01, value: 4000, by: 改正}",
        )
    )
    assert "4500" in compile_sql(card, JUNE, "postgres")
    assert "4500" not in compile_sql(card, JUNE, "postgres", known_on=date(2024, 1, 31))


def test_a_month_out_of_force_is_refused() -> None:
    with pytest.raises(LookupError, match="does not decide 2026-04"):
        compile_sql(CARD_READ, Month(2026, 4), "duckdb")


@pytest.mark.parametrize("dialect", ["postgres", "duckdb", "spark"])
@pytest.mark.parametrize("source", SOURCES)
def test_no_decimal_and_no_fraction_is_ever_computed(source: str, dialect: Dialect) -> None:
    card = load_card(SOURCES[source])
    text = compile_sql(card, months_of(card)[-1], dialect, with_values=True).upper()
    assert not re.search(r"\b(DOUBLE|FLOAT|DECIMAL|NUMERIC|REAL|TIMESTAMP)\b|\b\d+\.\d", text)
    assert (dialect == "postgres") or not re.search(r"[^/]/[^/]", text)
    assert all(len(name.encode()) <= 63 for name in re.findall(r"\bAS \"?(\w+)", text))


def test_operators_keep_their_parentheses() -> None:
    a, b, c = map(pieces.column, "abc")
    assert pieces.minus(a, pieces.minus(b, c)).sql() == "a - (b - c)"
    assert pieces.operate(exp.EQ, a, exp.not_(b)).sql() == "a = (NOT b)"
    assert pieces.operate(exp.EQ, a.between(b, c), c).sql() == "(a BETWEEN b AND c) = c"


def test_vectors_are_unpacked_with_their_card() -> None:
    card = load_card(SOURCES["every_word"])
    assert list(layout.vectors(card)) == ["conditions", "conditions_2"]
    names = [condition.name for condition in card.rules.conditions]
    unpacked = layout.unpack(card, 0b10 << 60 | 0b01, 0b01 << 2)
    assert list(unpacked) == names
    assert {name: value for name, value in unpacked.items() if value is not False} == {
        names[0]: True, names[30]: None, names[32]: True,
    }  # fmt: skip
    for wrong in ((0,), (0, 0, 0), (3, 0), (-1, 0), (0, 4 ** (len(names) - 31))):
        with pytest.raises(ValueError, match="not a condition vector"):
            layout.unpack(card, *wrong)


@pytest.mark.parametrize(
    "axis", [(0,), (0, 1), (1, 2, 3), (0, 3, 6, 7, 8, 12), (-2, -1, 4, 5), (0, 1, 2, 4, 8)]
)
def test_the_place_of_a_number_is_that_of_the_greatest_step_not_above_it(
    database: duckdb.DuckDBPyConnection, axis: tuple[int, ...]
) -> None:
    query = exp.select(pieces.place(pieces.column("n"), axis)).from_("numbers")
    database.execute("CREATE TABLE numbers AS SELECT CAST(range AS BIGINT) AS n FROM range(-5, 20)")
    found = [place for (place,) in database.execute(query.sql("duckdb")).fetchall()]
    assert found == [
        max((place for place, step in enumerate(axis) if step <= n), default=None) for n in range(-5, 20)
    ]


def test_a_table_without_a_choice_is_unknown_there(database: duckdb.DuckDBPyConnection) -> None:
    places = [pieces.column("a"), pieces.column("b")]
    query = exp.select(pieces.grid(places, [[1, None, 0], [0, 1]], [10, 20, 30, 40], 1)).from_("places")
    database.execute("CREATE TABLE places (a INT, b INT)")
    database.execute("INSERT INTO places VALUES (0, 0), (0, 1), (1, 0), (2, 1), (NULL, 0), (0, NULL)")
    assert database.execute(query.sql("duckdb")).fetchall() == [
        (30,),
        (40,),
        (None,),
        (20,),
        (None,),
        (None,),
    ]
