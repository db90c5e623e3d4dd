"""How functions are compiled, and where what was compiled is kept.

Numba keeps a compiled function as long as its own file stays as it is, even when a function that it calls in another
file changes. So what is compiled is kept under a name that stands for all files of this package together.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numba
from numba.core import config

F = TypeVar("F", bound=Callable[..., object])
_HERE = Path(__file__).resolve().parent


def _version() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for file in sorted(_HERE.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _folder() -> str:
    """Beside this package, else in the user's own cache; never where somebody else could write. Empty when nowhere."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for place in (_HERE / "__pycache__", home / "yui" / "dispatch"):
        folder = place / f"compiled-{_version()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return str(folder)
    return ""


_FOLDER = config.CACHE_DIR or _folder()


def compiled(function: F) -> F:
    """The function as machine code, compiled when first called and kept on disk where that is possible.

    The code counts no references to its arrays (``_nrt=False``), which makes it about three times as fast; so it can't
    make any: room to work in is passed to it.
    """
    before, config.CACHE_DIR = config.CACHE_DIR, _FOLDER
    try:
        return cast(F, numba.njit(cache=bool(_FOLDER), _nrt=False)(function))
    finally:
        config.CACHE_DIR = before
