"""Every card in PostgreSQL: its SQL decides as the Python back end does."""

import pytest
from django.db import connection

from yui.engines.rules.bulk.sql import compile_sql
from yui.engines.rules.bulk.tests.drawing import draw_groups, months_of
from yui.engines.rules.bulk.tests.parity import SOURCES, decided, read, same, statements
from yui.engines.rules.public import load_card


@pytest.mark.django_db
@pytest.mark.parametrize("source", SOURCES)
def test_postgres_decides_as_the_python_back_end(source: str) -> None:
    card = load_card(SOURCES[source])
    groups = draw_groups(card, seed=2, count=200)
    with connection.cursor() as cursor:
        for statement in statements(card, groups, "TEMPORARY TABLE"):
            cursor.execute(statement)
        for month in months_of(card):
            cursor.execute(compile_sql(card, month, "postgres", with_values=True))
            names = [column.name for column in cursor.description]
            same(read(card, names, cursor.fetchall()), decided(card, month, groups))
