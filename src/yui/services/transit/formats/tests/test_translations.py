"""Readings and translations, in the form of the first editions of GTFS-JP and in today's."""

from dataclasses import replace

import pytest

from yui.services.transit.formats.feed import Feed, table_of
from yui.services.transit.formats.flex import feed_of
from yui.services.transit.formats.gtfs import check, translations
from yui.services.transit.formats.tests.services import PUBLICATION, TODAY, service
from yui.services.transit.formats.translations import rows_in_old_form


def in_old_form(feed: Feed) -> Feed:
    return Feed({**feed.tables, "translations": table_of(rows_in_old_form(feed))}, feed.files)


def test_both_forms_say_the_same() -> None:
    feed = feed_of(service(), PUBLICATION, today=TODAY)
    old = in_old_form(feed)
    assert old.tables["translations"].columns == ("trans_id", "lang", "translation")
    said = {(t.table, t.field, t.language, t.text) for t in translations(feed)}
    assert ("stops", "stop_name", "ja-Hrkt", "むらやくば") in said
    # The old form means every place a text stands in.
    assert said <= {(t.table, t.field, t.language, t.text) for t in translations(old)}


def test_the_old_form_is_as_good() -> None:
    assert check(in_old_form(feed_of(service(), PUBLICATION, today=TODAY)), japan=True) == ()


def test_one_text_with_two_readings_does_not_fit_the_old_form() -> None:
    first, second = service().stops
    feed = feed_of(service(stops=(first, replace(second, name=first.name))), PUBLICATION, today=TODAY)
    with pytest.raises(ValueError, match="one translation for a text"):
        rows_in_old_form(feed)
