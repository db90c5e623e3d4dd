"""The map library as the Python package ``maplibre`` ships it, served from here: nothing is fetched from elsewhere."""

import gzip
import re
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

_MODULE = re.compile(r'^define\("(\w+)"', re.MULTILINE)
_WORKER = (
    "var modules = {}, shared = {};\n"
    "function define(name, needs, make) { modules[name] = make; }\n"
    "%s\n"
    "modules.shared(shared);\n"
    "modules.worker(shared);\n"
)


class NoMapLibrary(RuntimeError):
    """The package does not hold what it held when this was written."""


def release() -> str:
    """Its version, which stands in the addresses so that browsers may keep the files."""
    return version("maplibre")


@cache
def packed(name: str) -> bytes:
    """A file of the library, compressed with gzip: ``maplibre-gl.js``, ``maplibre-gl.css`` or ``worker.js``.

    Raises:
        LookupError: there is no such file.
        NoMapLibrary: the library is put together in another way than known.
    """
    if name == "worker.js":
        return gzip.compress(_worker().encode(), mtime=0)
    if name not in ("maplibre-gl.js", "maplibre-gl.css"):
        raise LookupError(name)
    return gzip.compress((_folder() / name).read_bytes(), mtime=0)


def _folder() -> Path:
    # Importing the package would load what draws maps in notebooks.
    found = find_spec("maplibre")
    if found is None or found.origin is None:
        raise NoMapLibrary("The package maplibre is not installed.")
    return Path(found.origin).parent / "srcjs"


def _worker() -> str:
    """The library's worker as a script of its own.

    The library would start it from a ``blob:`` address, for which the content security policy would have to be
    opened. It keeps its parts as named modules, of which the worker is two.
    """
    text = (_folder() / "maplibre-gl.js").read_text(encoding="utf-8")
    starts = {found[1]: found.start() for found in _MODULE.finditer(text)}
    if list(starts) != ["shared", "worker", "index"]:
        raise NoMapLibrary(f"The map library has the parts {list(starts)}, not the ones known.")
    return _WORKER % text[starts["shared"] : starts["index"]]
