"""Mergers and renamings from the municipality converter of census years.

The file has one row for every municipality of any census since 1980, with the code and the name it had at
each census, and dated sentences that carry the codes. The codes at the censuses are trusted; the sentences
give the day on which one code became another.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from yui.kernel.tables.public import Table
from yui.registries.areas.contracts import AreaChangeView, AreaKind, AreaRef, ChangeKind
from yui.registries.areas.rules import complete_area_code

SOURCE = "総務省「国勢調査」各回の市区町村 (municipality converter)"
CENSUS_YEARS = (1980, 1985, 1990, 1995, 2000, 2005, 2010, 2015, 2020)

_SENTENCE = re.compile(
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日、(?P<text>.+?)(?=[；　]\d{4}年|\Z)"
)
_CODED = re.compile(r"([^、；()（）]+)[(（](?:[^()（）]*、)?(\d{5})[)）]")
_CONSOLIDATED = re.compile(r"(?P<left>.+)が合併し、(?P<right>.+)を新設\Z")
_DESIGNATED = re.compile(r"(?P<left>[^、]+?\(\d{5}\))の(?P<right>.+)への政令指定都市(施行|移行)\Z")
_BECAME = re.compile(r"(?P<left>.+?)が(?P<right>.*)に(?P<what>市制施行|町制施行|名称変更|(郡の)?区域変更)\Z")
_BECAME_KIND = {
    "市制施行": ChangeKind.CITY_STATUS,
    "町制施行": ChangeKind.TOWN_STATUS,
    "名称変更": ChangeKind.RENAMING,
    "区域変更": ChangeKind.COUNTY_CHANGE,
    "郡の区域変更": ChangeKind.COUNTY_CHANGE,
}


Link = tuple[date, str, str]  # day, code before, code after; five digits


@dataclass(frozen=True)
class Event:
    """One dated sentence: these codes became those.

    Attributes:
        on: first day of the new state.
        kind: what happened.
        before: codes and names before.
        after: codes and names after; as many as before, or one.
        partial: codes of which only a part became the other.
    """

    on: date
    kind: ChangeKind
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]
    partial: frozenset[str] = frozenset()

    @property
    def links(self) -> list[Link]:
        """Each code before with the code it became."""
        after = self.after if len(self.after) == len(self.before) else self.after * len(self.before)
        return [
            (self.on, source, target) for (source, _), (target, _) in zip(self.before, after, strict=True)
        ]


@dataclass
class History:
    """What a converter file tells.

    Attributes:
        areas: every version of every municipality it knows, by code and day.
        changes: what became what, and when.
        unexplained: code before, code after and census year of steps for which no sentence gives the day.
    """

    areas: list[AreaRef] = field(default_factory=list)
    changes: list[AreaChangeView] = field(default_factory=list)
    unexplained: list[tuple[str, str, int]] = field(default_factory=list)


def read_events(sentences: Iterable[str]) -> list[Event]:
    """Read the dated sentences of the converter's note columns.

    Example:
        >>> [event] = read_events(["2005年3月28日、藤代町(08563)が取手市(08217)に編入"])
        >>> event.on.isoformat(), event.kind.value, event.before, event.after
        ('2005-03-28', 'incorporation', (('08563', '藤代町'),), (('08217', '取手市'),))
    """
    found: dict[Event, None] = {}
    for sentence in dict.fromkeys(sentences):
        for match in _SENTENCE.finditer(sentence):
            on = date(int(match["year"]), int(match["month"]), int(match["day"]))
            for clause in re.split("[；　]|(?<=の廃止)、", match["text"]):
                for event in _read_clause(on, clause):
                    found[event] = None
    return sorted(found, key=lambda event: (event.on, event.before))


def _read_clause(on: date, clause: str) -> list[Event]:
    if match := _CONSOLIDATED.match(clause):
        before = _CODED.findall(match["left"])
        after = _CODED.findall(match["right"])
        # A new municipality that takes over a code is written without it: 松江市…が合併し、松江市を新設.
        after = after or [(name, code) for name, code in before if name == match["right"]]
        return _event(on, ChangeKind.CONSOLIDATION, before, after)
    if clause.endswith("に編入"):
        return _read_incorporation(on, clause)
    if match := _DESIGNATED.match(clause):
        return _event(
            on, ChangeKind.DESIGNATION, _CODED.findall(match["left"]), _CODED.findall(match["right"])
        )
    if match := _BECAME.match(clause):
        before, after = _CODED.findall(match["left"]), _CODED.findall(match["right"])
        if len(before) == len(after):
            return _event(on, _BECAME_KIND[match["what"]], before, after)
    return []  # founding and abolition of counties and wards say nothing about municipalities


def _read_incorporation(on: date, clause: str) -> list[Event]:
    """One municipality goes to another, or its villages (大字) to several."""
    events: list[Event] = []
    before: list[tuple[str, str]] = []
    for part in clause.split("に編入し、"):
        left, _, right = part.removesuffix("に編入").rpartition("が")
        before = _CODED.findall(left) or before
        parts = frozenset(
            code for _, code in before if re.search(rf"{code}\)大字", left) or left.startswith("大字")
        )
        events += _event(on, ChangeKind.INCORPORATION, before, _CODED.findall(right), parts)
    return events


def _event(
    on: date,
    kind: ChangeKind,
    before: list[tuple[str, str]],
    after: list[tuple[str, str]],
    partial: frozenset[str] = frozenset(),
) -> list[Event]:
    if not before or not after:
        return []
    sides = [tuple((code, _bare_name(name)) for name, code in side) for side in (before, after)]
    return [Event(on, kind, sides[0], sides[1], partial)]


def _bare_name(name: str) -> str:
    """A name without the county or branch office that a change of county writes before it."""
    return re.sub(r"\A.+?(郡|支庁)(?=.+[町村]\Z)", "", name.strip())


def read_history(table: Table) -> History:
    """Read a converter file; see the module.

    Raises:
        KeyError: a column of the converter is missing.
    """
    column = {heading: position for position, heading in enumerate(table.header)}
    notes = [position for heading, position in column.items() if heading.startswith("note_")]
    names: dict[str, dict[int, str]] = defaultdict(dict)
    steps: set[tuple[str, str, int, int]] = set()
    for row in table.rows:
        line = [
            (
                year,
                row.cells[column[f"id_muni{year}"]].strip().zfill(5),
                row.cells[column[f"name_muni{year}"]],
            )
            for year in CENSUS_YEARS
            if row.cells[column[f"id_muni{year}"]].strip()
        ]
        for year, code, name in line:
            names[code][year] = name.strip()
        for (since, before, _), (until, after, _) in pairwise(line):
            if before != after:
                steps.add((before, after, since, until))
    events = read_events(
        row.cells[position] for row in table.rows for position in notes if row.cells[position]
    )
    events = [_on_city_level(event, names) for event in events]
    links = {link: event for event in events for link in event.links}
    history = History()
    following: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        following[link[1]].append(link)
    for before, after, since, until in sorted(steps):
        if not _is_explained(before, after, since, until, following):
            history.unexplained.append((complete_area_code(before), complete_area_code(after), until))
    history.changes = [
        AreaChangeView(
            on,
            event.kind,
            complete_area_code(before),
            complete_area_code(after),
            before in event.partial,
            SOURCE,
        )
        for (on, before, after), event in sorted(links.items(), key=lambda item: item[0])
        if before != after
    ]
    concerning: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        for code in {code for code, _ in (*event.before, *event.after)}:
            concerning[code].append(event)
    for code in sorted({*names, *concerning}):
        history.areas.extend(_versions(code, names.get(code, {}), concerning[code]))
    return history


def _on_city_level(event: Event, names: Collection[str]) -> Event:
    """An incorporation into a ward, told of the ward's city (清水区 22103 → 静岡市 22100)."""

    def city_of(code: str) -> str:
        above = f"{int(code) // 10 * 10:05}"
        # Codes 101 to 199 of a prefecture are wards; in Tokyo they are municipalities and known themselves.
        return above if code not in names and above in names and 100 < int(code[2:]) < 200 else code

    return replace(event, after=tuple((city_of(code), name) for code, name in event.after))


