"""Publishing: a stranger gets the same figures from the files alone, and finds every byte that was changed."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import InternalError, ProgrammingError, transaction
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from yui.evidence import cli
from yui.evidence.models import Publication
from yui.evidence.public import (
    Absence,
    EvidenceRefused,
    UnknownFigure,
    get_published,
    list_published,
    publish_definition,
    publish_figures,
    published_files,
    record_figures,
)
from yui.evidence.recomputing import SUMS, find_faults, sums_of, write_rows
from yui.evidence.stored import as_json
from yui.evidence.tests.examples import CHIYODA, CHUO, QUERY, SHARE, row
from yui.kernel.tenancy.public import BodyRef, body_scope


@pytest.fixture
def files(body: BodyRef, staff: object) -> dict[str, bytes]:
    publish_definition(SHARE)
    record_figures(SHARE.code, [row(), replace(row(CHUO), inputs={}, absence=Absence.MISSING)], query=QUERY)
    record_figures(SHARE.code, [row(period="FY2025", done=8, schools=8)], query=QUERY)
    publish_figures(SHARE.code)
    return published_files(body.code, SHARE.code, 1)


def lay_down(files: dict[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


def stranger(folder: Path) -> subprocess.CompletedProcess[str]:
    """Somebody with Python and the folder: no packages, no settings, no database."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "recompute.py"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_stranger_gets_the_same_figures(files: dict[str, bytes], tmp_path: Path) -> None:
    lay_down(files, tmp_path)
    done = stranger(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "131016 FY2024 actual: 37.5" in lines
    assert "131016 FY2025 actual: 100.0" in lines
    assert "131024 FY2024 actual: missing" in lines
    assert lines[-1].endswith(get_published("999016", SHARE.code, 1).sha256)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files)
    checked = subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=tmp_path, check=False)
    assert checked.returncode == 0


def test_a_stranger_finds_a_changed_figure(files: dict[str, bytes], tmp_path: Path) -> None:
    changed = {name: content for name, content in files.items() if name != SUMS}
    changed["result.json"] = changed["result.json"].replace(b'"37.5"', b'"73.5"')
    lay_down({**changed, SUMS: sums_of(changed)}, tmp_path)
    done = stranger(tmp_path)
    assert done.returncode == 1
    assert "131016 FY2024 actual: 73.5, but 37.5 comes out." in done.stderr


FILES = {
    "data-1.csv": write_rows(
        [{"area": "131016", "period": "FY2024", "status": "actual", "source": "調査", "done": "1"}], ("done",)
    ),
    "definition.json": as_json({"formula": "done", "digits": 0}),
    "result.json": as_json(
        [{"area": "131016", "period": "FY2024", "status": "actual", "vintage": "", "value": "1", "absence": "",
          "data": "data-1.csv"}]
    ),
}  # fmt: skip
WHOLE = {**FILES, SUMS: sums_of(FILES)}


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_any_changed_byte_is_found(name: str, data: st.DataObject) -> None:
    assert find_faults(WHOLE) == []
    content = bytearray(WHOLE[name])
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    assert find_faults({**WHOLE, name: bytes(content)})
    assert find_faults({**WHOLE, name: WHOLE[name] + b"\n"})
    assert find_faults({one: text for one, text in WHOLE.items() if one != name})
    assert find_faults({**WHOLE, "another.txt": b""})


def test_what_is_published_stays_and_is_numbered(files: dict[str, bytes], body: BodyRef) -> None:
    first = get_published(body.code, SHARE.code, 1)
    assert publish_figures(SHARE.code).number == 1
    record_figures(SHARE.code, [row(done=4, schools=8)], query=QUERY)
    second = publish_figures(SHARE.code)
    assert (first.number, second.number) == (1, 2)
    then = get_published(body.code, SHARE.code, 1, known_at=first.published_at)
    assert then == first
    assert [one.number for one in list_published(code=SHARE.code)] == [2]
    for change in (lambda: Publication.objects.update(number=9), lambda: Publication.objects.all().delete()):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            change()


def test_two_bodies_that_mean_the_same_can_be_compared(files: dict[str, bytes]) -> None:
    same = replace(SHARE, version=1, owner="別の課", targets={})
    other = replace(SHARE, version=2, question=SHARE.population)
    publish_definition(other)
    record_figures(SHARE.code, [row()], query=QUERY, version=2)
    one, two = list_published(code=SHARE.code) if publish_figures(SHARE.code, version=2) else []
    assert one.definition_sha256 != two.definition_sha256
    from yui.evidence.stored import meaning_sha256

    assert meaning_sha256(same) == one.definition_sha256


def test_nobody_publishes_in_another_bodys_name(db: None, staff: object, other_body: BodyRef) -> None:
    told = {
        "code": "x",
        "version": 1,
        "number": 1,
        "definition_sha256": "0" * 64,
        "sha256": "0" * 64,
        "files": {},
    }
    with body_scope("999016") as home:
        Publication.objects.create(publisher_id=home.id, **told)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Publication.objects.create(publisher_id=other_body.id, **told)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Publication.objects.create(publisher_id=other_body.id, **told)
    assert Publication.objects.filter(code="x").count() == 1  # without a body, for every reader


def test_nothing_to_publish_is_said(body: BodyRef, staff: object) -> None:
    with pytest.raises(UnknownFigure):
        publish_figures("nothing")
    publish_definition(SHARE)
    with pytest.raises(EvidenceRefused, match="no figures"):
        publish_figures(SHARE.code)


def test_the_command_line_from_a_definition_to_a_recomputed_folder(db: None, tmp_path: Path) -> None:
    definition, table, folder = tmp_path / "d.yaml", tmp_path / "t.csv", tmp_path / "out"
    definition.write_text(
        "code: schools\nversion: 1\nowner: 課\ntitle: {ja: 学校, en: Schools}\nquestion: {ja: 数, en: How many}\n"
        "population: {ja: 学校, en: Schools}\nunit: {ja: 校, en: schools}\nformula: schools\ndirection: neither\n"
        "digits: 0\nvalid_from: 2020-04-01\ntargets: {FY2030: 9}\n",
        encoding="utf-8",
    )
    head = "area,period,status,vintage,absence,source,retrieved_on,schools\n"
    table.write_text(head + f"{CHIYODA},FY2024,actual,,,調査,2026-11-25,8\n", encoding="utf-8")
    run = CliRunner().invoke
    body = ["--body", "999016"]
    assert run(cli.app, ["define", str(definition), *body]).exit_code == 0
    assert run(cli.app, ["import", "schools", str(table), *body, "--dry-run"]).exit_code == 0
    assert run(cli.app, ["list", "schools", *body]).stdout.strip() == "[]"
    assert run(cli.app, ["import", "schools", str(table), *body]).exit_code == 0
    assert '"value": "8"' in run(cli.app, ["list", "schools", *body]).stdout
    assert '"FY2030": "9"' in run(cli.app, ["show", "schools", *body]).stdout
    published = run(cli.app, ["publish", "schools", *body, "--folder", str(folder)])
    assert published.exit_code == 0, published.output
    digest = published.stdout.strip()
    assert run(cli.app, ["recompute", str(folder), "--expect", digest]).exit_code == 0
    assert run(cli.app, ["recompute", str(folder), "--expect", "0" * 64]).exit_code == 1
    (folder / "result.json").write_bytes((folder / "result.json").read_bytes() + b" ")
    broken = run(cli.app, ["recompute", str(folder)])
    assert (broken.exit_code, "result.json is not as it was published." in broken.output) == (1, True)
