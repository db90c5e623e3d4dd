"""The SQL back end: a card and a month as one SELECT for PostgreSQL, DuckDB or Spark.

The typed form becomes columns over one relation: the units, each with what is known of its group beside it (in a card
about the group, a group without units is a row too). A column is computed once, in the earliest stage in which all it
reads is there; a stage is a common table expression over the one before it, and is read once. What only one column
reads is written into that column, since each stage costs a copy of all rows. Places and sums over a group are window
functions. In a card about the group, what no unit needs to know waits for a GROUP BY, from which on a row is a group.

PostgreSQL shares out among its parallel workers what lies before the first window, and all of a card without one, as
long as the relations are ordinary tables; ``work_mem`` of some 64 MB keeps its sorts and joins in memory.
``bench/postgres.py`` measures every card.

A choice is a number inside, in the order of its identifiers' characters; a table with several keys is a list, read at a
position reckoned from the place of each key, which takes one look instead of a comparison for each step.

SQL's own logic is three-valued with NULL as unknown, so conditions are written as they stand. What engines differ in is
kept out: numbers have 64 bits from the start, only exact divisions are made, text is ordered by its characters
wherever order matters, and names are short.
"""

from yui.engines.rules.bulk.sql.writing import Dialect, compile_sql

__all__ = ["Dialect", "compile_sql"]
