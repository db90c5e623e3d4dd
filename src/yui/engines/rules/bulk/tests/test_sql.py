"""The SQL back end, run by DuckDB, against the Python back end."""

from collections.abc import Iterator

import duckdb
import pytest

from yui.engines.rules.bulk.sql import compile_sql
from yui.engines.rules.bulk.tests.drawing import draw_groups, months_of
from yui.engines.rules.bulk.tests.parity import SOURCES, Decided, decided, read, same, statements
from yui.engines.rules.public import Card, Month, load_card


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
