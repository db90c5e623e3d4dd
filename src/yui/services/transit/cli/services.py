"""Setting up a service from files: how it works, its roads, who lives around it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from django.utils.translation import gettext as _

from yui.engines.travel.public import NetworkError
from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.tenancy.public import UnknownBody, body_scope
from yui.services.transit.apps import BOARD, MANAGE
from yui.services.transit.contracts import TransitRefused
from yui.services.transit.definitions import define_service, read_definition
from yui.services.transit.simulation.surroundings import UnreadableFile
from yui.services.transit.trials import keep_surroundings
from yui.supply.public import import_road_map, open_board

Body = Annotated[str, typer.Option("--body", help="Official code of the body.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


def give_up(told: object) -> NoReturn:
    """Say why and end with failure."""
    typer.echo(str(told), err=True)
    raise typer.Exit(1)


@contextmanager
def acting(body: str, command: str, *permissions: str) -> Iterator[None]:
    """Act for a body; what is refused is a sentence."""
    try:
        with (
            acting_as(system_actor(f"transit.{command}", permissions=frozenset(permissions))),
            body_scope(body),
        ):
            yield
    except (UnknownBody, TransitRefused, NetworkError, UnreadableFile) as refused:
        give_up(refused)


def define(
    file: File,
    body: Body,
    road_map: Annotated[
        str, typer.Option(help="Code of imported roads; without, ways are by the crow.")
    ] = "",
    dry_run: DryRun = False,
) -> None:
    """Take over how a service works from a YAML file, and open its board. The same file twice changes nothing."""
    with acting(body, "define", MANAGE, BOARD):
        definition = read_definition(file)
        if not dry_run:
            define_service(definition)
            open_board(code=definition.code, road_map=road_map)
    told = _("%(code)s %(name)s from %(day)s: %(stops)d stops")
    words = {
        "code": definition.code,
        "name": definition.name_ja,
        "day": definition.valid_from,
        "stops": len(definition.stops),
    }
    typer.echo(told % words, err=True)


def roads(
    file: File,
    body: Body,
    source: Annotated[str, typer.Option(help="Whose roads they are, as it stands beside a map.")],
    licence: Annotated[str, typer.Option(help="Under which they may be used.")],
    code: Annotated[str, typer.Option(help="Code of the map.")] = "roads",
) -> None:
    """Import roads from an OpenStreetMap extract (.osm, .osm.gz, .osm.pbf). The same file twice changes nothing."""
    with acting(body, "roads", "supply.map.import"):
        kept = import_road_map(code=code, path=file, source=source, licence=licence)
    typer.echo(f"{code} {kept.sha256[:12]}", err=True)


def surroundings(file: File, body: Body) -> None:
    """Keep who lives where and where people go, for made-up days. The same file twice changes nothing."""
    with acting(body, "surroundings", MANAGE):
        keep_surroundings(file.read_text(encoding="utf-8-sig"))


__all__ = ["acting", "define", "give_up", "roads", "surroundings"]
