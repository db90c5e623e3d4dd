"""``yui db``: the embedded PostgreSQL, roles and tables."""

import os

import typer

from yui.config.database import state_folder

app = typer.Typer(help="The database: start, stop, set up.", no_args_is_help=True)


def uses_embedded() -> bool:
    """Whether this installation runs its own PostgreSQL, that is, no DATABASE_URL is given."""
    return not os.environ.get("DATABASE_URL")


def start_if_embedded() -> None:
    """Start the embedded server when it is ours and not running."""
    if uses_embedded():
        from yui.shell.cli.embedded import start_server

        start_server(state_folder())


@app.command()
def start() -> None:
    """Start the embedded PostgreSQL (nothing to do when DATABASE_URL is set)."""
    if not uses_embedded():
        typer.echo("DATABASE_URL is set; its server is not ours to start.", err=True)
        return
    start_if_embedded()
    typer.echo((state_folder() / "database_url").read_text().strip())


@app.command()
def stop() -> None:
    """Stop the embedded PostgreSQL."""
    if uses_embedded():
        from yui.shell.cli.embedded import stop_server

        stop_server(state_folder())


@app.command()
def setup() -> None:
    """Make roles, database and tables, or bring them up to date."""
    from yui.kernel.tenancy.provision import prepare

    prepare()
    typer.echo("The database is ready.", err=True)
