"""``yui transit``: services from files, feeds in and out, and days tried before a bus starts."""

import typer

from yui.services.transit.cli import feeds, services, simulating

app = typer.Typer(help="Rides on demand: services, roads, feeds, simulation.", no_args_is_help=True)
app.command("define")(services.define)
app.command("roads")(services.roads)
app.command("surroundings")(services.surroundings)
app.command("simulate")(simulating.simulate)
app.command("export-feed")(feeds.export_feed)
app.command("import-feed")(feeds.import_feed)
app.command("check-feed")(feeds.check_feed)
