"""Promise: any programme decided about a million residents inside PostgreSQL in at most 2 seconds.

For each programme whose cards are installed, the facts of a made-up population (:mod:`population`,
:mod:`situations`) are put into the relations ``groups`` and ``units``. Then the card's SQL decides, and everything it
returns, the vector of all conditions included, is stored in a table without a log. Measured is that one statement, by
the clock, with 64 MB of memory for each sort and join; the floor is a plain copy of the two relations.

Beside it, 児童手当 for as many units as there are residents: as if everybody were somebody's child.

Usage: ./yui bench postgres [--quick] [--people N] [--runs N] [--programme NAME]
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yui.config.settings")

import django
import polars as pl
import psycopg
from population import MEAN_SIZE, persons
from situations import EVERYBODY, MONTH, SITUATIONS, frames

import yui.services
from yui.engines.rules import ir
from yui.engines.rules.bulk.layout import GROUP_ID, UNIT_ID
from yui.engines.rules.bulk.sql import compile_sql
from yui.engines.rules.public import Card, load_card

DATABASE = "bench_yui_postgres"
TARGET = 2.0
SEED = 20261101
MEMORY = "64MB"
SQL_TYPES = {ir.Kind.DATE: "date", ir.Kind.BOOL: "boolean", ir.Kind.ENUM: "text"}
EVERYBODY_A_CHILD = "child_allowance"


def main() -> int:
    """Fill the relations of each programme, decide, print the table and the promise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run; promises no speed")
    parser.add_argument("--people", type=int, help="residents (default 1,000,000; quick 10,000)")
    parser.add_argument("--runs", type=int, help="runs, of which the median counts (default 3; quick 1)")
    parser.add_argument("--programme", help="only this one")
    parser.add_argument("--data", help="not needed: the population is made up")
    options = parser.parse_args()
    people = options.people or (10_000 if options.quick else 1_000_000)
    runs = options.runs or (1 if options.quick else 3)
    population = persons(round(people / MEAN_SIZE), SEED).with_columns(
        person=pl.int_range(pl.len(), dtype=pl.Int32) + people
    )
    files = sorted(Path(yui.services.__path__[0]).glob("*/cards/*/[0-9]*.yaml"))
    cards = [card for card in map(load_card, files) if card.decides(MONTH)]
    cards = [card for card in cards if options.programme in (None, card.id)]
    print(f"{population.height:,} residents, {len(cards)} programmes in {MONTH}, median of {runs} runs\n")
    print(f"{'':34}{'groups':>10}{'units':>11}{'decisions':>11}{'seconds':>9}{'copied in':>11}")
    slowest = 0.0
    with database() as connection:
        for card in cards:
            slowest = max(slowest, measured(connection, card, card.id, population, runs))
            if card.id == EVERYBODY_A_CHILD:
                usual = SITUATIONS[card.id]
                SITUATIONS[card.id] = replace(usual, units=EVERYBODY)
                measured(connection, card, f"{card.id}, everybody a unit", population, runs)
                SITUATIONS[card.id] = usual
    if options.quick:
        return 0
    met = slowest <= TARGET
    print(f"\npromise postgres_seconds {slowest:.2f} s target {TARGET:g} {'met' if met else 'short'}")
    return 0 if met else 1


def measured(
    connection: psycopg.Connection, card: Card, label: str, population: pl.DataFrame, runs: int
) -> float:
    """Seconds in which a card decides about a population; prints them."""
    read = dict(zip(("groups", "units"), frames(card, population), strict=True))
    sizes = {}
    for name, frame in read.items():
        connection.execute(f"DROP TABLE IF EXISTS {name}")
        sizes[name] = fill(connection, card, name, frame.collect()) if frame is not None else 0
    query = compile_sql(card, MONTH, "postgres")
    decided = [seconds(connection, query) for _ in range(runs)]
    ((decisions,),) = connection.execute("SELECT count(*) FROM made").fetchall()
    copied = sum(seconds(connection, f"SELECT * FROM {name}") for name, size in sizes.items() if size)
    median = statistics.median(decided)
    print(
        f"{label:34}{sizes['groups']:>10,}{sizes['units']:>11,}{decisions:>11,}{median:>9.2f}{copied:>11.2f}",
        flush=True,
    )
    return median


def fill(connection: psycopg.Connection, card: Card, name: str, frame: pl.DataFrame) -> int:
    """A relation as a table with a key and statistics; returns how many rows it has."""
    kinds = {fact.key: SQL_TYPES.get(fact.type.kind, "bigint") for fact in card.rules.facts}
    kinds |= {GROUP_ID: "bigint", UNIT_ID: "bigint"}
    columns = ", ".join(f'"{column}" {kinds[column]}' for column in frame.columns)
    connection.execute(f"CREATE TABLE {name} ({columns})")
    with connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy:
        for part in frame.with_columns(pl.col(pl.Boolean).cast(pl.String)).iter_slices(100_000):
            copy.write(part.write_csv(include_header=False))
    keys = ", ".join(key for key in (GROUP_ID, UNIT_ID) if key in frame.columns)
    connection.execute(f"ALTER TABLE {name} ADD PRIMARY KEY ({keys})")
    connection.execute(f"ANALYZE {name}")
    return frame.height


def seconds(connection: psycopg.Connection, query: str) -> float:
    """Seconds of the clock in which a query is answered into a table."""
    connection.execute("DROP TABLE IF EXISTS made")
    began = time.perf_counter()
    connection.execute(f"CREATE UNLOGGED TABLE made AS {query}")
    return time.perf_counter() - began


@contextmanager
def database() -> Iterator[psycopg.Connection]:
    """A database made for this run and dropped after it."""
    from yui.shell.cli.database import start_if_embedded

    start_if_embedded()
    django.setup()
    from django.db import connections

    from yui.kernel.tenancy.provision import drop_database, make_roles_and_database

    make_roles_and_database(DATABASE, replace=True)
    owner = connections["owner"]
    owner.close()
    owner.settings_dict["NAME"] = DATABASE
    owner.ensure_connection()
    try:
        owner.connection.execute(f"SET work_mem = '{MEMORY}'")
        yield owner.connection
    finally:
        owner.close()
        drop_database(DATABASE)


if __name__ == "__main__":
    sys.exit(main())
