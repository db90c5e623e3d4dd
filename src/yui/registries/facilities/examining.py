"""Reading a published file up to the point of storing it: the same for a dry run, a survey and an import."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from yui.kernel.tables.public import (
    Checked,
    Problem,
    RefusedRow,
    Remark,
    RemarkKind,
    Table,
    TableError,
    check_table,
    match_headings,
    read_table,
)
from yui.registries.areas.public import find_areas_by_name, list_areas
from yui.registries.facilities.contracts import FacilityKind, FileReport, Verdict
from yui.registries.facilities.datasets import (
    NOT_FACILITIES,
    Recognised,
    known_headings,
    reading_layout,
    recognise,
)
from yui.registries.facilities.messages import reason, refusal
from yui.registries.facilities.rows import FacilityDraft, Notes, Place, build_draft, number_key, place_key

_ORDER = {RemarkKind.READ: 0, RemarkKind.MENDED: 1, RemarkKind.DOUBTED: 2, RemarkKind.REFUSED: 3}
_LISTED_ROWS = 20
_GOVERNMENT = re.compile(r"[^\s、,，（）()#【】]{1,8}?[市区町村]")


@dataclass
class Examined:
    """A file read, checked and turned into facilities, nothing stored.

    Attributes:
        report: what happened so far.
        drafts: facilities ready to be stored.
        refused: rows refused, whole.
        header: headings of the file, for the file of refused rows.
    """

    report: FileReport
    drafts: list[FacilityDraft] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    header: tuple[str, ...] = ()


def examine_file(
    path: Path, *, as_of: date, kind: FacilityKind | None = None, body_code: str = ""
) -> Examined:
    """Read a file and say what would be imported.

    Args:
        path: the file.
        as_of: day whose areas and names count.
        kind: what it lists, when the caller knows.
        body_code: body the file belongs to; rows of others are refused. "" examines without a body.
    """
    try:
        table = read_table(path, known=known_headings())
    except TableError as error:
        return Examined(_refused(path, _refusal_of(error, path)))
    told = recognise(table.header, titles=table.preamble, path=path, kind=kind)
    report = FileReport(
        path.name, Verdict.REFUSED, dataset=told.layout.title, kind=told.kind, form=table.form,
        encoding=table.encoding, rows=len(table.rows), remarks=table.remarks,
    )  # fmt: skip
    if reason_text := _not_a_list(table, told):
        return Examined(replace(report, reason=reason_text, kind=None), header=table.header)
    kind = told.kind or FacilityKind.OTHER
    notes = Notes()
    notes.tell(f"recognised_{told.told_by}", dataset=told.layout.title, kind=kind.value)
    checked = check_table(table, reading_layout(told.layout.id), doubtful="keep")
    refused = list(checked.refused)
    place = _place(body_code, as_of)
    drafts = _build(table, checked, kind, place, notes, refused)
    drafts = _tell_apart(drafts, table, checked, notes, refused)
    _tell_governments(table, drafts, place, as_of, notes)
    refused.sort(key=lambda item: item.row.number)
    remarks = [
        *table.remarks,
        *(remark for remark in checked.remarks if remark.code not in ("refused_rows", "absent_columns")),
        *notes.remarks(),
        *_refused_remarks(refused),
    ]
    remarks.sort(key=lambda remark: _ORDER[remark.kind])
    report = replace(
        report,
        verdict=Verdict.IMPORTABLE if drafts else Verdict.REFUSED,
        reason="" if drafts else refusal("no_row_accepted"),
        accepted=len(drafts),
        refused=len(refused),
        remarks=tuple(remarks),
    )
    return Examined(report, drafts, refused, table.header)


def _refused(path: Path, why: str) -> FileReport:
    return FileReport(path.name, Verdict.REFUSED, reason=why)


def _refusal_of(error: TableError, path: Path) -> str:
    """The reason; for an empty template, also of which list."""
    if error.code != "header_only":
        return error.text
    headings = str(error.params.get("headings", "")).split("\t")
    return refusal("template_of", dataset=recognise(headings, path=path).layout.title)


def _not_a_list(table: Table, told: Recognised) -> str:
    """Why a table is no list of facilities, "" when it is one."""
    if told.layout.id in NOT_FACILITIES:
        return refusal("not_facilities", dataset=told.layout.title)
    found = match_headings(table.header, reading_layout(told.layout.id))
    headings = ", ".join(heading for heading in table.header if heading)[:200]
    names_in_subject = "subject" in found and any(
        not re.fullmatch(r"[0-9]*|[\w.-]+", row.cells[found["subject"]].strip(), re.ASCII)
        for row in table.rows
    )
    if "name" not in found and not names_in_subject and told.kind is not FacilityKind.FIRE_HYDRANT:
        return refusal("no_name_column", found=headings)
    if not {"address", "address_town", "latitude", "location"} & set(found):
        return refusal("no_place_column", found=headings)
    return ""


def _place(body_code: str, as_of: date) -> Place:
    """Codes and names that may stand in the rows: the body, its municipalities, its wards; all without a body."""
    areas = list_areas(as_of=as_of)
    if body_code:
        own = {body_code}
        for _level in range(2):  # a prefecture's municipalities, and their wards
            own |= {area.code for area in areas if area.parent_code in own}
        areas = [area for area in areas if area.code in own]
    names: dict[str, tuple[str, ...]] = {body_code: ()} if body_code else {}
    names |= {area.code: (area.name, area.full_name, area.city or area.name) for area in areas}
    return Place(body_code, names)


def _build(
    table: Table, checked: Checked, kind: FacilityKind, place: Place, notes: Notes, refused: list[RefusedRow]
) -> list[FacilityDraft]:
    rows = {row.number: row for row in table.rows}
    drafts: list[FacilityDraft] = []
    for row in checked.rows:
        built = build_draft(row, checked.columns, kind, place, notes)
        if isinstance(built, FacilityDraft):
            drafts.append(built)
        else:
            column, why = built
            problem = Problem(column.id if column else "", column.label if column else "", why)
            refused.append(RefusedRow(rows[row.number], (problem,)))
    return drafts


def _tell_apart(
    drafts: list[FacilityDraft], table: Table, checked: Checked, notes: Notes, refused: list[RefusedRow]
) -> list[FacilityDraft]:
    """Give each facility its key: the list's number when it is good for every row, else name and address."""
    numbers = Counter(draft.local_id for draft in drafts)
    position = checked.found.get("local_id", checked.found.get("subject"))
    label = table.header[position] if position is not None else ""
    by_number = bool(drafts) and "" not in numbers and max(numbers.values()) == 1
    if by_number:
        notes.tell("keys_by_number", label=label)
    elif drafts and "" not in numbers:
        notes.doubt("numbers_repeated", label=label)
    elif drafts:
        notes.tell("keys_by_place")
    kept: dict[str, FacilityDraft] = {}
    rows = {row.number: row for row in table.rows}
    for draft in drafts:
        draft.source_key = number_key(draft) if by_number else place_key(draft)
        twin = kept.get(draft.source_key)
        if twin is None:
            kept[draft.source_key] = draft
        elif _same_facts(twin, draft):
            notes.mend("same_rows", draft.row)
        else:
            problem = Problem("name", checked.columns.by_id["name"].label, reason("same_key", row=twin.row))
            refused.append(RefusedRow(rows[draft.row], (problem,)))
    return list(kept.values())


