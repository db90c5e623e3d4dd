"""Reads of evidence: what a body knows, as known at any time, and what everybody may see."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from yui.evidence.apps import CONFIRM
from yui.evidence.contracts import (
    NATION,
    Definition,
    Entry,
    EntryState,
    Figure,
    Published,
    UnknownFigure,
    Vintage,
)
from yui.evidence.models import DefinitionVersion, HandEntry, Observation, ProjectionVintage, Publication
from yui.evidence.stored import definition_of, figure_of, published_of, read_row, vintage_of
from yui.kernel.access.public import require
from yui.kernel.text.public import Message, gettext_noop
from yui.registries.areas.public import find_area


def definition_row(code: str, version: int | None = None) -> DefinitionVersion:
    """A version of an indicator of the active body, the newest when none is named.

    Raises:
        UnknownFigure: there is none.
    """
    rows = DefinitionVersion.objects.filter(code=code).order_by("-version")
    row = (rows if version is None else rows.filter(version=version)).first()
    if row is None:
        told = gettext_noop("There is no indicator %(code)s, or not in this version.")
        raise UnknownFigure(Message("no_indicator", told, {"code": code}))
    return row


def list_definitions(code: str = "") -> list[Definition]:
    """Every version of every indicator of the active body, or of one."""
    rows = DefinitionVersion.objects.order_by("code", "version")
    return [definition_of(row) for row in (rows.filter(code=code) if code else rows)]


def list_vintages() -> list[Vintage]:
    """Every release of a projection that the active body knows."""
    return [vintage_of(row) for row in ProjectionVintage.objects.order_by("code")]


def list_figures(
    code: str,
    *,
    version: int | None = None,
    areas: Iterable[str] | None = None,
    known_at: dt.datetime | None = None,
) -> list[Figure]:
    """Figures of one definition as they are known, or as they were known at a moment; by area and time.

    Args:
        version: of the definition; the newest when left out.
        known_at: what was recorded later is left out, corrections too.
    """
    rows = _observations(definition_row(code, version))
    if areas is not None:
        rows = rows.filter(area_code__in=list(areas))
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    latest = {figure.key: figure for figure in map(figure_of, rows)}
    return sorted(latest.values(), key=lambda one: (one.area, one.status.value, one.vintage, one.period))


def list_corrections(code: str, version: int, key: tuple[str, str, str, str]) -> list[Figure]:
    """Everything that was ever known of one figure, the first first."""
    rows = _observations(definition_row(code, version)).filter(area_code=key[0])
    return [figure for figure in map(figure_of, rows) if figure.key == key]


def _observations(definition: DefinitionVersion) -> QuerySet[Observation]:
    return (
        Observation.objects.filter(definition=definition)
        .select_related("definition", "vintage", "snapshot")
        .defer("snapshot__content", "vintage__figures")
        .order_by("recorded_at", "pk")
    )


def list_entries(state: EntryState = EntryState.ENTERED) -> list[Entry]:
    """Figures entered by hand, the oldest first.

    Raises:
        PermissionRefused: ``evidence.figure.confirm`` is missing.
    """
    require(CONFIRM)
    rows = HandEntry.objects.filter(state=state.value).select_related("definition").order_by("pk")
    return [entry_of(row) for row in rows]


def entry_of(row: HandEntry) -> Entry:
    """An entry as it crosses the door."""
    return Entry(
        public_id=str(row.public_id),
        code=row.definition.code,
        version=row.definition.version,
        row=read_row(row.row),
        state=EntryState(row.state),
        entered_by=row.entered_by,
        entered_at=row.entered_at,
    )


def list_published(
    *, code: str = "", publisher: str = "", known_at: dt.datetime | None = None
) -> list[Published]:
    """The newest publication of every version of every indicator; needs no active body.

    Args:
        publisher: code of a body; every body's when left out.
        known_at: as it was published at a moment.
    """
    return [published_of(row) for row in publication_rows(code=code, publisher=publisher, known_at=known_at)]


def get_published(
    publisher: str, code: str, version: int, *, known_at: dt.datetime | None = None
) -> Published:
    """The newest publication of one version; needs no active body.

    Raises:
        UnknownFigure: there is none.
    """
    return published_of(publication_row(publisher, code, version, known_at=known_at))


def publication_rows(
    *, code: str = "", publisher: str = "", known_at: dt.datetime | None = None
) -> list[Publication]:
    """Rows of :func:`list_published`."""
    rows = Publication.objects.select_related("publisher").order_by(
        "publisher__code", "code", "version", "-number"
    )
    if code:
        rows = rows.filter(code=code)
    if publisher:
        rows = rows.filter(publisher__code=publisher)
    if known_at is not None:
        rows = rows.filter(published_at__lte=known_at)
    return list(rows.distinct("publisher__code", "code", "version"))


def publication_row(
    publisher: str, code: str, version: int, *, known_at: dt.datetime | None = None
) -> Publication:
    """The row of :func:`get_published`."""
    rows = Publication.objects.select_related("publisher").filter(
        publisher__code=publisher, code=code, version=version
    )
    row = (rows if known_at is None else rows.filter(published_at__lte=known_at)).order_by("-number").first()
    if row is None:
        raise UnknownFigure(Message("not_published", gettext_noop("Nothing is published of this.")))
    return row


def published_files(
    publisher: str, code: str, version: int, *, known_at: dt.datetime | None = None
) -> dict[str, bytes]:
    """The files of the newest publication, as they lie in its folder."""
    files: dict[str, str] = publication_row(publisher, code, version, known_at=known_at).files
    return {name: text.encode() for name, text in files.items()}


def area_name(code: str, language: str = "ja") -> str:
    """What an area is called; the nation too."""
    if code == NATION:
        return "Japan" if language.startswith("en") else "全国"
    area = find_area(code)
    if area is None:
        return code
    return area.romaji or area.name if language.startswith("en") else area.name


def list_editions(publisher: str, code: str, version: int) -> list[tuple[int, dt.datetime, str]]:
    """Number, moment and hash of everything published of one version, the newest first."""
    rows = Publication.objects.filter(publisher__code=publisher, code=code, version=version).order_by(
        "-number"
    )
    return list(rows.values_list("number", "published_at", "sha256"))
