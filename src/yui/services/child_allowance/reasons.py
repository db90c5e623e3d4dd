"""What the rules say, in the three languages that a case keeps."""

from yui.engines.rules.public import Outcome, explain
from yui.procedures.cases.public import Reason


def reasons_of(outcome: Outcome, *, decisive_only: bool = False) -> tuple[Reason, ...]:
    """Every condition of an outcome with its value and sentence, the decisive ones first."""
    japanese, english, easy = (explain(outcome, language) for language in ("ja", "en", "easy"))
    return tuple(
        Reason(code=ja.condition, holds=ja.value, ja=ja.text, en=en.text, easy=simple.text, article=ja.cite)
        for ja, en, simple in zip(japanese.reasons, english.reasons, easy.reasons, strict=True)
        if ja.decisive or not decisive_only
    )


def questions_of(outcome: Outcome) -> tuple[str, ...]:
    """What must still be known."""
    return tuple(question.text for question in explain(outcome, "ja").questions)
