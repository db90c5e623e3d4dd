"""From a checked row to a facility: name, place, number, and what must be mended or doubted on the way."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from yui.kernel.tables.public import CheckedRow, Column, ColumnMap, Remark, RemarkKind
from yui.kernel.text.public import Message
from yui.registries.areas.public import is_corporate_number, read_area_code
from yui.registries.facilities.contracts import FacilityKind
from yui.registries.facilities.messages import REMARKS, reason

# JGD2011 bounds of Japan: 沖ノ鳥島 20.4 N to 択捉島 45.6 N, 与那国島 122.9 E to 南鳥島 154.0 E.
_LATITUDES = (20.0, 46.0)
_LONGITUDES = (122.0, 155.0)
_LISTED_ROWS = 20
_MOST_PERSONS = 10_000_000  # beyond it a digit or a date slipped into the column
_NUMBERING = re.compile(r"[0-9]+\Z|[\w-]+(\.[\w-]+){2,}\Z", re.ASCII)
_PAIR = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*[,、]\s*([-+]?\d+(?:\.\d+)?)\s*\Z")

# Columns that become fields of a facility; those of one kind only stay together in ``details``.
_FIELDS = (
    "kana", "english_name", "common_name", "building", "town_code", "phone", "extension", "fax",
    "organisation_name", "open_days", "opens_at", "closes_at", "hours_note", "description", "description_en",
    "access", "parking", "accessibility", "image", "image_licence", "url", "note",
)  # fmt: skip
_PLACE = (
    "subject", "lg_code", "local_id", "prefecture", "city", "government", "name", "address", "address_lg_code",
    "address_prefecture", "address_city", "address_town", "address_lot", "postal_code", "latitude", "longitude",
    "location", "organisation_number", "capacity",
)  # fmt: skip


@dataclass
class FacilityDraft:
    """A facility ready to be stored; field names are the model's.

    Attributes:
        row: row number in the file.
        source_key: what tells the facility apart within its body and kind.
    """

    row: int
    kind: FacilityKind
    name: str
    local_id: str = ""
    source_key: str = ""
    area_code: str = ""
    address: str = ""
    postal_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    organisation_number: str = ""
    capacity: int | None = None
    texts: dict[str, str] = field(default_factory=dict)
    details: dict[str, str | int] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    as_written: dict[str, str] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """Field values for the model, with the fingerprint of all of them."""
        values = asdict(self)
        del values["row"]
        values |= {name: values["texts"].get(name, "") for name in _FIELDS}
        del values["texts"]
        text = json.dumps(values, sort_keys=True, ensure_ascii=False)
        return values | {"fingerprint": hashlib.sha256(text.encode()).hexdigest()}


class Notes:
    """Counts what was mended or doubted, one remark for many rows."""

    def __init__(self) -> None:
        self._rows: dict[str, list[int]] = {}
        self._params: dict[str, Mapping[str, str | int]] = {}
        self._kinds: dict[str, RemarkKind] = {}

    def mend(self, code: str, row: int = 0, /, **params: str | int) -> None:
        """Something was put right without loss."""
        self._note(RemarkKind.MENDED, code, row, params)

    def doubt(self, code: str, row: int = 0, /, **params: str | int) -> None:
        """Something a person should look at."""
        self._note(RemarkKind.DOUBTED, code, row, params)

    def tell(self, code: str, /, **params: str | int) -> None:
        """How the file was understood."""
        self._note(RemarkKind.READ, code, 0, params)

    def _note(self, kind: RemarkKind, code: str, row: int, params: Mapping[str, str | int]) -> None:
        self._rows.setdefault(code, [])
        if row:
            self._rows[code].append(row)
        self._params[code] = params
        self._kinds[code] = kind

    def remarks(self) -> list[Remark]:
        """Everything noted, one line for each code."""
        return [
            Remark(
                self._kinds[code],
                code,
                len(rows),
                tuple(rows[:_LISTED_ROWS]),
                self._params[code],
                REMARKS[code],
            )
            for code, rows in self._rows.items()
        ]


@dataclass(frozen=True)
class Place:
    """What is known about the local governments concerned.

    Attributes:
        body_code: code of the body the file belongs to, "" when only examined.
        names: names by area code, of the body's own areas when there is a body, else of all.
    """

    body_code: str
    names: Mapping[str, Sequence[str]]


def build_draft(
    row: CheckedRow, columns: ColumnMap, kind: FacilityKind, place: Place, notes: Notes
) -> FacilityDraft | tuple[Column | None, Message]:
    """Make a facility of a row, or say which column refuses it and why."""
    draft = FacilityDraft(row=row.number, kind=kind, name=_name(row, kind, notes))
    draft.as_written = dict(row.doubtful)
    if not draft.name:
        return columns.by_id.get("name"), reason("no_name")
    draft.address = _address(row)
    _set_position(draft, row, notes)
    if not draft.address and draft.latitude is None and not _text(row, "address_town"):
        return columns.by_id.get("address"), reason("no_place")
    if refused := _set_area(draft, row, place, notes):
        return columns.by_id.get("lg_code"), refused
    draft.local_id = _text(row, "local_id") or _numbering(_text(row, "subject"))
    draft.postal_code = _text(row, "postal_code").replace("-", "")
    capacity = row.values.get("capacity")
    if isinstance(capacity, int) and 0 <= capacity <= _MOST_PERSONS:
        draft.capacity = capacity
    elif capacity is not None:
        draft.as_written["capacity"] = str(capacity)
    _set_organisation(draft, row, notes)
    draft.texts = {name: _text(row, name) for name in _FIELDS if _text(row, name)}
    draft.details = {
        column_id: value.isoformat() if isinstance(value, date) else value  # type: ignore[misc]
        for column_id, value in row.values.items()
        if value is not None and column_id not in _FIELDS and column_id not in _PLACE
    }
    draft.extra = dict(row.extra)
    return draft


def place_key(draft: FacilityDraft) -> str:
    """Name and address folded, for lists without a usable number."""
    text = "|".join(
        re.sub(r"\s", "", unicodedata.normalize("NFKC", part)).casefold()
        for part in (
            draft.name,
            draft.address or f"{draft.latitude},{draft.longitude}",
            draft.texts.get("building", ""),
        )
    )
    return "at:" + hashlib.sha256(text.encode()).hexdigest()[:40]


def number_key(draft: FacilityDraft) -> str:
    """The number the list gives."""
    return f"no:{draft.local_id}"


def _text(row: CheckedRow, column_id: str) -> str:
    value = row.values.get(column_id)
    return value if isinstance(value, str) else ""


def _numbering(subject: str) -> str:
    return subject if _NUMBERING.match(subject) else ""


def _name(row: CheckedRow, kind: FacilityKind, notes: Notes) -> str:
    name = _text(row, "name")
    if not name and not _numbering(_text(row, "subject")):
        name = _text(row, "subject")
        if name:
            notes.mend("name_in_subject", row.number)
    if not name and kind is FacilityKind.FIRE_HYDRANT:
        name = _text(row, "category")  # a hydrant has no name; 消火栓, 防火水槽
    if "\n" in name:
        name = " ".join(name.split("\n"))
        notes.mend("name_line_breaks", row.number)
    return name


def _address(row: CheckedRow) -> str:
    whole = _text(row, "address")
    if not whole:
        parts = ("address_prefecture", "address_city", "address_town", "address_lot")
        whole = "".join(_text(row, part) for part in parts)
    return " ".join(whole.split("\n"))


def _set_position(draft: FacilityDraft, row: CheckedRow, notes: Notes) -> None:
    latitude, longitude = _degrees(row, "latitude"), _degrees(row, "longitude")
    pair = _PAIR.match(_text(row, "location"))
    if latitude is None and longitude is None and pair:
        latitude, longitude = float(pair[1]), float(pair[2])
    if latitude is None and longitude is None:
        if text := _text(row, "location"):
            draft.as_written["location"] = text
        return
    if latitude is None or longitude is None:
        draft.as_written["latitude" if longitude is None else "longitude"] = str(latitude or longitude)
        notes.doubt("half_position", row.number)
    elif _in_japan(latitude, longitude):
        draft.latitude, draft.longitude = latitude, longitude
    elif _in_japan(longitude, latitude):
        draft.latitude, draft.longitude = longitude, latitude
        for column_id in ("latitude", "longitude"):
            draft.as_written.pop(column_id, None)
        notes.mend("swapped", row.number)
    else:
        draft.as_written |= {"latitude": str(latitude), "longitude": str(longitude)}
        notes.doubt("outside_japan", row.number)


def _degrees(row: CheckedRow, column_id: str) -> float | None:
    value = row.values.get(column_id)
    if isinstance(value, float):
        return value
    # A longitude in the column of latitudes is out of that column's range, and so was kept as text.
    try:
        return float(row.doubtful.get(column_id, ""))
    except ValueError:
        return None


def _in_japan(latitude: float, longitude: float) -> bool:
    return _LATITUDES[0] <= latitude <= _LATITUDES[1] and _LONGITUDES[0] <= longitude <= _LONGITUDES[1]


def _set_area(draft: FacilityDraft, row: CheckedRow, place: Place, notes: Notes) -> Message | None:
    """Find the area code of a row; the result is a reason when the row belongs to another local government."""
    written = _text(row, "lg_code")
    code = read_area_code(written, place.names) if written else None
    if written and code is None:
        draft.as_written["lg_code"] = written
        notes.doubt("bad_area_code", row.number)
    elif code and code != written:
        notes.mend("code_completed", row.number)
    if code and place.body_code and code not in place.names:
        return reason("other_body", code=code)
    located = read_area_code(_text(row, "address_lg_code"), place.names)
    draft.area_code = located if located and located in place.names else code or place.body_code
    city = _text(row, "city") or _text(row, "government")
    if (
        code
        and city
        and not any(city.endswith(name) or name.startswith(city) for name in place.names.get(code, ()))
    ):
        notes.doubt("code_against_name", row.number)
    return None


def _set_organisation(draft: FacilityDraft, row: CheckedRow, notes: Notes) -> None:
    number = _text(row, "organisation_number")
    if number and is_corporate_number(number):
        draft.organisation_number = number
    elif number:
        draft.as_written["organisation_number"] = number
        notes.doubt("bad_corporate_number", row.number)
