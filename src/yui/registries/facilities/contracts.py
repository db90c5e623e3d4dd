"""What crosses the door of ``registries.facilities``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from yui.kernel.tables.public import Remark


class FacilityKind(StrEnum):
    """Kinds of facility.

    Source: 推奨データセット and 自治体標準オープンデータセット where they have a list of that kind; 災害対策基本法
    49条の4 (evacuation_space) and 49条の7 (shelter), 水防法 15条 (special_care), 都市公園法 2条 (park).
    """

    AED = "aed"
    CARE_SERVICE = "care_service"  # 介護サービス事業所
    CULTURAL_PROPERTY = "cultural_property"  # 文化財
    EVACUATION_SPACE = "evacuation_space"  # 指定緊急避難場所
    SHELTER = "shelter"  # 指定避難所
    FIRE_HYDRANT = "fire_hydrant"  # 消防水利
    FOOD_BUSINESS = "food_business"  # 食品等営業施設
    HOSPITAL = "hospital"  # 医療機関
    PARK = "park"  # 公園
    PRESCHOOL = "preschool"  # 子育て施設
    PUBLIC_FACILITY = "public_facility"  # 公共施設
    PUBLIC_TOILET = "public_toilet"  # 公衆トイレ
    SCHOOL = "school"  # 学校
    SPECIAL_CARE = "special_care"  # 要配慮者利用施設
    TOURISM = "tourism"  # 観光施設
    WIFI = "wifi"  # 公衆無線LAN
    OTHER = "other"


class Verdict(StrEnum):
    """What became of a file."""

    IMPORTED = "imported"
    IMPORTABLE = "importable"  # examined only
    REFUSED = "refused"


@dataclass(frozen=True)
class FileReport:
    """What happened to one file.

    Attributes:
        file: name of the file.
        verdict: imported, importable or refused.
        reason: why it was refused, "" otherwise.
        dataset: Japanese title of the layout it was read by, "" when none fits.
        kind: kind of the facilities, None when none were read.
        form: csv, xlsx, xls or ods; "" when it could not be opened.
        encoding: of a text file.
        rows: data rows in the file.
        accepted: rows taken over, or that would be.
        refused: rows refused.
        added: facilities new to the register.
        changed: facilities whose facts differ now.
        unchanged: facilities told again.
        remarks: what was read, mended, doubted and refused, in that order.
    """

    file: str
    verdict: Verdict
    reason: str = ""
    dataset: str = ""
    kind: FacilityKind | None = None
    form: str = ""
    encoding: str = ""
    rows: int = 0
    accepted: int = 0
    refused: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    remarks: tuple[Remark, ...] = field(default=())


@dataclass(frozen=True)
class FacilityView:
    """A facility as other packages see it.

    Attributes:
        public_id: identifier outside the app.
        kind: what it is.
        name: as published.
        kana: reading in katakana.
        area_code: municipality (or ward) it stands in, six digits.
        address: as published, in one line.
        building: building or floor.
        latitude: degrees (JGD2011), None when unknown.
        longitude: degrees (JGD2011), None when unknown.
        phone: with hyphens.
        opens_at: HH:MM.
        closes_at: HH:MM.
        open_days: as published.
        capacity: persons.
        url: web page.
        note: remarks as published.
        details: values of the columns that only this kind has.
    """

    public_id: UUID
    kind: FacilityKind
    name: str
    kana: str
    area_code: str
    address: str
    building: str
    latitude: float | None
    longitude: float | None
    phone: str
    opens_at: str
    closes_at: str
    open_days: str
    capacity: int | None
    url: str
    note: str
    details: Mapping[str, str | int]
