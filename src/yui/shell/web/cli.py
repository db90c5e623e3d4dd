"""Commands of the web shell: ``yui web …``."""

import typer

from yui.shell.web import translations

app = typer.Typer(help="Pages and their words.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Pages and their words."""


@app.command("compile-translations")
def compile_translations(force: bool = typer.Option(False, help="Compile unchanged catalogues too.")) -> None:
    """Compile the catalogues that changed."""
    done = translations.compile_all(force=force)
    typer.echo(f"{len(done)} catalogue(s) compiled.", err=True)


@app.command("missing-translations")
def missing_translations(
    under: str = typer.Option("", help="Only files under this folder, for example services/residents."),
) -> None:
    """Print messages without a Japanese text, ready to be put into a catalogue; exit 1 when there are any."""
    missing = [use for use in translations.list_missing() if str(use.path).startswith(under)]
    for use in missing:
        typer.echo(f"#: {use.path}:{use.line}")
        if use.context:
            typer.echo(f"msgctxt {_quoted(use.context)}")
        typer.echo(f"msgid {_quoted(use.text)}")
        if use.plural:
            typer.echo(f'msgid_plural {_quoted(use.plural)}\nmsgstr[0] ""\n')
        else:
            typer.echo('msgstr ""\n')
    if missing:
        raise typer.Exit(1)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
