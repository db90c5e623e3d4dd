"""Each kind of mistake in a card: what is said about it and where."""

import re
from pathlib import Path

import pytest

from yui.engines.rules.problems import MESSAGES
from yui.engines.rules.public import CardError, load_card
from yui.engines.rules.tests.cards import CARD, HOUSEHOLD, changed
from yui.engines.rules.tests.test_schedules import MISTAKES as IN_SCHEDULES

CONDITION = "{is: 順番 >= 3, cite: 条例第4条, yes"
# ruff: noqa: E501
MISTAKES = [
    # (passage, replaced by, code, line, text that the column points at)
    ("confidence: primary", "confidence: [primary", "yaml", 7, ": {ja"),
    ("known_from: 2023-01-10", "knwn_from: 2023-01-10", "unknown_item", 5, "knwn_from"),
    ("unit: {ja: 人,", "unit: {", "missing_sentence", 7, "{"),
    ("group: {ja: 世帯, en: household, easy: 家}\n", "", "missing_item", 1, "card"),
    ("  世帯人数: {of: group", "  障害: {of: group", "duplicate_item", 15, "障害"),
    ("  限度額: {is", "  3人目額: {is", "duplicate_name", 23, "{is"),
    ("  限度額: {is", "  限度 額: {is", "bad_name", 23, "{is"),
    ("known_from: 2023-01-10", "known_from: 令和5年", "bad_date", 5, "令和5年"),
    ("in_force: {from: 2023-04,", "in_force: {from: 2023-4,", "bad_month", 4, "2023-4"),
    ("until: 2026-04", "until: 2023-04", "period_order", 4, "{from"),
    ("value: 9000", "value: 9000.5", "not_whole", 20, "9000.5"),
    ("value: 9000", "value: -9000", "negative", 20, "-9000"),
    ("cite: 条例第4条, values: [{from: 2023-04, value: 9", "cite: 4, values: [{from: 2023-04, value: 9", "bad_citation", 20, "4"),
    ("type: yen, cite: 条例第5条, values", "type: yen, values", "missing_citation", 21, "{type"),
    ("from: 2024-04, value: 4000", "from: 2023-04, value: 4000", "table_order", 19, "{from: 2023-04, value: 4000"),
    ("from: 2023-04, value: 9000", "from: 2023-06, value: 9000", "table_gap", 20, "[{from"),
    ("from: 2023-04, value: 3000", "from: 2023-04, until: 2024-01, value: 3000", "table_gap", 19, "{from: 2024-04"),
    ("from: 2023-04, value: 3000", "from: 2023-04, until: 2024-06, value: 3000", "table_order", 19, "{from: 2024-04"),
    ("[{from: 2023-04, value: 1000000, by: 制定}]", "[]", "empty_table", 21, "[]"),
    (CONDITION, CONDITION.replace(">= 3", ">= 3 または"), "bad_expression", 29, "または"),
    (CONDITION, CONDITION.replace(">= 3", "≧ 3"), "bad_expression", 29, "≧"),
    (CONDITION, CONDITION.replace("順番 >=", "順 番 >="), "bad_expression", 29, "番"),
    (CONDITION, CONDITION.replace(" 順番", " 順版"), "undefined_name", 29, "順版"),
    ("一人当たり限度 * 世帯人数", "一人当たり限度 + 世帯人数", "type_mismatch", 23, "+"),
    ("収入 <= 限度額", "収入 <= 月初", "type_mismatch", 27, "<="),
    ("到達日(生年月日, 65)", "到達日(生年月日)", "wrong_arguments", 25, "到達日"),
    ("到達日(生年月日, 65)", "到達日(収入, 65)", "wrong_type", 25, "収入"),
    ("到達日(生年月日, 65) <= 月末", "収入", "wrong_type", 25, "収入"),
    ("is: 高齢 or 障害", "is: 三人目以降 or 障害", "circular", None, None),
    ("{順番}人目", "{収入}人目", "unknown_placeholder", 29, "{ja"),
    ("ties: {by: 番号, because: 合計は同じ}, ", "", "rank_ties", 31, "{among"),
    ("among: 対象", "among: 限度以下", "rank_among", 31, "限度以下"),
    ("if: 三人目以降", "if: 順番 >= 3", "row_not_conditions", 35, ">="),
    ("if: 三人目以降", "if: 障害", "row_not_conditions", 35, "障害"),
    ("if: otherwise", "if: 対象", "no_otherwise", 36, "{if"),
    ("if: 三人目以降", "if: not 対象 and 三人目以降", "unreachable_row", 35, "{if"),
    ("pay: 3人目額", "pay: 対象", "wrong_type", 35, "対象"),
    ("pay: 3人目額", "pay: 月額", "unused", 20, "{type"),
    ("confidence: primary", "confidence: certain", "confidence", 6, "certain"),
    ("confidence: primary", "confidence: general", "missing_check", 6, "general"),
    ("type: enum, choices: {持家: owned, 借家: rented}", "type: enum", "missing_item", 16, "{of"),
    ("住まい = 借家", "住まい = 社宅", "undefined_name", 28, "社宅"),
    ("住まい = 借家", "住まい > 借家", "type_mismatch", 28, ">"),
    ("type: month", "type: 年月", "wrong_form", 17, "年月"),
    ("decide:\n", "decide: {}\nx:\n", "wrong_form", 32, "{}"),
    ("type: yen, ask: {ja: 収入", "type: yen, least: 5, most: 4, ask: {ja: 収入", "bounds", 14, "{of"),
    ("by: [生年月日], ties", "by: [生年月日, 生年月日], ties", "rank_key", 31, "{among"),
    ("is: 順番 >= 3", "is: 順番 + 1 >= 3", "rank_compared", 29, "順番"),
]  # fmt: skip
IN_HOUSEHOLD = [
    ("value: 7.64%", "value: 七分", "bad_ratio", 0, "七分"),
    ("keys: [yen, 住まい]", "keys: [yen, 所得]", "bad_key", 0, "所得"),
    ("[2, 530000]", "[530000]", "bad_row", 0, "[530000]"),
    ("[0, 借家, 50]", "[0, 社宅, 50]", "bad_step", 0, "社宅"),
    ("[0, 借家, 50], ", "", "incomplete_table", 22, "[[0"),
    ("[0, 借家, 50]", "[0, 借家, 50], [0, 借家, 60]", "incomplete_table", 0, "[[0"),
    ("[[0, 430000]", "[[1, 430000]", "below_table", 27, "控除額"),
    ("大きい方(0, 合計(大きい方(0, 所得))", "大きい方(0 - 1, 合計(大きい方(0, 所得))", "below_table", 32, "均等割"),
    ("正確な所得割, 100", "正確な所得割 / 0, 100", "division", 0, "/"),
    ("世帯の所得 * 料率", "世帯の所得 / 大人の人数", "division", 0, "/"),
    ("切上げ(所得割 / 12)", "所得割 / 12", "not_rounded", 41, "月の割"),
    ("床面積 * 100 / 敷地面積", "床面積 * 100 / (敷地面積 / 3)", "not_rounded", 0, "/"),
    ("床面積 * 100 /", "床面積 * 床面積 * 床面積 * 床面積 * 100 /", "too_large", 0, "四捨"),
    ("合計(大きい方(0, 所得))", "合計(限度額)", "gathers_nothing", 0, "合計"),
    ("if: not 大人がいる", "if: not 大人である", "row_level", 0, "{if"),
    ("yes: {ja: 若い,", 'yes: {ja: "若い{年齢}",', "placeholder_level", 0, "{is"),
    ("全員(年齢 < 30)", "全員()", "bad_expression", 0, ")"),
    ("満年齢(生年月日, 年度初)", "満年齢(生年月日)", "wrong_arguments", 0, "満年齢"),
    ("満年齢(生年月日, 年度初)", "満年齢(生年月日, 届出日)", "wrong_arguments", 0, "満年齢"),
    ("正確な所得割, 100", "正確な所得割, 0", "wrong_arguments", 0, "切捨て"),
    ("控除額(大人の人数)", "控除額", "wrong_arguments", 27, "控除額"),
    ("均等割(世帯の所得, 住まい)", "均等割(世帯の所得, 床面積)", "wrong_type", 0, "床面積"),
    ("小さい方(限度額,", "小さい方(届出日,", "type_mismatch", 0, "小さい方"),
    ("届出は{限度額}", "届出は{控除額}", "unknown_placeholder", 0, "{ja"),
]  # fmt: skip
PLACED = [(CARD, *mistake) for mistake in MISTAKES] + [(HOUSEHOLD, *mistake) for mistake in IN_HOUSEHOLD]


