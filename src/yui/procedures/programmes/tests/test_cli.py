"""``yui rules``: check, test, doc, and explain from a file."""

import json
from pathlib import Path

import pytest
from django.utils.translation import override
from typer.testing import CliRunner, Result

from yui.procedures.programmes.cli import app
from yui.procedures.programmes.queries import get_place, list_schedules

ALLOWANCE = "child_allowance"
FACTS = """\
group: {lives_in_japan: true, public_servant: false, main_earner: true}
units:
  - {id: "1", born_on: 2024-05-01, supervised: true, shares_livelihood: true, lives_apart: false, in_facility: false,
     in_japan_or_studying_abroad: true, entitled_from: 2024-06, entitled_through: 9999-12}
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_all_cards_are_in_order() -> None:
    done = run("check")
    assert (done.exit_code, done.stdout) == (0, "")


def test_a_mistake_is_told_with_its_place_in_both_languages(tmp_path: Path) -> None:
    text = (get_place(ALLOWANCE).folder / "2024-10.yaml").read_text(encoding="utf-8")
    card = tmp_path / "card.yaml"
    card.write_text(text.replace("in_force: {from: 2024-10}", "in_force: {from: 2024}"), encoding="utf-8")
    done = run("check", str(card))
    assert done.exit_code == 1
    place, ja, en = done.stdout.splitlines()
    assert place == f"{card}:12:18 [bad_month]"
    assert "年月" in ja
    assert "month" in en


def test_cases_are_checked_as_a_file_too() -> None:
    assert run("check", str(get_place(ALLOWANCE).folder / "cases.yaml")).exit_code == 0


def test_cases_are_shown_with_what_is_expected_and_got() -> None:
    done = run("test", ALLOWANCE, "--json")
    assert done.exit_code == 0, done.output
    shown = json.loads(done.stdout)
    assert {one["agrees"] for one in shown} == {True}
    assert shown[1]["got"] == shown[1]["expected"] == "¥10,000"
    with override("ja"):
        assert "30,000円" in run("test", ALLOWANCE).stdout
    with override("en"):
        assert "¥30,000" in run("test", ALLOWANCE).stdout


def test_a_schedule_is_checked_tried_and_described(tmp_path: Path) -> None:
    folder = next(place.folder for place in list_schedules() if place.programme == "infant_health_check")
    card = tmp_path / "schedules" / "infant_health_check" / "2024-04.yaml"
    card.parent.mkdir(parents=True)
    text = (folder / card.name).read_text(encoding="utf-8")
    card.write_text(text.replace("生後3月", "生後3"), encoding="utf-8")
    done = run("check", str(card))
    assert done.exit_code == 1
    assert f"{card}:" in done.stdout
    (card.parent / "cases.yaml").write_text("cases: []\n", encoding="utf-8")
    assert run("check", str(card.parent / "cases.yaml")).exit_code == 1
    card.write_text(text, encoding="utf-8")
    assert run("check", str(card), str(folder / "cases.yaml")).exit_code == 0
    shown = json.loads(run("test", "infant_health_check", "--json").stdout)
    assert len(shown) > 25
    assert all(one["agrees"] and one["got"] == one["expected"] for one in shown)
    assert run("doc", "infant_health_check", "--output", str(tmp_path)).exit_code == 0
    chapter = (tmp_path / "infant_health_check.md").read_text(encoding="utf-8")
    assert "# 乳幼児健康診査" in chapter
    assert "母子保健法第12条" in chapter


def test_a_programme_that_is_not_there_fails() -> None:
    for verb in ("test", "doc"):
        assert run(verb, "nothing").exit_code == 1


def test_the_chapter_says_law_amounts_conditions_rows_and_cases(tmp_path: Path) -> None:
    assert run("doc", ALLOWANCE, "--output", str(tmp_path)).exit_code == 0
    chapter = (tmp_path / f"{ALLOWANCE}.md").read_text(encoding="utf-8")
    for part in (
        "# 児童手当 (Child allowance)",
        "https://laws.e-gov.go.jp/law/346AC0000000073",
        "| 3歳以上額 | — | 10,000円 | 児童手当法第6条第1項 |",
        "| 所得制限の基本額 | 6,220,000円 | — |",
        "2024-10–: 令和6年法律第47号（2024-06-12）",
        "| `not 十八歳年度末まで` | `nothing` |",
        "the child is number {出生順} (third or later).",
        "| 1歳の子が一人 | 2026-11 | 0: 生年月日 2025-06-15 | 0: ¥15,000 |",
    ):
        assert part in chapter, part


def test_facts_in_a_file_are_decided_and_explained(tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text(FACTS, encoding="utf-8")
    asked = ("explain", "--facts", str(facts), "--programme", ALLOWANCE, "--month")
    done = run(*asked, "2026-11", "--lang", "en")
    assert done.exit_code == 0, done.output
    first, *reasons = done.stdout.splitlines()
    assert first == "Child allowance for November 2026: ¥15,000 is paid.  児童手当法第6条第1項"
    assert (
        "  ×* The claimant is not a public servant, so the municipality pays.  児童手当法第17条第1項"
        in reasons
    )
    (before,) = json.loads(run(*asked, "2024-09", "--json").stdout)
    assert before["questions"][0]["key"] == "income_yen"


@pytest.mark.parametrize("month", ["2022-05", "2024"])
def test_a_month_without_a_card_is_refused(tmp_path: Path, month: str) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text(FACTS, encoding="utf-8")
    done = run("explain", "--facts", str(facts), "--programme", ALLOWANCE, "--month", month)
    assert done.exit_code == 1
    assert month in done.stderr


def test_what_is_explained_must_be_said() -> None:
    assert run("explain").exit_code == 2
