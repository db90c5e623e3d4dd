"""`yui sample`: write the sample prefecture to files, or put it into the registries."""

import datetime as dt
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from yui.shell.sample.generator import DEFAULT_DAY, DEFAULT_RESIDENTS, DEFAULT_SEED
from yui.shell.sample.geography import municipality
from yui.shell.sample.writing import write

GROUP = "sample"

app = typer.Typer(help="The sample prefecture 結県: fictional, statistically plausible, made from a seed.")
_talk = Console(stderr=True)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=_talk,
    )


@app.command()
def generate(
    folder: Annotated[Path, typer.Argument(help="Where to write; existing sample files are replaced.")],
    seed: Annotated[int, typer.Option(help="Same seed, same people.")] = DEFAULT_SEED,
    residents: Annotated[
        int | None, typer.Option(help=f"Size of the prefecture (default {DEFAULT_RESIDENTS:,}).")
    ] = None,
    on: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="Day of the register.")] = dt.datetime(  # noqa: DTZ001
        DEFAULT_DAY.year, DEFAULT_DAY.month, DEFAULT_DAY.day
    ),
) -> None:
    """Write resident imports, claimants, accounts and sign-in people to a folder."""
    started = time.perf_counter()
    with _bar() as bar:
        task = bar.add_task("generate", total=residents or DEFAULT_RESIDENTS)

        def report(code: str, count: int) -> None:
            bar.update(task, advance=count, description=municipality(code).name)

        try:
            manifest = write(folder, seed, residents, on.date(), report)
        except (ValueError, OSError) as error:
            _talk.print(str(error), style="red")
            raise typer.Exit(1) from error
    seconds = time.perf_counter() - started
    _talk.print(f"{manifest.residents:,} residents in {seconds:.1f} s")
    for files in manifest.municipalities:
        sys.stdout.write(f"{folder / files.residents}\t{files.resident_count}\t{files.sha256}\n")


@app.command()
def load(
    residents: Annotated[
        int | None, typer.Option(help=f"Size of the prefecture (default {DEFAULT_RESIDENTS:,}).")
    ] = None,
    port: Annotated[int, typer.Option(help="Port on which the pages will be served.")] = 8701,
    provider_port: Annotated[int, typer.Option(help="Port of the practice sign-in.")] = 8702,
) -> None:
    """Open the sample prefecture and load it, as `yui demo` does, without serving it."""
    # Read only now: writing files must work where the registries are not set up.
    from yui.shell.sample.public import SampleRefused, load_sample

    started = time.perf_counter()
    try:
        with _talk.status("結県") as status:
            sample = load_sample(
                residents=residents, provider_port=provider_port, port=port, progress=status.update
            )
    except SampleRefused as refused:
        _talk.print(str(refused), style="red")
        raise typer.Exit(1) from None
    names = "、".join(municipality(code).name for code in sample.loaded)
    seconds = time.perf_counter() - started
    _talk.print(f"{names or 'Everything was there already'}: {sample.residents:,} residents, {seconds:.1f} s")
    sys.stdout.write(f"{sample.provider.people}\n{sample.provider.clients}\n")
