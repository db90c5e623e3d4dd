"""Why, and why not: the stored outcome as sentences, each with its article."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yui.engines.rules import ir
from yui.engines.rules.card import PLACEHOLDER, Period, Sense
from yui.engines.rules.members import Gathered, condition_of, gathered_by
from yui.engines.rules.outcomes import Effect, Outcome
from yui.engines.rules.texts import Language, write_ratio, write_value

HEADLINES: dict[Language, dict[Effect, dict[Sense, str]]] = {
    Language.JA: {
        Effect.PAYMENT: {
            Sense.BENEFIT: "{when}{programme}：{amount}{called}を支給します。",
            Sense.CHARGE: "{when}{programme}：{amount}{called}です。",
            Sense.STANDARD: "{when}{programme}：基準となる額は{amount}{called}です。",
        },
        Effect.NO_PAYMENT: {
            Sense.BENEFIT: "{when}{programme}：支給しません{called}。",
            Sense.CHARGE: "{when}{programme}：かかりません{called}。",
            Sense.STANDARD: "{when}{programme}：当てはまりません{called}。",
        },
        Effect.UNDETERMINED: dict.fromkeys(
            Sense, "{when}{programme}：まだ決まりません。確認が必要なことがあります。"
        ),
    },
    Language.EN: {
        Effect.PAYMENT: {
            Sense.BENEFIT: "{programme}{when}: {amount}{called} is paid.",
            Sense.CHARGE: "{programme}{when}: {amount}{called} is due.",
            Sense.STANDARD: "{programme}{when}: the standard amount is {amount}{called}.",
        },
        Effect.NO_PAYMENT: {
            Sense.BENEFIT: "{programme}{when}: not paid{called}.",
            Sense.CHARGE: "{programme}{when}: nothing is due{called}.",
            Sense.STANDARD: "{programme}{when}: does not apply{called}.",
        },
        Effect.UNDETERMINED: dict.fromkeys(
            Sense, "{programme}{when}: not decided yet. Something has to be confirmed first."
        ),
    },
    Language.EASY: {
        Effect.PAYMENT: {
            Sense.BENEFIT: "{when}{programme}は {amount}{called}です。",
            Sense.CHARGE: "{when}{programme}は {amount}{called}です。",
            Sense.STANDARD: "{when}{programme}の もとに なる お金（かね）は {amount}{called}です。",
        },
        Effect.NO_PAYMENT: {
            Sense.BENEFIT: "{when}{programme}は もらえません{called}。",
            Sense.CHARGE: "{when}{programme}は はらわなくて いいです{called}。",
            Sense.STANDARD: "{when}{programme}は あてはまりません{called}。",
        },
        Effect.UNDETERMINED: dict.fromkeys(
            Sense, "{when}{programme}は まだ 決（き）まりません。教（おし）えて ほしい ことが あります。"
        ),
    },
}
WHEN = {
    Language.JA: {Period.MONTH: "{month}分の", Period.FISCAL_YEAR: "{year}年度分の", Period.ONCE: ""},
    Language.EN: {
        Period.MONTH: " for {month}",
        Period.FISCAL_YEAR: " for fiscal year {year}",
        Period.ONCE: "",
    },
    Language.EASY: {
        Period.MONTH: "{month}の ",
        Period.FISCAL_YEAR: "{year}年度（ねんど）の ",
        Period.ONCE: "",
    },
}
NOT_KNOWN = {
    Language.JA: "まだ確認できていません：{questions}",
    Language.EN: "Not confirmed yet: {questions}",
    Language.EASY: "まだ わかりません：{questions}",
}

HOLDS = {
    Language.JA: {True: "当てはまります。", False: "当てはまりません。"},
    Language.EN: {True: "This applies.", False: "This does not apply."},
    Language.EASY: {True: "あてはまります。", False: "あてはまりません。"},
}
"""What is said of a member where the card has no sentence: an expression without a name is gathered."""
BRINGS = {Language.JA: "{name}：{value}", Language.EN: "{name}: {value}", Language.EASY: "{name}：{value}"}


@dataclass(frozen=True, slots=True)
class Member:
    """What one member of the group contributes, in words.

    Attributes:
        unit_id: The identifier it was given; who it is, is for others to say, and only to those who may know.
        text: What holds of it.
    """

    unit_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition in words.

    Attributes:
        condition: The name of the condition in the card.
        value: Whether it holds; None when unknown.
        text: The sentence.
        cite: The article.
        decisive: Whether the decision rests on it: it is part of the deciding row, or of a row before it that
            did not apply.
        members: Where it is made of what holds of the members of the group: those that made it so.
    """

    condition: str
    value: bool | None
    text: str
    cite: str
    decisive: bool
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for, in words."""

    key: str
    unit_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision in words.

    Attributes:
        headline: What was decided.
        cite: The article of the deciding row.
        reasons: Every condition, decisive ones first, each kind in the order of the decision table.
        questions: What to ask when undetermined.
        members: Where the amount is made of what holds of the members of the group: what each brings to it.
    """

    headline: str
    cite: str
    reasons: tuple[Reason, ...]
    questions: tuple[Question, ...]
    members: tuple[Member, ...] = ()

    @property
    def decisive(self) -> tuple[Reason, ...]:
        """The reasons the decision rests on."""
        return tuple(reason for reason in self.reasons if reason.decisive)


