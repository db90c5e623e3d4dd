"""Finding rule cards and schedules: a folder for each below ``cards`` or ``schedules`` of a service, a file a version.

Nothing here needs a database or a running installation, so the manual is made from it too.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from yui.engines.rules.public import (
    Card,
    CardError,
    Case,
    Problem,
    Programme,
    Schedule,
    ScheduleCard,
    ScheduleCase,
    load_card,
    load_cases,
    load_schedule,
    load_schedule_cases,
)

CASES = "cases.yaml"
CARDS, SCHEDULES = "cards", "schedules"
Version = TypeVar("Version", Card, ScheduleCard)


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
    def is_schedule(self) -> bool:
        """Whether it says when something is due, and not what is paid."""
        return self.folder.parent.name == SCHEDULES

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


def find_places(services: Iterable[Path], kind: str = CARDS) -> list[Place]:
    """Every folder of cards (or of schedules) below the folders of services, by programme."""
    found = [
        Place(folder.name, service.name, folder)
        for service in services
        for folder in (service / kind).glob("*")
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
    cards, texts = _versions(place, load_card)
    try:
        return Loaded(Programme.of(cards), texts)
    except ValueError as error:
        raise _misfit(place, error) from error


@cache
def load_schedule_of(place: Place) -> Schedule:
    """All versions of a schedule, checked.

    Raises:
        BrokenProgramme: a card has mistakes, or the versions do not fit together.
    """
    cards, _texts = _versions(place, load_schedule)
    try:
        return Schedule.of(cards)
    except ValueError as error:
        raise _misfit(place, error) from error


def _versions(place: Place, read: Callable[[str], Version]) -> tuple[list[Version], dict[str, str]]:
    """Every version in a folder, and its text by the month it takes force."""
    cards: list[Version] = []
    texts: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for path in place.cards:
        text = path.read_text(encoding="utf-8")
        try:
            card = read(f"{text}\n")
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
    if mistakes:
        raise BrokenProgramme(mistakes)
    return cards, texts


def _misfit(place: Place, error: ValueError) -> BrokenProgramme:
    return BrokenProgramme([Mistake(place.programme, place.folder, (), str(error))])


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


@cache
def load_schedule_cases_of(place: Place) -> tuple[ScheduleCase, ...]:
    """The cases of a schedule; none when it has no table.

    Raises:
        BrokenProgramme: a card or the table has mistakes.
    """
    schedule, path = load_schedule_of(place), place.folder / CASES
    if not path.exists():
        return ()
    try:
        return load_schedule_cases(f"{path.read_text(encoding='utf-8')}\n", schedule)
    except CardError as error:
        raise BrokenProgramme([_mistake(place, path, error)]) from error


def _mistake(place: Place, path: Path, error: CardError) -> Mistake:
    return Mistake(place.programme, path, error.problems, "\n".join(map(str, error.problems)))
