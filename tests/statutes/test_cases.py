"""The tables of situation → outcome of every programme, run answer by answer; each decision is explained and kept."""

import pytest

from yui.engines.rules.public import Effect, Finding, Outcome, explain, run_cases
from yui.procedures.programmes.public import cases_of, get_programme, list_mistakes, list_programmes

FINDINGS = [
    pytest.param(finding, id=f"{programme.cards[0].id}:{finding.case.title}:{finding.unit_id}")
    for programme in list_programmes()
    for finding in run_cases(cases_of(programme.cards[0].id), programme)
]


def test_no_card_has_a_mistake() -> None:
    assert [f"{mistake.path}: {mistake.text}" for mistake in list_mistakes()] == []


def test_every_programme_has_cases() -> None:
    assert [p.cards[0].id for p in list_programmes() if not cases_of(p.cards[0].id)] == []


@pytest.mark.parametrize("finding", FINDINGS)
def test_the_rules_say_what_the_case_expects(finding: Finding) -> None:
    assert finding.got.written() == finding.expected.written(), finding.case.cite


@pytest.mark.parametrize("finding", FINDINGS)
def test_the_decision_is_explained_and_kept(finding: Finding) -> None:
    outcome = finding.outcome
    again = Outcome.from_json(outcome.as_json(), get_programme(outcome.card.id).cards)
    assert again == outcome
    for language in ("ja", "en", "easy"):
        explanation = explain(outcome, language)
        assert explanation.reasons or not outcome.card.rules.conditions
        assert all(reason.text and "{" not in reason.text and reason.cite for reason in explanation.reasons)
        assert bool(explanation.questions) == (outcome.effect is Effect.UNDETERMINED)
        assert explain(again, language) == explanation