def explain(outcome: Outcome, language: Language | str) -> Explanation:
    """Puts an outcome into words.

    Only what is stored with the outcome is used, so a decision of years ago is explained as it was taken.

    Args:
        outcome: The outcome, fresh or read back from its JSON.
        language: ``ja``, ``en`` or ``easy``.
    Raises:
        ValueError: the language is not one of these.
    """
    language = Language(language)
    card = outcome.card
    decisive = _decisive(outcome)
    conditions = {condition.name: condition for condition in card.rules.conditions}
    order = [*decisive, *(name for name in conditions if name not in decisive)]
    reasons = tuple(_reason(outcome, conditions[name], language, name in decisive) for name in order)
    questions = tuple(
        Question(ask.key, ask.unit_id, fact.ask.spoken(language))
        for ask in outcome.ask
        for fact in card.rules.facts
        if fact.key == ask.key and (fact.level is ir.Level.UNIT) == bool(ask.unit_id)
    )
    pay = card.rules.rows[outcome.row].pay if outcome.effect is Effect.PAYMENT else None
    members = _members(outcome, pay, False, language) if pay else ()
    return Explanation(_headline(outcome, language), outcome.cite, reasons, questions, members)


def _headline(outcome: Outcome, language: Language) -> str:
    card = outcome.card
    called = card.rules.rows[outcome.row].called
    name = called.spoken(language) if called else ""
    return HEADLINES[language][outcome.effect][card.sense].format(
        when=WHEN[language][card.period].format(
            month=write_value(outcome.month, language), year=outcome.month.fiscal_year
        ),
        programme=card.programme.spoken(language),
        amount=write_value(outcome.amount_yen, language, is_yen=True),
        called=name and (f" ({name})" if language is Language.EN else f"（{name}）"),
    )


def _decisive(outcome: Outcome) -> list[str]:
    """Names of the conditions the decision rests on.

    Of a refusal that is the refusing row alone; of a payment also the rows before it, none of which applied; of
    an open decision whatever is unknown.
    """
    rows = outcome.card.rules.rows
    if outcome.effect is Effect.UNDETERMINED:
        return [name for row in rows for name in _conditions_of(row) if outcome.conditions[name] is None]
    chosen = (
        rows[: outcome.row + 1] if outcome.effect is Effect.PAYMENT else rows[outcome.row : outcome.row + 1]
    )
    return list(dict.fromkeys(name for row in chosen for name in _conditions_of(row)))


def _conditions_of(row: ir.Row) -> list[str]:
    return (
        [] if row.when is None else [node.name for node in ir.walk(row.when) if isinstance(node, ir.NameRef)]
    )


