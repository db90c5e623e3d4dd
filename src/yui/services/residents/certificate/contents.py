"""What stands on a copy of the resident record, in its own words. Pure: records in, cells out.

The words are Japanese whatever the clerk's language: they are the document's.

Source:
    住民基本台帳法 articles 7, 12 and 30-45; 住民記録システム標準仕様書, forms of the 住民票の写し.
"""

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from yui.kernel.calendar.public import DateProblem, PartialDate, format_era
from yui.registries.people.public import EndedBy, ResidentView, Sex
from yui.services.residents.contracts import CertificateForm, OptionalItem
from yui.services.residents.nationalities import nationality_name
from yui.services.residents.relationships import usual_word

OMITTED = "省略"
NOTHING = "＊＊＊"
_SEX = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.OTHER: "不詳"}
_ENDED = {EndedBy.DEATH: "死亡", EndedBy.MOVE_OUT: "転出", EndedBy.EX_OFFICIO: "職権消除"}
_BECAME = {"birth": "出生", "move_in": "転入", "ex_officio": "職権記載", "other": "その他"}


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Everything a copy states besides the records themselves.

    Attributes:
        head: the head's name, for the top of the sheet.
        whole: every member of the household stands on it (世帯全員), not some (世帯の一部).
        addresses: the full address of each person, by public id.
        my_numbers: by public id, only when asked for.
    """

    form: CertificateForm
    items: Set[OptionalItem]
    residents: Sequence[ResidentView]
    head: str
    whole: bool
    addresses: Mapping[Any, str]
    my_numbers: Mapping[Any, str]
    number: int
    issued_on: dt.date
    body: str

    @property
    def is_removed(self) -> bool:
        """Whether it is of a removed record (除票)."""
        return any(not resident.is_resident for resident in self.residents)

    @property
    def title(self) -> str:
        """The title of the sheet."""
        return "住民票（除票）" if self.is_removed else "住民票"

    @property
    def statement(self) -> str:
        """The sentence that certifies it."""
        if self.is_removed:
            return "この写しは、除票の原本と相違ないことを証明する。"
        if self.form is CertificateForm.INDIVIDUAL:
            return "この写しは、住民票の原本と相違ないことを証明する。"
        members = "世帯全員" if self.whole else "世帯の一部"
        return f"この写しは、{members}の住民票の原本と相違ないことを証明する。"

    @property
    def mayor(self) -> str:
        """The office that certifies."""
        return f"{self.body}長"


def day(value: dt.date | PartialDate | None) -> str:
    """A day by era, as a certificate writes it."""
    if not value:
        return NOTHING
    try:
        return format_era(value)
    except DateProblem:
        return value.isoformat()


def cells(certificate: Certificate, resident: ResidentView) -> dict[str, str]:
    """The cells of one person."""
    asked = certificate.items
    name, citizenship = resident.name, resident.citizenship
    word = resident.relationship_text or usual_word(resident.relationship, resident.sex)

    def optional(item: OptionalItem, value: str) -> str:
        return (value or NOTHING) if item in asked else OMITTED

    is_japanese = citizenship.nationality == "JPN"
    found = {
        "kana": name.full_kana or NOTHING,
        "name": name.full,
        "former_kana": name.former_family_kana or NOTHING,
        "former": name.former_family_name or NOTHING,
        "born": resident.born_text or day(resident.born_on),
        "sex": _SEX[resident.sex],
        "relationship": optional(OptionalItem.RELATIONSHIP, word),
        "my_number": optional(OptionalItem.MY_NUMBER, certificate.my_numbers.get(resident.person, "")),
        "resident_code": optional(OptionalItem.RESIDENT_CODE, resident.resident_code),
        "became": f"{day(resident.became_resident_on)}　{_BECAME[resident.became_resident_by.value]}",
        "since": day(resident.address_since_on),
        "notified": day(resident.notified_on),
        "address": certificate.addresses[resident.person],
        "previous": resident.previous_address or NOTHING,
        "label_1": "本籍" if is_japanese else "国籍・地域",
        "label_2": "筆頭者" if is_japanese else "在留資格等",
        "ended": f"{day(resident.ended_on)}　{_ENDED[resident.ended_by]}" if resident.ended_by else "",
    }
    if is_japanese:
        found["value_1"] = optional(OptionalItem.DOMICILE, citizenship.domicile)
        found["value_2"] = optional(OptionalItem.DOMICILE, citizenship.domicile_head)
    else:
        found["value_1"] = optional(OptionalItem.DOMICILE, nationality_name(citizenship.nationality))
        until = f"　{day(citizenship.residence_until)}まで" if citizenship.residence_until else ""
        found["value_2"] = optional(OptionalItem.DOMICILE, f"{citizenship.residence_status}{until}")
    return found


def head_cell(certificate: Certificate) -> str:
    """The head's name at the top, when relationships were asked for."""
    return (certificate.head or NOTHING) if OptionalItem.RELATIONSHIP in certificate.items else OMITTED
