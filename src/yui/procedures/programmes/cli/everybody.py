"""``yui rules sweep`` and ``simulate``: everybody of a programme in a body, as counts and sums."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from yui.engines.rules.public import CardError, Month, load_card
from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.tenancy.public import UnknownBody, body_scope
from yui.procedures.programmes.catalogue import BrokenProgramme
from yui.procedures.programmes.dates import SWEEP, Sweep, sweep
from yui.procedures.programmes.populations import NoPopulation, list_populations
from yui.procedures.programmes.queries import UnknownProgramme
from yui.procedures.programmes.simulation import SIMULATE, Figures, Simulation, SimulationRefused, simulate

_talk = Console(stderr=True)
_REFUSED = (
    BrokenProgramme,
    CardError,
    LookupError,
    NoPopulation,
    OSError,
    SimulationRefused,
    UnknownBody,
    UnknownProgramme,
)


def sweep_body(
    body: Annotated[str, typer.Option(help="Official code of the body.")],
    month: Annotated[str, typer.Option(help="The month to decide, YYYY-MM.")],
    programme: Annotated[str, typer.Option(help="Only this programme.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Decide about everybody for a month: how many decisions change; every next critical date is kept anew."""
    decided = _month(month)
    found: list[Sweep] = []
    for name in [programme] if programme else list_populations():
        try:
            with (
                body_scope(body),
                acting_as(system_actor("cli", [SWEEP, "people.protected.read"])),
                _shown(name) as progress,
            ):
                found.append(sweep(name, decided, progress=progress))
        except _REFUSED as refused:
            _give_up(str(refused))
    if as_json:
        shown = [{**asdict(one), "month": str(one.month)} for one in found]
        typer.echo(json.dumps(shown))
        return
    table = Table(box=None)
    for heading in (
        _("Programme"),
        _("Groups"),
        _("Decisions"),
        _("Changing"),
        _("Left open"),
        _("Date ahead"),
    ):
        table.add_column(heading, justify="left" if heading == _("Programme") else "right")
    for one in found:
        numbers = (one.groups, one.units, one.changing, one.undetermined, one.dates)
        table.add_row(one.programme, *(f"{number:,}" for number in numbers))
    Console().print(table, markup=False)


def simulate_change(
    programme: Annotated[str, typer.Argument(help="The programme.")],
    body: Annotated[str, typer.Option(help="Official code of the body.")],
    start: Annotated[str, typer.Option("--from", help="The first month, YYYY-MM.")],
    until: Annotated[str, typer.Option(help="The first month no longer looked at, YYYY-MM.")],
    card: Annotated[Path | None, typer.Option(help="The changed card.")] = None,
    ahead: Annotated[bool, typer.Option(help="Let time pass: who becomes entitled when.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Try a changed card on the residents of a body, beside today's: who gains, who loses, what it costs."""
    if card is None and not ahead:
        raise typer.BadParameter("Give a changed card with --card, or --ahead to let time pass.")
    try:
        changed = load_card(card) if card else None
        with (
            body_scope(body),
            acting_as(system_actor("cli", [SIMULATE, "people.protected.read"])),
            _shown(programme) as progress,
        ):
            found = simulate(programme, _month(start), _month(until), changed, progress)
    except _REFUSED as refused:
        _give_up(str(refused))
    if as_json:
        typer.echo(json.dumps(found.as_json()))
        return
    if ahead:
        Console().print(_time_table(_("Rules of today"), found.today), markup=False)
        if changed:
            Console().print(_time_table(_("Changed rules"), found.changed), markup=False)
    if changed:
        Console().print(_cost_table(found), markup=False)
        Console().print(_effects(found), markup=False)


def _cost_table(found: Simulation) -> Table:
    table = Table(box=None)
    for heading in (_("Month"), _("Today, yen"), _("Changed, yen"), _("Difference, yen"), _("Left open")):
        table.add_column(heading, justify="right")
    for month, today in found.today.items():
        changed = found.changed[month]
        opened = f"{today.undetermined:,} → {changed.undetermined:,}"
        table.add_row(month, f"{today.yen:,}", f"{changed.yen:,}", f"{changed.yen - today.yen:+,}", opened)
    totals = [sum(one.yen for one in figures.values()) for figures in (found.today, found.changed)]
    table.add_row(_("Together"), *(f"{total:,}" for total in totals), f"{totals[1] - totals[0]:+,}", "")
    return table


def _effects(found: Simulation) -> Table:
    table = Table(box=None, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right")
    for label, groups, yen in (
        (_("Gain"), found.gaining, f"{found.gained_yen:,}"),
        (_("Lose"), found.losing, f"{found.lost_yen:,}"),
        (_("As before"), found.same, ""),
        (_("Left open"), found.undetermined, ""),
    ):
        table.add_row(label, f"{groups:,}", yen)
    return table


def _time_table(name: str, figures: Mapping[str, Figures]) -> Table:
    table = Table(box=None, title=name, title_justify="left")
    table.add_column(_("Month"))
    for heading in (_("Beginning"), _("Ending"), _("With an amount")):
        table.add_column(heading, justify="right")
    for month, one in figures.items():
        table.add_row(month, f"{one.begin:,}", f"{one.end:,}", f"{one.paid:,}")
    return table


@contextmanager
def _shown(programme: str) -> Iterator[Callable[[int], None]]:
    """A line that counts the groups done; how many there are is known at the end only."""
    columns = (TextColumn("{task.description}"), TextColumn("{task.completed:,}"), TimeElapsedColumn())
    with Progress(*columns, console=_talk, transient=True) as shown:
        task = shown.add_task(programme, total=None)
        yield lambda groups: shown.update(task, completed=groups)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}” is not a month; write it like 2026-11.") from None


def _give_up(text: str) -> NoReturn:
    _talk.print(text, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)
