"""What crosses the door of ``registries.organisations``."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class OrganisationKind(StrEnum):
    """Kinds of corporation (法人種別).

    Source: 国税庁 法人番号公表サイト リソース定義書, 法人種別; values are the code's meaning, codes in ``KIND_CODES``.
    """

    NATIONAL_BODY = "national_body"  # 101 国の機関
    LOCAL_GOVERNMENT = "local_government"  # 201 地方公共団体
    STOCK_COMPANY = "stock_company"  # 301 株式会社
    LIMITED_COMPANY = "limited_company"  # 302 有限会社
    GENERAL_PARTNERSHIP = "general_partnership"  # 303 合名会社
    LIMITED_PARTNERSHIP = "limited_partnership"  # 304 合資会社
    LIMITED_LIABILITY_COMPANY = "limited_liability_company"  # 305 合同会社
    OTHER_REGISTERED = "other_registered"  # 399 その他の設立登記法人
    FOREIGN = "foreign"  # 401 外国会社等
    OTHER = "other"  # 499 その他


KIND_CODES = {
    "101": OrganisationKind.NATIONAL_BODY,
    "201": OrganisationKind.LOCAL_GOVERNMENT,
    "301": OrganisationKind.STOCK_COMPANY,
    "302": OrganisationKind.LIMITED_COMPANY,
    "303": OrganisationKind.GENERAL_PARTNERSHIP,
    "304": OrganisationKind.LIMITED_PARTNERSHIP,
    "305": OrganisationKind.LIMITED_LIABILITY_COMPANY,
    "399": OrganisationKind.OTHER_REGISTERED,
    "401": OrganisationKind.FOREIGN,
    "499": OrganisationKind.OTHER,
}


@dataclass(frozen=True)
class OrganisationRef:
    """An organisation as other packages see it (GIF 法人).

    Attributes:
        number: corporate number (法人番号), 13 digits.
        kind: kind of corporation.
        name: trade name or name as published.
        kana: reading in katakana.
        english_name: English name.
        area_code: municipality of the seat, six digits, "" when abroad or unknown.
        address: seat in one line.
        postal_code: seven digits.
        valid_from: day the number was given, None = before the records begin.
        valid_until: first day on which it is closed, None = still open.
        successor_number: corporation that took it over, "" if none.
        source: where the facts are from.
    """

    number: str
    kind: OrganisationKind
    name: str
    kana: str = ""
    english_name: str = ""
    area_code: str = ""
    address: str = ""
    postal_code: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    successor_number: str = ""
    source: str = ""

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the organisation exists on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did, or would do.

    Attributes:
        added: new organisations.
        changed: organisations whose facts differ now.
        unchanged: organisations told again.
        refused: rows not taken over.
        passed_over: rows of the file that are history or asked not to be searched.
        remarks: sentences for the report.
    """

    added: int
    changed: int
    unchanged: int
    refused: int
    passed_over: int = 0
    remarks: tuple[str, ...] = ()


class OrganisationRefused(ValueError):
    """An organisation cannot be stored as given; the message says why."""
