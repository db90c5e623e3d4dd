"""The manual tells of the house as it is: every setting, every command, every folder, a page for each app."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import yui
from yui.kernel.services import list_services
from yui.shell.cli import main

SOURCE = Path(yui.__file__).parent
ROOT = SOURCE.parent.parent
MANUAL = ROOT / "docs" / "manual"
LAW = re.compile(r"(法|令|条例|規則|要領)")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)(?<!\.png)[)#]")  # screenshots are made by the journeys


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def named_in_code() -> set[str]:
    """Environment variables that code, tests, benchmarks or the launcher name."""
    files = [ROOT / "yui", ROOT / "conftest.py"]
    files += [
        path for folder in ("src", "tests", "bench", "practice") for path in (ROOT / folder).rglob("*.py")
    ]
    texts = (read(path) for path in files if path != Path(__file__))
    return {name for text in texts for name in re.findall(r"(?<![A-Z_])(?:YUI_[A-Z_]+|DATABASE_URL)\b", text)}


def test_every_setting_is_explained_and_no_other() -> None:
    explained = set(
        re.findall(r"^\| `([A-Z_]+)` \|", read(MANUAL / "reference" / "settings.md"), re.MULTILINE)
    )
    assert explained == named_in_code()


def commands(command: Any, path: tuple[str, ...] = ("yui",)) -> Iterator[str]:
    """Every command below this one, as it is typed."""
    below = getattr(command, "commands", None)
    if below is None:
        yield " ".join(path)
        return
    for name, one in below.items():
        yield from commands(one, (*path, name))


def test_every_command_is_listed_and_no_other() -> None:
    main._add_groups()
    listed = re.findall(r"^\| `(yui [a-z -]+)` \|", read(MANUAL / "reference" / "commands.md"), re.MULTILINE)
    assert sorted(listed) == sorted(set(commands(typer.main.get_command(main.root))))


def test_every_recipe_is_listed() -> None:
    launcher = re.search(r"^  ([a-z| ]+)\)\n?.*no-group cluster", read(ROOT / "yui"), re.MULTILINE)
    assert launcher is not None
    page = read(MANUAL / "reference" / "commands.md")
    recipes = set(re.findall(r"^([a-z]+)[ :]", read(ROOT / "justfile"), re.MULTILINE))
    for name in set(launcher[1].replace(" ", "").split("|")) & recipes:
        assert f"| `./yui {name}" in page, name


def test_the_tree_in_the_manual_is_the_tree() -> None:
    page = read(MANUAL / "explanation" / "architecture.md")
    tree = re.search(r"```\nsrc/yui/\n(.*?)```", page, re.DOTALL)
    assert tree is not None
    told = re.findall(r"^[├└]── ([a-z]+)/ +(.+)$", tree[1], re.MULTILINE)
    there = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert {floor for floor, _ in told} == there
    for floor, rooms in told:
        if " · " in rooms:
            named = set(re.findall(r"[a-z_]+", rooms.split("(")[0]))
            packages = {path.parent.name for path in (SOURCE / floor).glob("*/__init__.py")} - {"tests"}
            assert named >= packages, f"{floor}: name every room in the tree of architecture.md"


def test_every_app_has_a_readme() -> None:
    without = [
        str(folder.relative_to(SOURCE))
        for config in list_services()
        if not (folder := Path(config.path)).joinpath("README.md").exists()
    ]
    assert without == [], "say its purpose, the law, the people served and what is out of scope"


@pytest.mark.parametrize("floor", ["services", "procedures"])
def test_a_readme_of_a_service_names_its_law(floor: str) -> None:
    silent = [
        str(path.parent.relative_to(SOURCE))
        for path in (SOURCE / floor).glob("*/README.md")
        if not re.search(r"^## Law$|\bLaw: ", read(path), re.MULTILINE) or not LAW.search(read(path))
    ]
    assert silent == []


def test_links_between_pages_lead_somewhere() -> None:
    pages = [
        *(ROOT / "docs").rglob("*.md"),
        *SOURCE.rglob("README.md"),
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
    ]
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        if "_build" not in page.parts
        for target in LINK.findall(read(page))
        if not (page.parent / target).exists()
    ]
    assert dead == []


def test_the_architecture_page_stays_short() -> None:
    assert len(read(MANUAL / "explanation" / "architecture.md").split()) < 800
