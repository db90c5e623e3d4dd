"""Writing organisations: local governments by their computable number, and the tax agency's file."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path

from django.db import transaction

from yui.kernel.tables.public import (
    CheckedRow,
    ColumnMap,
    Problem,
    RefusedRow,
    check_table,
    load_column_map,
    read_table,
    write_rejects,
)
from yui.kernel.text.public import Message, gettext_noop
from yui.registries.areas.public import (
    MUNICIPAL_KINDS,
    AreaKind,
    complete_area_code,
    corporate_number_of_area,
    is_corporate_number,
    list_areas,
)
from yui.registries.organisations.contracts import (
    KIND_CODES,
    ImportOutcome,
    OrganisationKind,
    OrganisationRef,
    OrganisationRefused,
)
from yui.registries.organisations.models import Organisation

SOURCE_NTA = "国税庁 法人番号公表サイト"
SOURCE_AREAS = "全国地方公共団体コードから算出した法人番号"
_BATCH = 5000


@cache
def nta_layout() -> ColumnMap:
    """The thirty columns of the tax agency's file."""
    return load_column_map(Path(__file__).parent / "layouts" / "nta_corporations.yaml")


def save_organisations(organisations: Iterable[OrganisationRef]) -> ImportOutcome:
    """Add organisations or bring them up to date.

    Raises:
        OrganisationRefused: a corporate number has a wrong check digit, or stands twice; nothing is stored.
    """
    told: dict[str, OrganisationRef] = {}
    for organisation in organisations:
        if not is_corporate_number(organisation.number):
            raise OrganisationRefused(
                "A corporate number has 13 digits and a check digit in front; this one is wrong."
            )
        if organisation.number in told:
            raise OrganisationRefused("The same corporate number stands twice. Give each organisation once.")
        told[organisation.number] = organisation
    return _save(told)


@transaction.atomic
def _save(told: dict[str, OrganisationRef]) -> ImportOutcome:
    known = {stored.number: stored for stored in Organisation.objects.filter(number__in=told)}
    new: list[Organisation] = []
    changed: list[Organisation] = []
    fields = [name for name in OrganisationRef.__dataclass_fields__ if name != "number"]
    for number, organisation in told.items():
        stored = known.get(number)
        if stored is None:
            new.append(Organisation(**asdict(organisation)))
        elif any(getattr(stored, name) != getattr(organisation, name) for name in fields):
            for name in fields:
                setattr(stored, name, getattr(organisation, name))
            changed.append(stored)
    Organisation.objects.bulk_create(new, batch_size=_BATCH)
    if changed:
        Organisation.objects.bulk_update(changed, fields, batch_size=_BATCH)
    return ImportOutcome(len(new), len(changed), len(told) - len(new) - len(changed), 0)


def load_local_governments(as_of: date) -> ImportOutcome:
    """Enter every prefecture and municipality in force, with the corporate number its code gives.

    Facts that the tax agency's file told about them are kept.
    """
    areas = list_areas(as_of=as_of, kinds=[AreaKind.PREFECTURE, *MUNICIPAL_KINDS])
    told = [
        OrganisationRef(
            number=corporate_number_of_area(area.code),
            kind=OrganisationKind.LOCAL_GOVERNMENT,
            name=area.name,
            kana=area.kana,
            english_name=area.romaji,
            area_code=area.code,
            source=SOURCE_AREAS,
        )
        for area in areas
    ]
    published = set(
        Organisation.objects.filter(number__in=[item.number for item in told])
        .exclude(source=SOURCE_AREAS)
        .values_list("number", flat=True)
    )
    return save_organisations(item for item in told if item.number not in published)


def import_corporations(path: Path, *, dry_run: bool, rejects: Path | None = None) -> ImportOutcome:
    """Import the tax agency's file of corporate numbers (CSV without headings, or the ZIP of one).

    Only the latest state of each corporation is taken; rows of the past and those asked not to be searched are
    passed over and counted.

    Args:
        path: the file, CP932 or UTF-8.
        dry_run: only say what would happen.
        rejects: where to write refused rows; nothing is written when there are none.

    Raises:
        TableError: the file is no table of thirty columns.
    """
    layout = nta_layout()
    table = read_table(path, headings=layout.labels)
    checked = check_table(table, layout)
    refused = list(checked.refused)
    rows = {row.number: row for row in table.rows}
    told: dict[str, OrganisationRef] = {}
    passed_over = 0
    for row in checked.rows:
        if row.values["latest"] == "0" or row.values["hidden"] == "1":
            passed_over += 1
        elif not is_corporate_number(str(row.values["number"])):
            refused.append(RefusedRow(rows[row.number], (_wrong_number(layout),)))
        else:
            organisation = _organisation(row)
            told[organisation.number] = organisation
    with transaction.atomic():
        outcome = _save(told)
        if dry_run:
            transaction.set_rollback(True)
    if rejects is not None and refused and not dry_run:
        write_rejects(rejects, table.header, sorted(refused, key=lambda item: item.row.number))
    remarks = tuple(remark.text for remark in (*table.remarks, *checked.remarks))
    return ImportOutcome(
        outcome.added, outcome.changed, outcome.unchanged, len(refused), passed_over, remarks
    )


def _wrong_number(layout: ColumnMap) -> Problem:
    sentence = gettext_noop("the check digit of the corporate number is wrong")
    return Problem("number", layout.by_id["number"].label, Message("wrong_check_digit", sentence))


def _organisation(row: CheckedRow) -> OrganisationRef:
    def text(column_id: str) -> str:
        value = row.values.get(column_id)
        return value if isinstance(value, str) else ""

    five = text("prefecture_code") + text("city_code")
    assigned, closed = row.values.get("assigned_on"), row.values.get("closed_on")
    return OrganisationRef(
        number=text("number"),
        kind=KIND_CODES[text("kind")],
        name=text("name"),
        kana=text("kana"),
        english_name=text("english_name"),
        area_code=complete_area_code(five) if len(five) == 5 and five.isascii() and five.isdigit() else "",
        address=text("prefecture") + text("city") + text("street") or text("abroad"),
        postal_code=text("postal_code"),
        valid_from=assigned if isinstance(assigned, date) else None,
        valid_until=closed if isinstance(closed, date) else None,
        successor_number=text("successor"),
        source=SOURCE_NTA,
    )
