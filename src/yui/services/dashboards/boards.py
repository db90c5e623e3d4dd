"""Dashboards as data: which indicators stand on a page, in which form."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from yui.evidence.public import Words

FOLDER = Path(__file__).parent / "boards"


class PanelForm(StrEnum):
    """How a panel shows its indicator."""

    LINE = "line"
    COMPARISON = "comparison"


class BoardError(ValueError):
    """A file that is no dashboard; the message says where and why."""


@dataclass(frozen=True)
class Panel:
    """One chart of a dashboard.

    Attributes:
        similar: codes of the municipalities to compare with; those of the same kind in the prefecture when empty.
    """

    indicator: str
    form: PanelForm
    similar: tuple[str, ...] = ()


@dataclass(frozen=True)
class Board:
    """A page of charts for an area."""

    code: str
    title: Words
    lead: Words
    panels: tuple[Panel, ...]


def read_board(text: str, code: str) -> Board:
    """A dashboard from YAML.

    Raises:
        BoardError: it is none.
    """
    try:
        told: Any = YAML(typ="safe").load(text)
        panels = tuple(
            Panel(str(one["indicator"]), PanelForm(one["form"]), tuple(map(str, one.get("similar", ()))))
            for one in told["panels"]
        )
        return Board(code, Words(**told["title"]), Words(**told.get("lead", {"ja": "", "en": ""})), panels)
    except Exception as error:
        raise BoardError(f"{code}: {error}") from error


@cache
def list_boards() -> tuple[Board, ...]:
    """Every dashboard that is here."""
    return tuple(
        read_board(path.read_text(encoding="utf-8"), path.stem) for path in sorted(FOLDER.glob("*.yaml"))
    )


def find_board(code: str) -> Board | None:
    """A dashboard by its code."""
    return next((one for one in list_boards() if one.code == code), None)
