"""Official files into areas: the Address Base Registry, the converter of census years, changes by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from yui.kernel.tables.public import (
    ColumnMap,
    Problem,
    RefusedRow,
    Table,
    TableError,
    check_table,
    load_column_map,
    match_headings,
)
from yui.kernel.text.public import Message, gettext_noop
from yui.registries.areas.contracts import AreaChangeView, AreaKind, AreaRef, ChangeKind
from yui.registries.areas.history import History, read_history
from yui.registries.areas.rules import complete_area_code, is_area_code

SOURCE_ABR = "デジタル庁 アドレス・ベース・レジストリ"
# The registry writes the day the Local Autonomy Act was promulgated where it knows no better.
NOMINAL_DAY = date(1947, 4, 17)
_HERE = Path(__file__).parent
_KINDS = {"市": AreaKind.CITY, "区": AreaKind.SPECIAL_WARD, "町": AreaKind.TOWN, "村": AreaKind.VILLAGE}
# 色丹村 to 蘂取村, the municipalities of the Northern Territories (016951 to 017001).
_NORTHERN_FIVE_DIGITS = range(1695, 1701)


class FileKind(StrEnum):
    """The files that can be imported."""

    PREFECTURES = "prefectures"
    MUNICIPALITIES = "municipalities"
    POSITIONS = "positions"
    TOWNS = "towns"
    CONVERTER = "converter"


@dataclass
class TownRow:
    """One row of a town file, ready to be stored."""

    area_code: str
    town_code: str
    values: Mapping[str, Any]


@dataclass
class ReadFile:
    """What an official file tells.

    Attributes:
        kind: which file it is.
        areas: areas as they are now (prefectures, municipalities).
        points: latitude and longitude by code (positions).
        towns: town blocks.
        history: versions and changes (converter).
        header: headings, for the file of refused rows.
        refused: rows not taken over.
        remarks: sentences for the report.
    """

    kind: FileKind
    areas: list[AreaRef] = field(default_factory=list)
    points: dict[str, tuple[float, float]] = field(default_factory=dict)
    towns: list[TownRow] = field(default_factory=list)
    history: History = field(default_factory=History)
    header: tuple[str, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    remarks: tuple[str, ...] = ()


@cache
def layout(name: str) -> ColumnMap:
    """A column map of this app."""
    return load_column_map(_HERE / "layouts" / f"{name}.yaml")


def recognise(header: tuple[str, ...]) -> FileKind:
    """Tell by its headings which official file a table is.

    Raises:
        TableError: none that is known.
    """
    headings = set(header)
    for kind, needed in (
        (FileKind.CONVERTER, {"merge_id_muni", "id_muni1980", "name_muni2020"}),
        (FileKind.TOWNS, {"lg_code", "machiaza_id", "oaza_cho"}),
        (FileKind.POSITIONS, {"lg_code", "rep_lon", "rep_lat"}),
        (FileKind.MUNICIPALITIES, {"lg_code", "pref", "city"}),
        (FileKind.PREFECTURES, {"lg_code", "pref", "pref_kana"}),
    ):
        if needed <= headings:
            return kind
    raise TableError("columns_missing", labels="lg_code, pref …", found=", ".join(header)[:300])


def read_official(table: Table) -> ReadFile:
    """Read an official file of areas.

    Raises:
        TableError: no file that is known, or one without a mandatory column.
    """
    kind = recognise(table.header)
    texts = tuple(remark.text for remark in table.remarks)
    if kind is FileKind.CONVERTER:
        return ReadFile(kind, history=read_history(table), header=table.header, remarks=texts)
    name = {
        FileKind.PREFECTURES: "abr_pref",
        FileKind.MUNICIPALITIES: "abr_city",
        FileKind.POSITIONS: "abr_position",
        FileKind.TOWNS: "abr_town",
    }[kind]
    columns = layout(name)
    # The registry's headings are the ids of our columns; a Japanese heading is accepted as well.
    checked = check_table(table, columns, found=match_headings(table.header, columns))
    read = ReadFile(kind, header=table.header, remarks=(*texts, *(remark.text for remark in checked.remarks)))
    refused = list(checked.refused)
    rows = {row.number: row for row in table.rows}
    for row in checked.rows:
        code = str(row.values["lg_code"])
        if not is_area_code(code):
            refused.append(RefusedRow(rows[row.number], (_wrong_check_digit(columns),)))
        elif kind is FileKind.POSITIONS:
            read.points[code] = (row.values["rep_lat"], row.values["rep_lon"])  # type: ignore[assignment]
        elif kind is FileKind.TOWNS:
            read.towns.append(_town(row.values))
        else:
            read.areas.append(_abr_area(row.values, kind))
    _find_parents(read.areas)
    read.refused = tuple(refused)
    return read


def _wrong_check_digit(columns: ColumnMap) -> Problem:
    sentence = gettext_noop("the check digit of the area code is wrong")
    return Problem("lg_code", columns.by_id["lg_code"].label, Message("wrong_check_digit", sentence))


def _abr_area(values: Mapping[str, Any], kind: FileKind) -> AreaRef:
    code = values["lg_code"]
    begun = values.get("efct_date")
    shared = {
        "code": code,
        "prefecture": values["pref"],
        "valid_from": None if begun == NOMINAL_DAY else begun,
        "valid_until": values.get("ablt_date"),
        "source": SOURCE_ABR,
    }
    if kind is FileKind.PREFECTURES:
        return AreaRef(
            kind=AreaKind.PREFECTURE,
            name=values["pref"],
            kana=values.get("pref_kana") or "",
            romaji=values.get("pref_roma") or "",
            **shared,
        )
    if values.get("ward"):
        return AreaRef(
            kind=AreaKind.WARD,
            name=values["ward"],
            kana=values.get("ward_kana") or "",
            romaji=values.get("ward_roma") or "",
            city=values["city"],
            **shared,
        )
    is_northern = int(code[:5]) in _NORTHERN_FIVE_DIGITS
    return AreaRef(
        kind=AreaKind.NORTHERN_VILLAGE if is_northern else _KINDS[values["city"][-1]],
        name=values["city"],
        kana=values.get("city_kana") or "",
        romaji=values.get("city_roma") or "",
        county=values.get("county") or "",
        parent_code=complete_area_code(code[:2] + "000"),
        **shared,
    )


def _find_parents(areas: list[AreaRef]) -> None:
    """Give each ward the code of its city, which stands in the same file."""
    cities = {(area.code[:2], area.name): area.code for area in areas if area.kind is AreaKind.CITY}
    for index, area in enumerate(areas):
        if area.kind is AreaKind.WARD:
            areas[index] = replace(area, parent_code=cities.get((area.code[:2], area.city)))


def _town(values: Mapping[str, Any]) -> TownRow:
    begun = values.get("efct_date")
    return TownRow(
        values["lg_code"],
        values["machiaza_id"],
        {
            "oaza": values.get("oaza_cho") or "",
            "oaza_kana": values.get("oaza_cho_kana") or "",
            "chome": values.get("chome") or "",
            "chome_kana": values.get("chome_kana") or "",
            "koaza": values.get("koaza") or "",
            "koaza_kana": values.get("koaza_kana") or "",
            "residential_indication": values.get("rsdt_addr_flg") == "1",
            "postal_codes": " ".join(
                (values.get("post_code") or "").replace(";", " ").replace(",", " ").split()
            ),
            "valid_from": None if begun == NOMINAL_DAY else begun,
            "valid_until": values.get("ablt_date"),
            "source": SOURCE_ABR,
        },
    )


@cache
def changes_by_hand() -> History:
    """Changes that no file at hand tells, each with its source."""
    history = History()
    for entry in YAML(typ="safe").load((_HERE / "changes_by_hand.yaml").read_text(encoding="utf-8")):
        city = entry["city"]
        spans = [(item, item["since"], entry["on"]) for item in entry["ended"]]
        spans += [(item, entry["on"], None) for item in entry["begun"]]
        for item, since, until in spans:
            history.areas.append(
                AreaRef(
                    code=item["code"],
                    kind=AreaKind.WARD,
                    name=item["name"],
                    kana=item["kana"],
                    prefecture=entry["prefecture"],
                    city=city["name"],
                    parent_code=city["code"],
                    valid_from=since,
                    valid_until=until,
                    source=entry["source"],
                )
            )
        for link in entry["links"]:
            history.changes.append(
                AreaChangeView(
                    entry["on"],
                    ChangeKind(entry["kind"]),
                    link["from"],
                    link["to"],
                    link.get("partial", False),
                    entry["source"],
                )
            )
    return history
