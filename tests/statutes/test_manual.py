"""The manual says what the cards and the engine do."""

import re
from datetime import date
from pathlib import Path

import pytest

from yui.engines.rules.checking import WORDS
from yui.engines.rules.problems import MESSAGES
from yui.engines.rules.public import CardError, Effect, Group, Month, Unit, evaluate, explain, load_card
from yui.services.child_allowance import rules

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "manual"


def blocks(page: str, language: str) -> list[str]:
    text = (MANUAL / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_first_card_decides_as_the_tutorial_says() -> None:
    (source,) = blocks("tutorials/first-rule-card.md", "yaml")
    said, mistake = blocks("tutorials/first-rule-card.md", "text")
    card = load_card(source)
    births = [date(2021, 4, 1), date(2021, 4, 2), None]
    family = Group(
        {"lives_in_town": True}, [Unit(str(n), {"born_on": born}) for n, born in enumerate(births, start=1)]
    )
    outcomes = evaluate(card, Month(2027, 4), family)
    lines = [
        f"{(e := explain(one, 'en')).headline} {[reason.text for reason in e.decisive]}" for one in outcomes
    ]
    assert lines == said.splitlines()
    assert [one.effect for one in outcomes] == [Effect.NO_PAYMENT, Effect.PAYMENT, Effect.UNDETERMINED]
    with pytest.raises(CardError) as caught:
        load_card(source.replace("if: 第三子以降", "if: 第三子以後"))
    assert str(caught.value) == mistake.rstrip("\n")


def test_every_amount_and_article_of_the_cards_is_in_the_reference() -> None:
    page = (MANUAL / "reference" / "child-allowance.md").read_text(encoding="utf-8")
    for card in rules.programme().cards:
        for table in card.rules.tables:
            for entry in table.entries:
                for value in entry.values:
                    assert f"{value:,} 円" in page, table.name
        for row in card.rules.rows:
            for article in re.findall(r"第\d+条(?:第\d+項)?", row.cite):
                assert article in page, row.cite


def test_every_word_of_the_language_is_in_the_reference() -> None:
    page = (MANUAL / "reference" / "rule-cards.md").read_text(encoding="utf-8")
    for word in WORDS:
        assert word in page
    assert len(MESSAGES) > 30
