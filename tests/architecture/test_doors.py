"""From outside an app only its ``public.py`` and ``contracts.py`` are imported."""

import grimp
import pytest

FLOORS_OF_APPS = ("kernel", "registries", "procedures", "services", "shell", "engines")
WHOLE_APPS = ("yui.identity", "yui.supply")
DOORS = ("public", "contracts")
# An engine's part that needs a heavy library has a door of its own, so that whoever needs no such part stays light.
SIDE_DOORS = ("yui.engines.rules.bulk.public",)
# Assembling is the shell's and the configuration's work; they start things that no other package may reach for.
ASSEMBLERS = {
    "yui.shell.cli": ("yui.kernel.tenancy.provision", "yui.shell.web.translations"),
    "yui.config": (),
}


def app_of(module: str) -> str | None:
    """The app a module belongs to, or None for one that belongs to none, such as ``yui.kernel.services``."""
    parts = module.split(".")
    if module.startswith(WHOLE_APPS):
        return ".".join(parts[:2])
    if len(parts) > 2 and parts[1] in FLOORS_OF_APPS:
        return ".".join(parts[:3])
    return None


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("yui")


def trespasses(graph: grimp.ImportGraph) -> list[str]:
    """Imports that do not go through a door."""
    found = []
    for importer in sorted(graph.modules):
        if ".tests" in importer or ".migrations." in importer:  # Django writes imports of defaults by itself
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            home = app_of(imported)
            if home is None or app_of(importer) == home:
                continue
            room = imported.removeprefix(home).lstrip(".").split(".")[0]
            allowed = next((extra for start, extra in ASSEMBLERS.items() if importer.startswith(start)), ())
            if room in DOORS or imported in (*allowed, *SIDE_DOORS, "yui.kernel.services"):
                continue
            found.append(f"{importer} -> {imported}")
    return found


def test_apps_are_entered_through_their_doors(graph: grimp.ImportGraph) -> None:
    assert trespasses(graph) == []


def test_the_check_can_fail() -> None:
    graph = grimp.ImportGraph()
    graph.add_import(importer="yui.services.portal.views", imported="yui.procedures.cases.models")
    assert trespasses(graph) == ["yui.services.portal.views -> yui.procedures.cases.models"]
