"""Finding rule cards: one folder for each programme below ``cards`` of a service, one file for each version.

Nothing here needs a database or a running installation, so the manual is made from it too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yui.engines.rules.public import Card, CardError, Case, Problem, Programme, load_card, load_cases

CASES = "cases.yaml"


@dataclass(frozen=True)
class Place:
    """Where a programme is kept.

    Attributes:
        programme: Its identifier, the name of the folder and of each card in it.
        service: The name of the service's folder.
        folder: The folder of its cards.
    """

    programme: str
    service: str
    folder: Path

    @property
    def cards(self) -> list[Path]:
        """The files of its versions."""
        return sorted(path for path in self.folder.glob("*.yaml") if path.name != CASES)


@dataclass(frozen=True)
class Mistake:
    """Something wrong with a programme.

    Attributes:
        path: The file, or the folder where the versions do not fit together.
        problems: The mistakes with line and column; empty when the whole is wrong.
        text: What is wrong, in Japanese and English.
    """

    programme: str
    path: Path
    problems: tuple[Problem, ...]
    text: str


class BrokenProgramme(ValueError):
    """A programme cannot be used because of mistakes in its cards; says what is wrong with each."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(f"{mistake.path}: {mistake.text}" for mistake in self.mistakes))


def find_places(services: Iterable[Path]) -> list[Place]:
    """Every folder of cards below the folders of services, by programme."""
    found = [
        Place(folder.name, service.name, folder)
        for service in services
        for folder in (service / "cards").glob("*")
        if folder.is_dir()
    ]
    return sorted(found, key=lambda place: (place.programme, place.service))


@dataclass(frozen=True, eq=False)
class Loaded:
    """A programme as it was read: checked, and the text of each version by the month it takes force."""

    programme: Programme
    texts: Mapping[str, str]


@cache
def load(place: Place) -> Loaded:
    """All versions of a programme, checked, with their texts; read once, so that the two always agree.

    Raises:
        BrokenProgramme: a card has mistakes, or the versions do not fit together.
    """
    cards: list[Card] = []
    texts: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for path in place.cards:
        text = path.read_text(encoding="utf-8")
        try:
            card = load_card(f"{text}\n")
        except CardError as error:
            mistakes.append(_mistake(place, path, error))
            continue
        cards.append(card)
        texts[str(card.in_force_from)] = text
        if path.stem != str(card.in_force_from):
            told = (
                f"ファイルの名前は施行の年月「{card.in_force_from}.yaml」にしてください。"
                f" A card is called by the month it takes force: “{card.in_force_from}.yaml”."
            )
            mistakes.append(Mistake(place.programme, path, (), told))
        if card.id != place.programme:
            told = (
                f"カードの番号「{card.id}」がフォルダーの名前「{place.programme}」と違います。"
                f" The card is called “{card.id}”, its folder “{place.programme}”."
            )
            mistakes.append(Mistake(place.programme, path, (), told))
    if not cards and not mistakes:
        told = "カードがありません。 There is no card in this folder."
        mistakes.append(Mistake(place.programme, place.folder, (), told))
    if not mistakes:
        try:
            return Loaded(Programme.of(cards), texts)
        except ValueError as error:
            mistakes.append(Mistake(place.programme, place.folder, (), str(error)))
    raise BrokenProgramme(mistakes)


def load_programme(place: Place) -> Programme:
    """All versions of a programme.

    Raises:
        BrokenProgramme: a card has mistakes, or the versions do not fit together.
    """
    return load(place).programme


@dataclass(frozen=True, eq=False)
class LoadedCases:
    """A table of cases as it was read: checked, and its text."""

    cases: tuple[Case, ...]
    text: str


@cache
def load_table(place: Place) -> LoadedCases:
    """The table of cases of a programme, checked, with its text; empty when it has none.

    Raises:
        BrokenProgramme: a card or the table has mistakes.
    """
    programme = load_programme(place)
    path = place.folder / CASES
    if not path.exists():
        return LoadedCases((), "{}")
    text = path.read_text(encoding="utf-8")
    try:
        return LoadedCases(load_cases(f"{text}\n", programme), text)
    except CardError as error:
        raise BrokenProgramme([_mistake(place, path, error)]) from error


def load_cases_of(place: Place) -> tuple[Case, ...]:
    """The cases of a programme; none when it has no table.

    Raises:
        BrokenProgramme: a card or the table has mistakes.
    """
    return load_table(place).cases


def _mistake(place: Place, path: Path, error: CardError) -> Mistake:
    return Mistake(place.programme, path, error.problems, "\n".join(map(str, error.problems)))
