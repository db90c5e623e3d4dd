"""Tables of situation → outcome, read with the place of every mistake and run against all versions of a programme."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from yui.engines.rules import ir
from yui.engines.rules.card import Card
from yui.engines.rules.compiling import evaluate
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.logic import Between
from yui.engines.rules.outcomes import Effect, FactValue, Group, Outcome, Unit
from yui.engines.rules.problems import CardError
from yui.engines.rules.reading import Elements, Items, Reader, Spot
from yui.engines.rules.texts import Language, write_value
from yui.engines.rules.timeline import Programme

NOTHING, UNKNOWN = "nothing", "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a table of cases says of an outcome, expected or got.

    Attributes:
        effect: The effect.
        amount_yen: Yen; None unless it is a payment.
        called: The Japanese name of the result, where the act names it; empty when not asked for.
        ask: Keys of the facts to ask for; None when not asked for.
    """

    effect: Effect
    amount_yen: int | None = None
    called: str = ""
    ask: frozenset[str] | None = None

    def written(self, language: Language | str = Language.JA) -> str:
        """The answer as a reader of the language expects it."""
        japanese = Language(language) is not Language.EN
        match self.effect:
            case Effect.PAYMENT:
                text = write_value(self.amount_yen, language, is_yen=True)
            case Effect.NO_PAYMENT:
                text = "なし" if japanese else "nothing"
            case Effect.UNDETERMINED:
                text = "未確定" if japanese else "undetermined"
        more = [part for part in (self.called, ", ".join(sorted(self.ask or ()))) if part]
        return (
            f"{text}（{'、'.join(more)}）"
            if more and japanese
            else " ".join([text, *(f"({m})" for m in more)])
        )


