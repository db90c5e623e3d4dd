"""Catalogues are compiled when they change, and only then; missing words are found."""

import gettext
from pathlib import Path

import pytest

from yui.shell.web.translations import compile_all, home_of, list_missing, list_uses

PO = """msgid ""
msgstr ""
"Language: ja\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Known"
msgstr "既知"

msgid "Empty"
msgstr ""
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    catalogue = tmp_path / "app/locale/ja/LC_MESSAGES/django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(PO, encoding="utf-8")
    (tmp_path / "app/code.py").write_text(
        'a = _("Known")\nb = gettext("Empty")\nc = pgettext("era", "Reiwa")\nd = ngettext("one", "many", 2)\n'
    )
    templates = tmp_path / "app/templates/app"
    templates.mkdir(parents=True)
    (templates / "page.html").write_text(
        '{% load i18n %}\n{% translate "Word" %}{{ x|default:_("Other") }}'
        "{% blocktranslate count n=x trimmed %}\n one thing\n{% plural %}{{ n }} things{% endblocktranslate %}"
    )
    return tmp_path


def test_a_catalogue_is_compiled_once(source: Path) -> None:
    catalogue = source / "app/locale/ja/LC_MESSAGES/django.po"
    assert compile_all(source) == [catalogue]
    assert compile_all(source) == []
    with catalogue.with_suffix(".mo").open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("Known") == "既知"
    assert words.gettext("Empty") == "Empty"


def test_a_changed_catalogue_is_compiled_again(source: Path) -> None:
    [catalogue] = compile_all(source)
    catalogue.write_text(PO.replace("既知", "周知"), encoding="utf-8")
    assert compile_all(source) == [catalogue]
    assert "周知".encode() in catalogue.with_suffix(".mo").read_bytes()


def test_every_way_to_show_a_word_is_found(source: Path) -> None:
    assert {(use.context, use.text, use.plural) for use in list_uses(source)} == {
        ("", "Known", ""),
        ("", "Empty", ""),
        ("era", "Reiwa", ""),
        ("", "one", "many"),
        ("", "Word", ""),
        ("", "Other", ""),
        ("", "one thing", "%(n)s things"),
    }


def test_missing_words_are_named_with_the_catalogue_they_belong_into(source: Path) -> None:
    missing = list_missing(source)
    assert "Known" not in {use.text for use in missing}
    assert {"Empty", "Word", "Reiwa"} <= {use.text for use in missing}
    assert home_of(missing[0], source) == source / "app/locale/ja/LC_MESSAGES/django.po"
