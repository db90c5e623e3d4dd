"""The environment of the peer, openfisca-japan, and how it is asked.

The peer is AGPL: it is installed into an environment of its own under the state folder and asked through JSON; nothing
of it is imported or kept.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PEER_SIDE = Path(__file__).resolve().parent / "openfisca_japan_side.py"
# The newest core is the peer's fastest; its own pin (core 41) is older and slower by a half.
PEER_CORE = "openfisca-core==46.0.1"
PEER = "openfisca-japan==2.2.0"


def peer_python() -> Path:
    """The interpreter of the peer's environment, made on first use.

    Raises:
        SystemExit: the packages cannot be installed.
    """
    state = Path(os.environ.get("YUI_STATE", ROOT / ".yui"))
    home = state / "peers" / f"{PEER}-{PEER_CORE}".replace("==", "-")
    python = home / "bin" / "python"
    if (home / "ready").exists():
        return python
    print(f"Installing {PEER} on {PEER_CORE} into {home}", file=sys.stderr)
    uv = shutil.which("uv") or (
        str(state / "uv" / "bin" / "uv") if (state / "uv" / "bin" / "uv").exists() else None
    )
    if uv:
        make = [[uv, "venv", "--quiet", "--clear", str(home)]]
        install = [uv, "pip", "install", "--quiet", "--python", str(python)]
    else:
        make = [[sys.executable, "-m", "venv", "--clear", str(home)]]
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # The peer pins core 41; without its pins it installs and passes its own cases on core 46 as well.
    for command in [*make, [*install, PEER_CORE, "pyyaml"], [*install, "--no-deps", PEER]]:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(
                f"The peer could not be installed ({' '.join(command)} failed); is the package registry reachable?\n"
                f"{done.stderr[-2000:]}"
            )
    (home / "ready").touch()
    return python


def ask_peer(python: Path, request: str, batches: Any = None) -> Any:
    """One request to the peer's side.

    Raises:
        SystemExit: the peer failed.
    """
    environment = {
        key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    done = subprocess.run(
        [str(python), str(PEER_SIDE), request],
        input=json.dumps(batches, default=str),
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        raise SystemExit(f"The peer failed on “{request}”:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)
