"""Puts the sample prefecture into the registries, through the same doors as any municipality's data."""

import csv
import datetime as dt
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.jobs.public import begin_day
from yui.kernel.services import all_permissions
from yui.kernel.tenancy.public import BodyKind, body_scope, open_body
from yui.procedures.payments.contracts import AccountInput, AccountKind, AccountSource, AccountStatement
from yui.procedures.payments.public import list_paying_accounts, register_accounts, register_paying_account
from yui.registries.areas.contracts import AreaKind, AreaRef
from yui.registries.areas.public import add_areas
from yui.registries.people.public import (
    ResidentChangeRefused,
    count_residents,
    import_residents,
    list_persons_by_number,
    register_protection,
)
from yui.services.child_allowance.public import ExistingFamily, Month, declare_support, plan_many, take_over
from yui.shell.sample.events import day_of_events
from yui.shell.sample.generator import DEFAULT_RESIDENTS, DEFAULT_SEED
from yui.shell.sample.geography import (
    BUS_VILLAGE,
    PREFECTURE_CODE,
    PREFECTURE_KANA,
    PREFECTURE_NAME,
    Municipality,
    municipalities,
    municipality,
)
from yui.shell.sample.living import play
from yui.shell.sample.riding import go_on_duty, ride_today, set_up_bus
from yui.shell.sample.signing_in import (
    ProviderFiles,
    grant_staff_roles,
    issuer_of,
    read_people,
    sample_folder,
    write_provider_files,
)
from yui.shell.sample.writing import Manifest, MunicipalityFiles, write

OPENED_ON = dt.date(2000, 4, 1)
PLANNING_BATCH = 500
# The register of a new sample stands a few days back, so that there are days to let happen; after a long pause
# only the last of the days missed happen, or a demo would start as slowly as it was left alone.
DAYS_TO_PLAY = 3
MOST_DAYS_TO_PLAY = 7

Progress = Callable[[str], None]


class SampleRefused(ValueError):
    """The sample cannot be loaded as asked; the message says why and what to do."""


@dataclass(frozen=True)
class LoadedSample:
    """What was loaded and where its files are.

    Attributes:
        residents: how many residents the sample has.
        provider: the files the practice sign-in provider is started with.
        loaded: codes of the municipalities that were loaded now; empty when all were there.
    """

    residents: int
    provider: ProviderFiles
    loaded: tuple[str, ...] = ()


def load_sample(
    *, residents: int | None, provider_port: int, port: int, progress: Progress = lambda _: None
) -> LoadedSample:
    """Write the sample's files, load them, and let the days since happen; what is there already stays as it is.

    A municipality is loaded in one transaction: a run that is killed leaves it complete or empty.

    Args:
        residents: size of the prefecture; the default size when None.
        provider_port: where the practice sign-in provider will listen.
        port: where the pages will be.
        progress: told what is done now.

    Raises:
        SampleRefused: a sample of another size is loaded here already, or it would be too small.
    """
    with _seldom_collecting():
        return _load_sample(residents, provider_port, port, progress)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Let Python look for reference cycles seldom.

    Loading makes millions of objects and hardly a cycle; looking for them at every turn took half of the time.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _load_sample(residents: int | None, provider_port: int, port: int, progress: Progress) -> LoadedSample:
    folder = sample_folder()
    manifest = _files(folder, residents, progress)
    _open_bodies()
    people = read_people(folder)
    loaded: list[str] = []
    for files in manifest.municipalities:
        place = municipality(files.code)
        progress(place.name)
        with _acting(place):
            grant_staff_roles(people, place.code, issuer_of(provider_port), OPENED_ON)
            if count_residents() == 0:
                _load_body(folder, place, files, dt.date.fromisoformat(manifest.on))
                loaded.append(place.code)
    _play_lately(folder, manifest, again=bool(loaded), progress=progress)
    _ride(folder, manifest, people, issuer_of(provider_port))
    begin_day(timezone.localdate())
    return LoadedSample(manifest.residents, write_provider_files(folder, port), tuple(loaded))


@contextmanager
def _acting(place: Municipality) -> Iterator[None]:
    """Act for a municipality as the system, which may do what any of its staff may."""
    with body_scope(place.code), acting_as(system_actor("sample", all_permissions())):
        yield


def _files(folder: Path, residents: int | None, progress: Progress) -> Manifest:
    manifest = Manifest.read(folder)
    wanted = residents or (manifest.residents if manifest else DEFAULT_RESIDENTS)
    if manifest is None:
        progress(f"{PREFECTURE_NAME} {wanted:,}")
        try:
            on = timezone.localdate() - dt.timedelta(days=DAYS_TO_PLAY)
            return write(folder, DEFAULT_SEED, residents, on)
        except ValueError as error:
            raise SampleRefused(str(error)) from error
    if manifest.residents != wanted:
        raise SampleRefused(
            f"A sample of {manifest.residents:,} residents is loaded here already. For another size, start with an "
            "empty folder: YUI_STATE=/path/to/another/folder ./yui demo --residents N"
        )
    return manifest


def _open_bodies() -> None:
    open_body(
        code=PREFECTURE_CODE,
        name=PREFECTURE_NAME,
        name_kana=PREFECTURE_KANA,
        kind=BodyKind.PREFECTURE,
        valid_from=OPENED_ON,
    )
    areas = [_area(PREFECTURE_CODE, PREFECTURE_NAME, PREFECTURE_KANA, "Yui", AreaKind.PREFECTURE, None)]
    for place in municipalities():
        open_body(
            code=place.code,
            name=place.name,
            name_kana=place.kana,
            kind=BodyKind.MUNICIPALITY,
            valid_from=OPENED_ON,
            parent_code=PREFECTURE_CODE,
        )
        kind = AreaKind(place.kind)
        areas.append(_area(place.code, place.name, place.kana, place.romaji, kind, PREFECTURE_CODE))
    add_areas(areas)