@dataclass(frozen=True, slots=True)
class Case:
    """One situation with the outcome known for it.

    Attributes:
        title: One line of Japanese.
        cite: The article.
        source: Where the known outcome comes from.
        group: The facts, those that the card of the month does not ask for left out.
        expected: What is known, by the identifier of the unit; of a card that decides about groups under "".
        line: Where the case begins in its file.
    """

    title: str
    cite: str
    source: str
    month: Month
    group: Group
    expected: Mapping[str, Answer]
    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules say to one answer of a case.

    Attributes:
        got: What they say, in as many words as the case asks for.
    """

    case: Case
    unit_id: str
    expected: Answer
    got: Answer
    outcome: Outcome

    @property
    def agrees(self) -> bool:
        """Whether the rules say what the case expects."""
        return self.expected == self.got


def load_cases(source: str | Path, programme: Programme) -> tuple[Case, ...]:
    """Reads and checks a table of cases.

    Args:
        source: The path of a YAML file, or the YAML text itself (anything with a line break).
        programme: The versions whose facts the cases state.
    Raises:
        CardError: the table has mistakes; all are listed with line and column.
        OSError: the file cannot be read.
    """
    text, name = _text(source)
    loading = _begin(text, name, programme)
    cases = loading.cases()
    if loading.reader.problems:
        raise CardError(loading.reader.problems, name)
    return tuple(cases)


def load_facts(source: str | Path, programme: Programme, month: Month) -> Group:
    """Reads the facts of one group, written as in a case: ``group`` with its facts, ``units`` each with an ``id``.

    Args:
        source: The path of a YAML file, or the YAML text itself (anything with a line break).
        month: The month to be decided; facts that its card does not ask for are left out.
    Raises:
        CardError: the file has mistakes; all are listed with line and column.
        LookupError: no version of the programme covers the month.
        OSError: the file cannot be read.
    """
    text, name = _text(source)
    loading = _begin(text, name, programme)
    loading.reader.allow(loading.reader.root, "group", "units")
    group = loading.group(loading.reader.root, {}, {})
    if loading.reader.problems:
        raise CardError(loading.reader.problems, name)
    return asked_by(programme.card(month), group)


def asked_by(card: Card, group: Group) -> Group:
    """The facts of a group that a card asks for; those that only other versions ask for are left out."""
    return Group(
        {key: value for key, value in group.facts.items() if key in card.group_keys},
        [
            Unit(unit.id, {key: value for key, value in unit.facts.items() if key in card.unit_keys})
            for unit in group.units
        ],
    )


def run_cases(cases: Iterable[Case], programme: Programme) -> list[Finding]:
    """Decides every case with the card of its month and compares what is expected.

    Returns:
        One finding per expected answer, in the order of the table; those that do not agree are the differences.
    """
    findings = []
    for case in cases:
        outcomes = {
            outcome.unit_id: outcome
            for outcome in evaluate(programme.card(case.month), case.month, case.group)
        }
        for unit_id, expected in case.expected.items():
            outcome = outcomes[unit_id]
            findings.append(Finding(case, unit_id, expected, _answer(outcome, expected), outcome))
    return findings


def _answer(outcome: Outcome, expected: Answer) -> Answer:
    called = (
        outcome.card.rules.rows[outcome.row].called if outcome.effect is not Effect.UNDETERMINED else None
    )
    return Answer(
        effect=outcome.effect,
        amount_yen=outcome.amount_yen if outcome.effect is Effect.PAYMENT else None,
        called=called.ja if called and expected.called else "",
        ask=frozenset(ask.key for ask in outcome.ask) if expected.ask is not None else None,
    )


def _text(source: str | Path) -> tuple[str, str]:
    if isinstance(source, Path) or "\n" not in source:
        return Path(source).read_text(encoding="utf-8"), str(source)
    return source, ""


def _begin(text: str, name: str, programme: Programme) -> "_Loading":
    try:
        return _Loading(text, programme)
    except CardError as error:
        raise CardError(list(error.problems), name) from error


class _Loading:
    def __init__(self, text: str, programme: Programme) -> None:
        self.reader = Reader(text)
        self.reader.root = replace(self.reader.root, where="事例表")
        self.programme = programme
        self.facts = {
            level: {
                fact.key: fact for card in programme.cards for fact in card.rules.facts if fact.level is level
            }
            for level in (ir.Level.GROUP, ir.Level.UNIT)
        }
        self.by_unit = programme.cards[-1].rules.about is ir.Level.UNIT

    def cases(self) -> list[Case]:
        reader, root = self.reader, self.reader.root
        reader.allow(root, "given", "cases")
        given = reader.item(root, "given", required=False)
        if given is not None:
            reader.allow(given, "group", "unit")
        for_group = self._stated(self._part(given, "group"), ir.Level.GROUP)
        for_unit = self._stated(self._part(given, "unit"), ir.Level.UNIT)
        cases = [
            self._case(spot, for_group, for_unit) for spot in reader.elements(reader.item(root, "cases"))
        ]
        return [case for case in cases if case is not None]

    def _case(
        self, spot: Spot, for_group: Mapping[str, FactValue], for_unit: Mapping[str, FactValue]
    ) -> Case | None:
        reader = self.reader
        reader.allow(spot, "title", "cite", "source", "month", "group", "units", "expect")
        title = reader.text(reader.item(spot, "title"))
        cite = reader.citation(spot)
        source = reader.text(reader.item(spot, "source"))
        place = reader.item(spot, "month")
        month = reader.month(place)
        if month and place and not self.programme.covers(month):
            first, last = self.programme.cards[0].in_force_from, self.programme.cards[-1].in_force_until
            until_ja, until_en = (f"{last}の前まで", f" until before {last}") if last else ("", "")
            reader.note(
                "wrong_form",
                place,
                where=f"{title} month",
                wanted_ja=f"カードのある月（{first}から{until_ja}）",
                wanted_en=f"a month that a card covers (from {first}{until_en})",
            )
            month = None
        group = self.group(spot, for_group, for_unit)
        expected = self._expected(reader.item(spot, "expect"), [unit.id for unit in group.units])
        if month is None:
            return None
        facts = asked_by(self.programme.card(month), group)
        return Case(title, cite, source, month, facts, expected, spot.line)

    def group(
        self, spot: Spot, for_group: Mapping[str, FactValue], for_unit: Mapping[str, FactValue]
    ) -> Group:
        """The facts that a mapping states for the group and each unit, over those given for all."""
        facts = {**for_group, **self._stated(self._part(spot, "group"), ir.Level.GROUP)}
        units: dict[str, Mapping[str, FactValue]] = {}
        for element in self.reader.elements(self._part(spot, "units")):
            name = self.reader.text(self.reader.item(element, "id"))
            if name in units:
                self.reader.note("duplicate_item", element, item=name)
            units[name] = {**for_unit, **self._stated(element, ir.Level.UNIT, "id")}
        return Group(facts, [Unit(name, stated) for name, stated in units.items()])

    def _part(self, spot: Spot | None, name: str) -> Spot | None:
        return self.reader.item(spot, name, required=False) if spot else None

    def _stated(self, spot: Spot | None, level: ir.Level, *others: str) -> dict[str, FactValue]:
        """The facts that a mapping states, by key. A fact that no version of the programme knows is a mistake."""
        known = self.facts[level]
        if spot is None:
            return {}
        self.reader.allow(spot, *others, *known)
        return {
            name: self._value(inside, known[name])
            for name, inside in self.reader.items(spot)
            if name in known and name not in others
        }

    def _value(self, spot: Spot, fact: ir.Fact) -> FactValue:
        """One value, two bounds in a list (``Between``), or nothing where it is not known."""
        if spot.value is None:
            return None
        if isinstance(spot.value, Elements) and fact.type.kind in _BOUNDED and len(spot.value) == 2:
            least, most = (self._one(end, fact) for end in self.reader.elements(spot))
            if least is None or most is None:
                return None
            if not _in_order(least, most):
                self._wrong(spot, "二つの端を小さい順に", "its two bounds in ascending order")
                return None
            return Between(least, most)
        return self._one(spot, fact)

    def _one(self, spot: Spot, fact: ir.Fact) -> Any:
        match fact.type.kind:
            case ir.Kind.BOOL:
                if isinstance(spot.value, bool):
                    return spot.value
                self._wrong(spot, "true か false", "true or false")
            case ir.Kind.DATE:
                return self.reader.day(spot)
            case ir.Kind.MONTH:
                return self.reader.month(spot)
            case ir.Kind.ENUM:
                return self.reader.choice(spot, *fact.type.members) or None
            case _:
                if isinstance(spot.value, bool) or not isinstance(spot.value, int):
                    self.reader.note("not_whole", spot, value=spot.value)
                elif fact.least < fact.most and not fact.least <= spot.value <= fact.most:
                    bounds = (f"{fact.least:,}", f"{fact.most:,}")
                    self._wrong(spot, "{}以上{}以下".format(*bounds), "between {} and {}".format(*bounds))
                else:
                    return int(spot.value)
        return None

    def _expected(self, spot: Spot | None, units: list[str]) -> dict[str, Answer]:
        if spot is None:
            return {}
        if not self.by_unit:
            answer = self._expect(spot)
            return {"": answer} if answer else {}
        if isinstance(spot.value, Items) and not spot.value:
            self._wrong(spot, "一人以上について", "about one unit at least")
        answers = {}
        for name, inside in self.reader.items(spot):
            if name not in units:
                self.reader.note("unknown_item", inside, where="expect", item=name, allowed=", ".join(units))
            elif answer := self._expect(inside):
                answers[name] = answer
        return answers

    def _expect(self, spot: Spot) -> Answer | None:
        reader = self.reader
        reader.allow(spot, "pay", "as", "ask")
        pay = reader.item(spot, "pay")
        called = reader.item(spot, "as", required=False)
        asked = reader.item(spot, "ask", required=False)
        keys = frozenset(reader.text(key) for key in reader.elements(asked)) if asked else None
        if pay is None:
            return None
        if pay.value not in (NOTHING, UNKNOWN) and (
            isinstance(pay.value, bool) or not isinstance(pay.value, int) or pay.value < 0
        ):
            self._wrong(
                pay, "金額（円）・nothing・unknown のいずれか", "an amount in yen, nothing or unknown"
            )
            return None
        if asked is not None and keys is not None:
            for key in keys - {key for facts in self.facts.values() for key in facts}:
                reader.note("undefined_name", asked, name=key, hint="", hint_en="")
        effect = {NOTHING: Effect.NO_PAYMENT, UNKNOWN: Effect.UNDETERMINED}.get(pay.value, Effect.PAYMENT)
        amount = int(pay.value) if effect is Effect.PAYMENT else None
        return Answer(effect, amount, reader.text(called) if called else "", keys)

    def _wrong(self, spot: Spot, ja: str, en: str) -> None:
        self.reader.note("wrong_form", spot, where=spot.where, wanted_ja=ja, wanted_en=en)


_BOUNDED = (ir.Kind.DATE, ir.Kind.MONTH, ir.Kind.INTEGER, ir.Kind.YEN)


def _in_order(least: "int | date | Month", most: "int | date | Month") -> bool:
    return bool(least <= most)  # type: ignore[operator]
