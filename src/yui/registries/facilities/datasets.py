"""Which published list a file is: by its headings first, by its title and name when they leave it open."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from yui.kernel.tables.public import ColumnMap, load_column_map, match_headings
from yui.registries.facilities.contracts import FacilityKind

_LAYOUTS = Path(__file__).parent / "layouts"
_SHARED = "facility"

# Layouts of lists that name no facilities; a file of one of them is refused by name.
NOT_FACILITIES = ("event", "open_data_list", "population")

KIND_OF_LAYOUT = {
    "aed": FacilityKind.AED,
    "care_service": FacilityKind.CARE_SERVICE,
    "cultural_property": FacilityKind.CULTURAL_PROPERTY,
    "evacuation_space": FacilityKind.EVACUATION_SPACE,
    "fire_hydrant": FacilityKind.FIRE_HYDRANT,
    "food_business_all": FacilityKind.FOOD_BUSINESS,
    "food_business_new": FacilityKind.FOOD_BUSINESS,
    "hospital": FacilityKind.HOSPITAL,
    "preschool": FacilityKind.PRESCHOOL,
    "public_facility": FacilityKind.PUBLIC_FACILITY,
    "public_toilet": FacilityKind.PUBLIC_TOILET,
    "public_wireless_lan": FacilityKind.WIFI,
    "shelter": FacilityKind.SHELTER,
    "special_care": FacilityKind.SPECIAL_CARE,
    "tourism": FacilityKind.TOURISM,
}
_LAYOUT_OF_KIND = {kind: layout for layout, kind in reversed(KIND_OF_LAYOUT.items())} | {
    FacilityKind.SCHOOL: "public_facility",
    FacilityKind.PARK: "public_facility",
    FacilityKind.OTHER: _SHARED,
}

# Words in titles and file names, the particular before the general (preschool before school).
_HINTS: tuple[tuple[FacilityKind, tuple[str, ...]], ...] = (
    (FacilityKind.AED, ("aed",)),
    (FacilityKind.SPECIAL_CARE, ("yohairyosya", "要配慮者")),
    (
        FacilityKind.PRESCHOOL,
        ("preschool", "kindergarten", "nursery", "幼稚園", "保育", "こども園", "子育て施設"),
    ),
    (FacilityKind.SCHOOL, ("school", "小学校", "中学校", "学校")),
    (FacilityKind.SHELTER, ("shelter", "避難所")),
    (FacilityKind.EVACUATION_SPACE, ("evacuation", "避難場所", "避難ビル")),
    (FacilityKind.PUBLIC_TOILET, ("toilet", "トイレ", "便所")),
    (FacilityKind.HOSPITAL, ("hospital", "病院", "医療機関", "診療所")),
    (FacilityKind.CARE_SERVICE, ("care_service", "elderly", "介護", "老人")),
    (FacilityKind.CULTURAL_PROPERTY, ("cultural_property", "文化財")),
    (FacilityKind.FIRE_HYDRANT, ("fire_hydrant", "hydrant", "消防水利", "消火栓")),
    (FacilityKind.FOOD_BUSINESS, ("food_business", "食品")),
    (FacilityKind.WIFI, ("wifi", "wi-fi", "wireless_lan", "wireless", "無線lan")),
    (FacilityKind.TOURISM, ("tourism", "sightseeing", "観光")),
    (FacilityKind.PARK, ("park", "公園")),
    (FacilityKind.PUBLIC_FACILITY, ("public_facility", "publicfacility", "公共施設")),
)


@dataclass(frozen=True)
class Recognised:
    """Which list a file is.

    Attributes:
        layout: the declared columns to read it by.
        kind: what it lists; None when it lists no facilities.
        told_by: ``headings``, ``title``, ``file_name``, ``folder``, ``caller`` or ``nothing``.
    """

    layout: ColumnMap
    kind: FacilityKind | None
    told_by: str


@cache
def get_layout(layout_id: str) -> ColumnMap:
    """A layout of this app by its id."""
    return load_column_map(_LAYOUTS / f"{layout_id}.yaml")


def layout_of_kind(kind: FacilityKind) -> ColumnMap:
    """The layout by which facilities of a kind are read and published."""
    return get_layout(_LAYOUT_OF_KIND[kind])


@cache
def reading_layout(layout_id: str) -> ColumnMap:
    """A layout with every shared column it leaves out, since lists carry more than their standard asks."""
    layout = get_layout(layout_id)
    more = tuple(column for column in get_layout(_SHARED).columns if column.id not in layout.by_id)
    return replace(layout, columns=layout.columns + more)


@cache
def layout_ids() -> tuple[str, ...]:
    """Every layout but the shared columns."""
    return tuple(sorted(path.stem for path in _LAYOUTS.glob("*.yaml") if path.stem != _SHARED))


@cache
def known_headings() -> frozenset[str]:
    """Every heading of every layout."""
    return frozenset(
        text
        for layout_id in (_SHARED, *layout_ids())
        for column in get_layout(layout_id).columns
        for text in column.headings
    )


def recognise(
    header: Sequence[str],
    *,
    titles: Iterable[str] = (),
    path: Path | None = None,
    kind: FacilityKind | None = None,
) -> Recognised:
    """Tell which list a file is.

    Two headings that only one list has decide, or one where most others agree. With fewer, the title above the
    headings, the file name and the folder decide in this order; without those, one such heading.

    Args:
        header: headings of the file.
        titles: lines above the headings.
        path: where the file was found.
        kind: what the caller says it is; then nothing is guessed.
    """
    if kind is not None:
        return Recognised(layout_of_kind(kind), kind, "caller")
    stem = path.stem if path else ""
    # Lists of all and of new food businesses have the same headings; only the file name tells them apart.
    own, share, _, best = max(
        (*_score(header, layout_id), layout_id in stem, layout_id) for layout_id in layout_ids()
    )
    if own >= 2 or (own and share > 0.5):
        hinted = (
            _kind_in(path.stem) if path and KIND_OF_LAYOUT.get(best) is FacilityKind.PUBLIC_FACILITY else None
        )
        return Recognised(get_layout(best), hinted or KIND_OF_LAYOUT.get(best), "headings")
    named = [("title", title) for title in titles]
    if path is not None:
        named += [("file_name", path.stem), ("folder", path.parent.name)]
    for told_by, text in named:
        if found := _kind_in(text):
            return Recognised(layout_of_kind(found), found, told_by)
    if own == 1:
        return Recognised(get_layout(best), KIND_OF_LAYOUT.get(best), "headings")
    return Recognised(get_layout(_SHARED), FacilityKind.OTHER, "nothing")


def _score(header: Sequence[str], layout_id: str) -> tuple[int, float]:
    """Headings that only this list has, and the share of headings in common."""
    layout = get_layout(layout_id)
    found = match_headings(header, layout)
    shared = get_layout(_SHARED).by_id
    filled = sum(1 for heading in header if heading.strip())
    own = sum(1 for column_id in found if column_id not in shared)
    return own, len(found) / max(1, filled + len(layout.columns) - len(found))


def _kind_in(text: str) -> FacilityKind | None:
    """The kind a title or name speaks of; an English word must stand alone, a Japanese one anywhere."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    for kind, words in _HINTS:
        for word in words:
            if word.isascii():
                if re.search(rf"(?<![a-z]){re.escape(word)}s?(?![a-z])", folded):
                    return kind
            elif word in folded:
                return kind
    return None