def _area(code: str, name: str, kana: str, romaji: str, kind: AreaKind, parent: str | None) -> AreaRef:
    return AreaRef(
        code=code,
        kind=kind,
        name=name,
        kana=kana,
        romaji=romaji,
        prefecture=PREFECTURE_NAME,
        parent_code=parent,
        valid_from=OPENED_ON,
        source="sample prefecture",
    )


def _load_body(folder: Path, place: Municipality, files: MunicipalityFiles, day: dt.date) -> None:
    """Load one municipality, in one transaction."""
    import_residents(folder / files.residents)
    numbers = _numbers(folder, files)
    _load_accounts(folder / files.accounts, numbers, place)
    _load_families(folder / files.claimants, numbers, day)
    for row in _rows(folder / files.protected):
        register_protection(
            person=numbers[row["宛名番号"]],
            valid_from=dt.date.fromisoformat(row["開始年月日"]),
            review_on=dt.date.fromisoformat(row["終了年月日"]),
            ground=row["支援措置の区分"],
        )


def _numbers(folder: Path, files: MunicipalityFiles) -> dict[str, UUID]:
    """Public ids of everyone whom the files beside the register name."""
    named: set[str] = set()
    for row in _rows(folder / files.claimants):
        named |= {row["受給者宛名番号"], *row["児童宛名番号"].split(), *row["監護相当の子の宛名番号"].split()}
    named |= {row["宛名番号"] for name in (files.accounts, files.protected) for row in _rows(folder / name)}
    return list_persons_by_number(named)


def _load_accounts(path: Path, numbers: dict[str, UUID], place: Municipality) -> None:
    if not list_paying_accounts():
        account = AccountInput(
            bank_code="0001",
            branch_code="001",
            kind=AccountKind.ORDINARY,
            number="0990001",
            holder_kana=place.kana,
        )
        register_paying_account(
            code="main", originator_code=f"99{place.code}", originator_name=place.kana, account=account
        )
    statements = [
        AccountStatement(
            payee=numbers[row["宛名番号"]],
            account=AccountInput(
                bank_code=row["金融機関コード"],
                branch_code=row["支店コード"],
                kind=AccountKind(row["預金種目"]),
                number=row["口座番号"],
                holder_kana=row["口座名義カナ"],
            ),
            source=AccountSource.APPLICATION,
            valid_from=OPENED_ON,
        )
        for row in _rows(path)
    ]
    register_accounts(statements=statements, reason="take_over")


def _load_families(path: Path, numbers: dict[str, UUID], day: dt.date) -> None:
    """Families that are paid already, and what they are due next."""
    month = Month.of(day)
    # Even months pay the two months before; what the last payment before the day covered is settled.
    settled = month.plus(-1 if month.number % 2 == 0 else -2)
    rows = list(_rows(path))
    families = [
        ExistingFamily(
            numbers[row["受給者宛名番号"]],
            settled,
            tuple(
                (numbers[child], Month.parse(first))
                for child, first in zip(row["児童宛名番号"].split(), row["支給開始年月"].split(), strict=True)
            ),
        )
        for row in rows
    ]
    take_over(families=families)
    for row in rows:
        for child in row["監護相当の子の宛名番号"].split():
            declare_support(recipient=numbers[row["受給者宛名番号"]], child=numbers[child], case=None)
    recipients = [family.recipient for family in families]
    for start in range(0, len(recipients), PLANNING_BATCH):
        plan_many(recipients[start : start + PLANNING_BATCH])


def _play_lately(folder: Path, manifest: Manifest, *, again: bool, progress: Progress) -> None:
    """Let happen what has come to the counters since the last time, up to today.

    The last day is noted beside the files, so that starting twice on one day costs nothing; playing a day again
    would change nothing either.
    """
    noted = folder / "played_through"
    today, stood_on = timezone.localdate(), dt.date.fromisoformat(manifest.on)
    last = stood_on if again or not noted.exists() else dt.date.fromisoformat(noted.read_text().strip())
    last = max(last, today - dt.timedelta(days=MOST_DAYS_TO_PLAY))
    for number in range((today - last).days):
        day = last + dt.timedelta(days=number + 1)
        progress(day.isoformat())
        for place in municipalities():
            with _acting(place):
                for event in day_of_events(manifest.seed, place.code, day, manifest.residents, stood_on):
                    try:
                        play(event)
                    except ResidentChangeRefused:
                        continue  # somebody has acted on this household in the demo, and their act stands
    noted.write_text(f"{max(last, today).isoformat()}\n", encoding="ascii")


def _ride(folder: Path, manifest: Manifest, people: list[dict[str, Any]], issuer: str) -> None:
    """Let the village's bus run: the first time on each day what is ridden on it. Older samples have none."""
    files = next(one for one in manifest.municipalities if one.code == municipality(BUS_VILLAGE).code)
    here = {one["id"]: one for one in people if one["municipality_code"] == files.code}
    if not (folder / files.bus).exists():
        return
    noted, today = folder / "rode_on", timezone.localdate().isoformat()
    if noted.exists() and noted.read_text(encoding="ascii").strip() == today:
        return
    numbers = {name: one["person_number"] for name, one in here.items() if one["kind"] == "resident"}
    with _acting(municipality(BUS_VILLAGE)):
        set_up_bus(folder / files.bus, folder / files.roads, folder / files.surroundings)
        go_on_duty(here, issuer)
        persons = list_persons_by_number(numbers.values())
        ride_today({name: persons[number] for name, number in numbers.items()})
    noted.write_text(f"{today}\n", encoding="ascii")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