def _same_facts(one: FacilityDraft, other: FacilityDraft) -> bool:
    def facts(draft: FacilityDraft) -> dict[str, object]:
        return {key: value for key, value in draft.stored().items() if key not in ("fingerprint", "local_id")}

    return facts(one) == facts(other)


def _tell_governments(
    table: Table, drafts: Sequence[FacilityDraft], place: Place, as_of: date, notes: Notes
) -> None:
    """Say whose rows these are, and when the title names another local government."""
    codes = Counter(draft.area_code for draft in drafts if draft.area_code)
    names = {code: place.names.get(code, ()) for code in codes}
    listed = [
        f"{code} {names[code][1] if len(names[code]) > 1 else ''}".strip() for code, _ in codes.most_common(5)
    ]
    if listed:
        notes.tell("governments", areas=", ".join(listed) + (" …" if len(codes) > 5 else ""))
    for title in table.preamble:
        for word in _GOVERNMENT.findall(title):
            found = find_areas_by_name(word, as_of=as_of)
            if found and codes and not any(word in name for each in names.values() for name in each):
                notes.doubt("title_against_rows", title=word, rows=", ".join(listed))
                return


def _refused_remarks(refused: Sequence[RefusedRow]) -> list[Remark]:
    grouped: dict[tuple[str, str], list[RefusedRow]] = {}
    for item in refused:
        for problem in item.problems:
            grouped.setdefault((problem.label, problem.code), []).append(item)
    remarks = []
    for (label, code), items in grouped.items():
        reasons = [problem.reason for item in items for problem in item.problems if problem.code == code]
        text = str(reasons[0])
        if len({str(each) for each in reasons}) > 1:
            text = str(replace(reasons[0], params=dict.fromkeys(reasons[0].params, "…")))
        numbers = tuple(item.row.number for item in items)[:_LISTED_ROWS]
        params = {"label": label or "—", "reason": text}
        remarks.append(Remark(RemarkKind.REFUSED, "refused_rows", len(items), numbers, params))
    return remarks
