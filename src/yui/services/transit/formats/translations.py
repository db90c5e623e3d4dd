"""Translations of a feed, the readings in kana among them, whichever form the feed writes them in.

The old form, an extension that GTFS-JP took over in its first editions, pairs a text (``trans_id``) with its
translation (``translation``) and its language (``lang``), for that text anywhere in the feed. The current form
names table and column, and the record or the value.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .feed import Feed, Row
from .schema import schema

READING = "ja-Hrkt"


@dataclass(frozen=True)
class Translation:
    """One text in another language, in the words of the current form.

    Attributes:
        record_id: first value of the record's key; empty where ``field_value`` says what is translated.
        record_sub_id: the next one, for stop times.
    """

    table: str
    field: str
    language: str
    text: str
    record_id: str = ""
    record_sub_id: str = ""
    field_value: str = ""

    def row(self) -> Row:
        """Return it as a row of ``translations.txt`` in the current form."""
        return {
            "table_name": self.table,
            "field_name": self.field,
            "language": self.language,
            "translation": self.text,
            "record_id": self.record_id,
            "record_sub_id": self.record_sub_id,
            "field_value": self.field_value,
        }


def translations(feed: Feed) -> tuple[Translation, ...]:
    """Return all translations of a feed in the current form.

    An entry of the old form becomes one for each column of text in which its text stands.
    """
    rows = feed.rows("translations")
    if rows and "trans_id" in rows[0]:
        places = _places(feed)
        return tuple(
            Translation(table, column, row["lang"], row["translation"], field_value=row["trans_id"])
            for row in rows
            for table, column in places.get(row["trans_id"], ())
        )
    return tuple(
        Translation(
            row.get("table_name", ""),
            row.get("field_name", ""),
            row.get("language", ""),
            row.get("translation", ""),
            row.get("record_id", ""),
            row.get("record_sub_id", ""),
            row.get("field_value", ""),
        )
        for row in rows
    )


def rows_in_old_form(feed: Feed) -> tuple[Row, ...]:
    """Return the translations of a feed as rows of the old form, for readers that know no other.

    Raises:
        ValueError: One text has two translations into one language, which the old form cannot say.
    """
    texts: dict[tuple[str, str], str] = {}
    for translation in translations(feed):
        for original in _originals(feed, translation):
            known = texts.setdefault((original, translation.language), translation.text)
            if known != translation.text:
                raise ValueError(
                    f"{original!r} is {known!r} and {translation.text!r} in {translation.language}; the old form "
                    "has one translation for a text."
                )
    return tuple(
        {"trans_id": original, "lang": language, "translation": text}
        for (original, language), text in texts.items()
    )


def _originals(feed: Feed, translation: Translation) -> Iterator[str]:
    if translation.field_value:
        yield translation.field_value
        return
    key = schema()[translation.table].key if translation.table in schema() else ()
    record = tuple(filter(None, (translation.record_id, translation.record_sub_id)))
    for row in feed.rows(translation.table):
        if tuple(row.get(name, "") for name in key[: len(record)]) == record and row.get(translation.field):
            yield row[translation.field]


def _places(feed: Feed) -> dict[str, tuple[tuple[str, str], ...]]:
    places: dict[str, dict[tuple[str, str], None]] = {}
    for name, table in feed.tables.items():
        if name == "translations" or name not in schema():
            continue
        for column in table.columns:
            spec = schema()[name].columns.get(column)
            if spec is not None and spec.kind in ("text", "url", "email", "phone"):
                for text in {row[column] for row in table.rows} - {""}:
                    places.setdefault(text, {})[(name, column)] = None
    return {text: tuple(sorted(where)) for text, where in places.items()}
