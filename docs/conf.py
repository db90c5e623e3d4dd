"""Settings of the manual."""

import re
import sys
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))
from glossary_page import write_page

import yui
from yui.procedures.programmes.chapters import write_chapters

project = "Yui"
author = "The Yui founders"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Yui (結)"
language = "en"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]


SERVICES = Path(yui.__file__).parent / "services"
PICTURE = re.compile(r"^!\[[^]]*\]\(([^)]+\.png)\)$", re.MULTILINE)


def leave_out_missing_pictures(app: Sphinx, page: str, source: list[str]) -> None:
    """Drop screenshots that are not there; the journeys take them."""
    folder = (Path(app.srcdir) / page).parent
    source[0] = PICTURE.sub(lambda found: found[0] if (folder / found[1]).exists() else "", source[0])


def setup(app: Sphinx) -> None:
    """Make the pages that are made from data."""
    docs = Path(__file__).parent
    write_page(docs)
    write_chapters(SERVICES.iterdir(), docs / "manual" / "reference" / "programmes")
    app.connect("source-read", leave_out_missing_pictures)