@pytest.mark.parametrize(
    ("card", "old", "new", "code", "line", "at"), PLACED, ids=lambda part: str(part)[:24]
)
def test_a_mistake_is_named_and_placed(
    card: str, old: str, new: str, code: str, line: int | None, at: str | None
) -> None:
    text = changed(old, new, card)
    if line == 0:
        line = text[: text.index(new)].count("\n") + 1
    with pytest.raises(CardError) as caught:
        load_card(text)

    found = [problem for problem in caught.value.problems if problem.code == code]
    assert found, caught.value
    if line is not None and at is not None:
        first = found[0]
        assert first.line == line
        assert text.splitlines()[first.line - 1][first.column - 1 :].startswith(at)
    for problem in caught.value.problems:
        assert problem.ja
        assert problem.en
        assert not re.search(r"\{[a-z_]+\}", problem.ja + problem.en)
        assert f"{problem.line}行" in str(problem)


def test_the_cards_themselves_have_no_mistake() -> None:
    assert load_card(CARD).id == "heating_aid"
    assert load_card(HOUSEHOLD).id == "water_charge"


def test_all_mistakes_are_reported_at_once() -> None:
    text = changed("value: 9000", "value: 1.5").replace("known_from: 2023-01-10", "known_from: x")
    with pytest.raises(CardError) as caught:
        load_card(text)
    assert [problem.code for problem in caught.value.problems] == ["bad_date", "not_whole"]


def test_every_message_is_reached_by_some_mistake() -> None:
    reached = {code for _, _, _, code, _, _ in PLACED} | {code for _, _, code, _ in IN_SCHEDULES}
    assert set(MESSAGES) - reached == {"not_a_card"}
    with pytest.raises(CardError, match="not_a_card"):
        load_card("- 1\n- 2\n")


def test_a_close_name_is_suggested() -> None:
    with pytest.raises(CardError, match="「三人目以降」のことですか"):
        load_card(changed("if: 三人目以降", "if: 三人目以後"))


def test_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "aid.yaml"
    path.write_text(changed("value: 9000", "value: x"), encoding="utf-8")
    with pytest.raises(CardError, match=r"aid\.yaml"):
        load_card(path)
