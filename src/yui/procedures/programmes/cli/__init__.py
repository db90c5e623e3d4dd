"""``yui rules``: check, test, document, explain, and decide about everybody."""

import typer

from yui.procedures.programmes.cli import cards, everybody, explaining

GROUP = "rules"
app = typer.Typer(help="Rule cards: check, test, document, explain, try.", no_args_is_help=True)
app.command("check")(cards.check)
app.command("test")(cards.run_tables)
app.command("doc")(cards.doc)
app.command("explain")(explaining.explain_decision)
app.command("simulate")(everybody.simulate_change)
app.command("sweep")(everybody.sweep_body)

__all__ = ["GROUP", "app"]