def _is_explained(
    before: str, after: str, since: int, until: int, following: Mapping[str, list[Link]]
) -> bool:
    """Tell whether dated links lead from one code to the other between two censuses (1 October)."""
    reached = {before: date(since, 10, 1)}
    queue = [before]
    while queue:
        code = queue.pop()
        for on, _, target in following.get(code, ()):
            if reached[code] <= on <= date(until, 10, 1) and on < reached.get(target, date.max):
                reached[target] = on
                queue.append(target)
    return after in reached


def _versions(code: str, census: Mapping[int, str], events: Iterable[Event]) -> list[AreaRef]:
    """The spans of one code, cut where it began, ended or changed its name."""
    begins: list[tuple[date, str]] = []
    ends: list[date] = []
    renamed: list[tuple[date, str]] = []
    for event in events:
        becomes = {target for _, source, target in event.links if source == code}
        name = dict(event.after).get(code, "")
        if code in becomes:
            renamed.append((event.on, name))
        elif becomes:
            ends.append(event.on)
        elif event.kind is not ChangeKind.INCORPORATION:
            begins.append((event.on, name))
    starts: list[tuple[date | None, str]] = [*begins, *((on, name) for on, name in renamed if name)]
    if not begins or (ends and min(ends) < begins[0][0]):
        first = next((census[year].split()[-1] for year in sorted(census)), "")
        before = next((dict(event.before)[code] for event in events if code in dict(event.before)), "")
        starts.append((None, first or before))
    starts.sort(key=lambda start: start[0] or date.min)
    versions: list[AreaRef] = []
    for index, (since, name) in enumerate(starts):
        later = [day for day, _ in starts[index + 1 :] if day] + [
            day for day in ends if since is None or day >= since
        ]
        until = min(later, default=None)
        if versions and versions[-1].name == name and versions[-1].valid_until == since:
            versions[-1] = replace(versions[-1], valid_until=until)
        elif name and (until is None or until != since):
            versions.append(_area(code, name, census, since, until))
    return versions


def _area(code: str, name: str, census: Mapping[int, str], since: date | None, until: date | None) -> AreaRef:
    words = next((text.split() for _, text in sorted(census.items()) if text.split()[-1] == name), [])
    kinds = {"市": AreaKind.CITY, "区": AreaKind.SPECIAL_WARD, "町": AreaKind.TOWN, "村": AreaKind.VILLAGE}
    return AreaRef(
        code=complete_area_code(code),
        kind=kinds.get(name[-1], AreaKind.TOWN),
        name=name,
        county=words[1] if len(words) > 2 else "",
        prefecture=words[0] if words else "",
        parent_code=complete_area_code(code[:2] + "000"),
        valid_from=since,
        valid_until=until,
        source=SOURCE,
    )
