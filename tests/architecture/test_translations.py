"""Nobody reads an untranslated word, and one English message has one Japanese text."""

from pathlib import Path

from babel.messages.pofile import read_po

from yui.shell.web.translations import list_catalogues, list_missing, list_uses, read_translations


def test_every_message_has_a_japanese_text() -> None:
    missing = [f"{use.path}:{use.line}: {use.text}" for use in list_missing()]
    assert missing == [], (
        "put these into the catalogue beside the code (yui web missing-translations prints them)"
    )


def test_one_message_has_one_japanese_text_in_all_catalogues() -> None:
    # gettext has one domain for all of them: the last catalogue loaded would win. Use pgettext to tell words apart.
    split = {
        english: {str(path): texts for path, texts in by_path.items()}
        for (_context, english), by_path in read_translations().items()
        if len({tuple(texts) for texts in by_path.values()}) > 1
    }
    assert split == {}


def test_no_catalogue_keeps_words_that_nobody_uses() -> None:
    used = {use.key for use in list_uses()}
    unused = [
        f"{path.parts[-4]}: {english}"
        for (context, english), by_path in read_translations().items()
        if (context, english) not in used
        for path in by_path
    ]
    assert unused == []


def test_places_in_a_sentence_are_the_same_in_both_languages() -> None:
    wrong = []
    for path in list_catalogues():
        with path.open("rb") as file:
            catalogue = read_po(file, locale="ja")
        for message in catalogue:
            wrong += [f"{Path(path).parts[-4]}: {error}" for error in message.check(catalogue)]
    assert wrong == []
