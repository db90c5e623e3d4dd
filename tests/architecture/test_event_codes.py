"""Every event that is told or listened to has a text in both languages."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

import yui
from yui.kernel.jobs import registry
from yui.kernel.services import all_events
from yui.procedures.cases.public import list_procedures
from yui.procedures.payments.contracts import ItemOutcome
from yui.registries.people.public import EVENT_CODES

SOURCE = Path(yui.__file__).parent
SHAPE = re.compile(r"[a-z_]+\.[a-z_]+\.[a-z_]+")


def in_code() -> set[str]:
    """Codes of events about residents and of the calendar, written as literals."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        if "tests" not in path.parts:
            text = path.read_text(encoding="utf-8")
            found |= set(re.findall(r'"((?:resident|fiscal_year)\.[a-z_]+\.[a-z_]+)"', text))
    return found


def test_every_event_has_a_text() -> None:
    listened = {code for code, jobs in registry._listeners.items() if jobs and not code.startswith("test")}
    offered = {code for procedure in list_procedures() for code in procedure.event_codes}
    told = {f"payments.order.{outcome.value}" for outcome in (ItemOutcome.PAID, ItemOutcome.RETURNED)}
    assert (in_code() | listened | offered | told | set(EVENT_CODES)) - set(all_events()) == set()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_texts_are_there_in_both_languages(language: str) -> None:
    with override("en"):
        english = {code: str(text) for code, text in all_events().items()}
    with override(language):
        texts = {code: str(text) for code, text in all_events().items()}
    assert all(texts.values())
    if language == "ja":
        assert [code for code, text in texts.items() if text == english[code]] == []


def test_codes_have_the_shape_of_codes() -> None:
    assert [code for code in all_events() if not SHAPE.fullmatch(code)] == []