def _reason(outcome: Outcome, condition: ir.Condition, language: Language, decisive: bool) -> Reason:
    value = outcome.conditions[condition.name]
    text = _sentence(outcome, condition, value, outcome.values, language)
    members = _members(outcome, condition.expression, value is None, language)
    return Reason(condition.name, value, text, condition.cite, decisive, members)


def _sentence(
    outcome: Outcome,
    condition: ir.Condition,
    value: bool | None,
    values: Mapping[str, Any],
    language: Language,
) -> str:
    """What the card says of a condition; of an unknown one, what has to be asked."""
    if value is None:
        return _not_known(outcome, condition.expression, language)
    return _filled(outcome, (condition.yes if value else condition.no).spoken(language), values, language)


def _members(outcome: Outcome, node: ir.Node, is_open: bool, language: Language) -> tuple[Member, ...]:
    """Those whose part made an expression what it is; ``is_open`` when it is not known yet."""
    held = outcome.members()
    return tuple(
        dict.fromkeys(
            Member(unit_id, _part(outcome, gathered, values, language))
            for gathered in gathered_by(outcome.card, node)
            for unit_id, values in held.items()
            if _counts(gathered.node.gathering, values[gathered.key], is_open)
        )
    )


def _counts(gathering: ir.Gathering, part: Any, is_open: bool) -> bool:
    """Whether a member's part made the whole what it is: one that holds makes "any" hold, one that does not breaks
    "every", and what is counted, or is not zero, is in the sum. An open part explains only what is open."""
    if part is None:
        return is_open
    return not part if gathering is ir.Gathering.EVERY else bool(part)


def _part(outcome: Outcome, gathered: Gathered, values: Mapping[str, Any], language: Language) -> str:
    part, item, condition = values[gathered.key], gathered.node.item, condition_of(outcome.card, gathered)
    if condition is not None:
        return _sentence(outcome, condition, part, {**outcome.values, **values}, language)
    if part is None:
        return _not_known(outcome, item, language)
    if item.type.kind is ir.Kind.BOOL:
        return HOLDS[language][part]
    value = _written(part, item.type, language)
    return BRINGS[language].format(name=gathered.name, value=value) if gathered.name else value


def _not_known(outcome: Outcome, expression: ir.Node, language: Language) -> str:
    """The questions behind something unknown: those asked, or all it could depend on."""
    facts = _facts_behind(outcome, expression)
    asked = {ask.key for ask in outcome.ask}
    chosen = [fact for fact in facts if fact.key in asked] or facts
    questions = " ".join(dict.fromkeys(fact.ask.spoken(language) for fact in chosen))
    return NOT_KNOWN[language].format(questions=questions)


def _facts_behind(outcome: Outcome, expression: ir.Node) -> list[ir.Fact]:
    rules = outcome.card.rules
    definitions = {item.name: item for item in rules.definitions}
    facts: list[ir.Fact] = []
    for node in ir.walk(expression):
        if isinstance(node, ir.FactRef):
            facts += [fact for fact in rules.facts if (fact.key, fact.level) == (node.key, node.level)]
        elif isinstance(node, ir.NameRef):
            for inner in ir.expressions(definitions[node.name]):
                facts += _facts_behind(outcome, inner)
    return list(dict.fromkeys(facts))


def _filled(outcome: Outcome, sentence: str, values: Mapping[str, Any], language: Language) -> str:
    """The sentence with the amounts, dates and places it mentions."""

    def shown(name: str) -> str:
        if name in outcome.card.tables:
            table = outcome.card.tables[name]
            entry = table.entry(outcome.month, outcome.known_on)
            return _written(entry.values[0], table.type, language)
        item = next(item for item in outcome.card.rules.definitions if item.name == name)
        kind = item.expression.type if isinstance(item, ir.Value) else ir.INTEGER
        return _written(values[name], kind, language)

    return PLACEHOLDER.sub(lambda match: shown(match[1]), sentence)


def _written(value: object, kind: ir.Type, language: Language) -> str:
    is_yen = kind.kind is ir.Kind.YEN
    if kind.scale != 1:
        return write_ratio(value, kind.scale, language, is_yen=is_yen)
    return write_value(value, language, is_yen=is_yen)
