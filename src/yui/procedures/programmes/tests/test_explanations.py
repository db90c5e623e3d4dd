"""Who made a decision what it is, by name for those who may know; no rule is explained before it was published."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from yui.engines.rules.public import Explanation, Language, Member, Reason
from yui.procedures.programmes.cli import app
from yui.procedures.programmes.public import with_names

EXEMPTION, ALLOWANCE = "national_pension_exemption", "child_allowance"
REST = """deductions_yen: 0, dependants: 0, elderly_dependants: 0, young_dependants: 0,
     disabled_widowed_or_single_parent: false, other_public_assistance: false, special_ground: false"""
FACTS = f"""\
group: {{first_category: true, statutory_ground: false, student: false}}
units:
  - {{id: me, role: applicant, income_yen: 0, {REST}}}
  - {{id: you, role: spouse, income_yen: 9000000, {REST}}}
"""


def explained(tmp_path: Path, *more: str, programme: str = EXEMPTION, facts: str = FACTS) -> Result:
    path = tmp_path / "facts.yaml"
    path.write_text(facts, encoding="utf-8")
    return CliRunner().invoke(app, ["explain", "--facts", str(path), "--programme", programme, *more])


def test_the_command_says_whose_income_was_too_high(tmp_path: Path) -> None:
    done = explained(tmp_path, "--month", "2025-10", "--lang", "en")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    refused = next(number for number, line in enumerate(lines) if "income limit for full exemption" in line)
    assert lines[refused + 1] == "       you: The income is above ¥670,000."
    assert not any("me: The income is above" in line for line in lines)
    (found,) = json.loads(explained(tmp_path, "--month", "2025-10", "--json").stdout)
    reason = next(reason for reason in found["reasons"] if reason["condition"] == "全額免除になる")
    assert [member["unit_id"] for member in reason["members"]] == ["you"]


@pytest.mark.parametrize(("day", "code"), [("2024-06-11", 1), ("2024-06-12", 0), ("2026-11-25", 0)])
def test_rules_are_not_known_before_they_were_published(tmp_path: Path, day: str, code: int) -> None:
    """令和6年法律第47号 was published on 12 June 2024."""
    asked = ("--month", "2024-11", "--as-of", day)
    done = explained(tmp_path, *asked, programme=ALLOWANCE, facts="group: {}\nunits: []\n")
    assert done.exit_code == code, done.output
    assert ("published on 2024-06-12" in done.stderr) == bool(code)


@pytest.mark.parametrize(
    ("language", "somebody"), [("ja", "ほかの人"), ("en", "Somebody else"), ("easy", "ほかの 人（ひと）")]
)
def test_nobody_is_named_whom_the_reader_must_not_find(language: str, somebody: str) -> None:
    seen, hidden = uuid4(), uuid4()
    members = (Member(str(seen), "first"), Member(str(hidden), "second"), Member("家屋1", "third"))
    told = Explanation("", "", (Reason("x", True, "", "", True, members),), (), members)
    found = with_names(told, {seen: "結城 太郎", hidden: ""}.__getitem__, Language(language))
    named = (Member("結城 太郎", "first"), Member(somebody, "second"), Member("家屋1", "third"))
    assert found.members == found.reasons[0].members == named
