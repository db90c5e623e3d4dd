"""Giving out the next free 宛名番号 or 世帯番号."""

from django.db import connection

from yui.registries.people.models import Household, NumberSeries, Person

_FIRST = 1_000_000_001


def next_number(model: type[Person] | type[Household], column: str) -> str:
    """The next number of a series that nobody has, given out one transaction at a time."""
    series, _ = NumberSeries.objects.get_or_create(
        series=model._meta.model_name, defaults={"last": _highest(model, column)}
    )
    series = NumberSeries.objects.select_for_update().get(pk=series.pk)
    number = series.last + 1
    if model.objects.filter(**{column: str(number)}).exists():
        # An import has brought numbers of its own since.
        number = _highest(model, column) + 1
    series.last = number
    series.save(update_fields=["last"])
    return str(number)


def _highest(model: type[Person] | type[Household], column: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT max({column}::bigint) FROM {model._meta.db_table} WHERE {column} ~ '^[0-9]{{1,15}}$'"
        )
        highest = cursor.fetchone()[0]
    return max(highest or 0, _FIRST - 1)
