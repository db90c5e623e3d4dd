"""What crosses the door of ``registries.areas``."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AreaKind(StrEnum):
    """The kinds of area with an official code.

    Source: 地方自治法 1条の3, 281条 (special wards), 252条の20 (wards of designated cities).
    """

    PREFECTURE = "prefecture"
    CITY = "city"
    SPECIAL_WARD = "special_ward"
    TOWN = "town"
    VILLAGE = "village"
    NORTHERN_VILLAGE = "northern_village"  # the six villages of the Northern Territories
    WARD = "ward"  # administrative ward of a designated city; no local government of its own

    @property
    def is_municipality(self) -> bool:
        """City, special ward, town or village: one of the 1,741."""
        return self in (AreaKind.CITY, AreaKind.SPECIAL_WARD, AreaKind.TOWN, AreaKind.VILLAGE)


class ChangeKind(StrEnum):
    """How one area became another (地方自治法 6条, 7条, 8条, 252条の19)."""

    CONSOLIDATION = "consolidation"  # 新設合併
    INCORPORATION = "incorporation"  # 編入合併
    CITY_STATUS = "city_status"  # 市制施行
    TOWN_STATUS = "town_status"  # 町制施行
    DESIGNATION = "designation"  # 政令指定都市への移行
    RENAMING = "renaming"  # 名称変更
    COUNTY_CHANGE = "county_change"  # 郡・支庁の区域変更
    WARD_REORGANISATION = "ward_reorganisation"  # 行政区の再編


@dataclass(frozen=True)
class AreaRef:
    """An area as it was in one span of days.

    Attributes:
        code: 全国地方公共団体コード, six digits.
        kind: prefecture, city, …
        name: own name (檮原町, 中央区); join by code, never by name.
        kana: reading of the name in katakana.
        romaji: Latin spelling, "" where no source gives one.
        county: 郡 or 支庁, "" if none.
        prefecture: name of the prefecture.
        city: name of the designated city of a ward, "" otherwise.
        parent_code: prefecture of a municipality, city of a ward, None for a prefecture.
        valid_from: first day, None = before the records begin.
        valid_until: first day on which it no longer is, None = still.
        latitude: of the representative point, degrees (JGD2011).
        longitude: of the representative point, degrees (JGD2011).
        source: where the facts are from.
    """

    code: str
    kind: AreaKind
    name: str
    kana: str = ""
    romaji: str = ""
    county: str = ""
    prefecture: str = ""
    city: str = ""
    parent_code: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    latitude: float | None = None
    longitude: float | None = None
    source: str = ""

    @property
    def full_name(self) -> str:
        """Prefecture, county, city and own name in writing order."""
        return (
            self.name
            if self.kind is AreaKind.PREFECTURE
            else self.prefecture + self.county + self.city + self.name
        )

    @property
    def five_digits(self) -> str:
        """The code without its check digit (行政区域コード)."""
        return self.code[:5]

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the area is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


@dataclass(frozen=True)
class AreaChangeView:
    """One area (or a part of it) became another on a day."""

    effective_on: date
    kind: ChangeKind
    predecessor_code: str
    successor_code: str
    partial: bool
    source: str


@dataclass(frozen=True)
class TownView:
    """A town block name (町字) of the Address Base Registry."""

    area_code: str
    town_code: str
    name: str
    kana: str
    oaza: str
    chome: str
    koaza: str
    residential_indication: bool
    postal_codes: tuple[str, ...]


@dataclass(frozen=True)
class PostalPlace:
    """One place a postal code stands for."""

    postal_code: str
    area_code: str
    prefecture: str
    city: str
    town: str
    prefecture_kana: str
    city_kana: str
    town_kana: str
    note: str
    office: str


@dataclass(frozen=True)
class ImportOutcome:
    """What an import of areas did, or would do.

    Attributes:
        added: new rows.
        changed: rows whose facts differ now.
        unchanged: rows that were there with the same facts.
        refused: rows not taken over.
        counts: rows by kind, for the eye.
        remarks: sentences for the report.
    """

    added: int
    changed: int
    unchanged: int
    refused: int
    counts: dict[str, int]
    remarks: tuple[str, ...] = ()
