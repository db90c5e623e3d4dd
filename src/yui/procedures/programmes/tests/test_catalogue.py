"""Programmes are found by where they lie; a broken card is told by name and hides nothing else."""

import shutil
from pathlib import Path

import pytest

from yui.procedures.programmes import queries
from yui.procedures.programmes.catalogue import (
    BrokenProgramme,
    Place,
    find_places,
    load_cases_of,
    load_programme,
)
from yui.procedures.programmes.public import (
    UnknownProgramme,
    cases_of,
    get_programme,
    list_mistakes,
    list_programmes,
    service_of,
)

ALLOWANCE = "child_allowance"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A copy of a programme in a service of its own."""
    folder = tmp_path / "copied" / "cards" / ALLOWANCE
    shutil.copytree(queries.get_place(ALLOWANCE).folder, folder)
    (found,) = find_places([tmp_path / "copied", tmp_path / "empty"])
    return found


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_programmes_of_services_are_found() -> None:
    assert ALLOWANCE in [programme.cards[0].id for programme in list_programmes()]
    assert [str(card.in_force_from) for card in get_programme(ALLOWANCE).cards] == ["2022-06", "2024-10"]
    assert len(cases_of(ALLOWANCE)) > 50
    assert service_of(ALLOWANCE).name == "yui.services.child_allowance"
    assert get_programme(ALLOWANCE) is get_programme(ALLOWANCE)
    assert list_mistakes() == []


def test_an_unknown_programme_is_said_with_those_there_are() -> None:
    with pytest.raises(UnknownProgramme, match=ALLOWANCE):
        get_programme("nothing")


def test_a_broken_card_is_told_with_its_place(place: Place) -> None:
    change(place.folder / "2024-10.yaml", "pay: 3歳以上額", "pay: 3歳以上の額")
    with pytest.raises(BrokenProgramme) as caught:
        load_programme(place)
    (mistake,) = caught.value.mistakes
    assert (mistake.programme, mistake.path.name) == (ALLOWANCE, "2024-10.yaml")
    assert [problem.code for problem in mistake.problems] == ["undefined_name"]
    assert "3歳以上の額" in str(caught.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("2024-10.yaml", "card: child_allowance", "card: children_allowance", "children_allowance"),
        ("2024-10.yaml", "in_force: {from: 2024-10}", "in_force: {from: 2024-11}", "2024-11.yaml"),
        ("2022-06.yaml", "until: 2024-10", "until: 2024-09", "2024-09"),
    ],
)
def test_versions_that_do_not_fit_are_told(place: Place, file: str, old: str, new: str, told: str) -> None:
    change(place.folder / file, old, new)
    with pytest.raises(BrokenProgramme, match=told):
        load_programme(place)


def test_a_mistake_in_the_cases_is_told(place: Place) -> None:
    change(place.folder / "cases.yaml", "public_servant: false", "public_servent: false")
    with pytest.raises(BrokenProgramme) as caught:
        load_cases_of(place)
    assert caught.value.mistakes[0].path.name == "cases.yaml"
    assert caught.value.mistakes[0].problems[0].line == 3


def test_a_broken_programme_hides_no_other(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    change(place.folder / "2024-10.yaml", "confidence: secondary", "confidence: sure")
    places = {"broken": Place("broken", "copied", place.folder), ALLOWANCE: queries.get_place(ALLOWANCE)}
    monkeypatch.setattr(queries, "_places", lambda: places)
    assert [programme.cards[0].id for programme in list_programmes()] == [ALLOWANCE]
    assert "broken" in caplog.text
    with pytest.raises(BrokenProgramme):
        get_programme("broken")
