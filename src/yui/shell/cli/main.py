"""Puts the command groups together and starts one."""

import importlib
import os
import sys
from importlib.util import find_spec
from typing import NoReturn

import typer

from yui.config.database import DatabaseProblem
from yui.shell.cli import database, processes

root = typer.Typer(
    name="yui",
    help="Yui (結): one platform for Japan's public services.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
root.add_typer(database.app, name="db")
for command in (processes.demo, processes.serve, processes.worker, processes.stop):
    root.command()(command)


def _add_groups() -> None:
    """Every installed app's ``cli.app`` becomes a group named by its ``cli.GROUP`` or its label."""
    from django.apps import apps

    for config in apps.get_app_configs():
        if not config.name.startswith("yui.") or not find_spec(f"{config.name}.cli"):
            continue
        module = importlib.import_module(f"{config.name}.cli")
        root.add_typer(module.app, name=getattr(module, "GROUP", config.label))


def main() -> None:
    """Entry point of the ``yui`` command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yui.config.settings")
    try:
        # `db start` must work before there is any database, so Django is set up only for the rest.
        if not (sys.argv[1:2] == ["db"] and sys.argv[2:3] in (["start"], ["stop"])):
            database.start_if_embedded()
            import django

            django.setup()
            _add_groups()
        root()
    except DatabaseProblem as problem:
        _give_up(str(problem))
    except Exception as error:
        from django.db import OperationalError

        from yui.kernel.tenancy.contracts import WrongRole

        if isinstance(error, WrongRole):
            _give_up(str(error))
        if isinstance(error, OperationalError):
            _give_up(f"The database does not answer: {str(error).splitlines()[0]}")
        raise


def _give_up(text: str) -> NoReturn:
    """What is amiss outside Yui is a sentence, not a page of program text."""
    typer.echo(text, err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
