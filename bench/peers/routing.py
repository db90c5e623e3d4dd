"""Pickup and delivery beside PyVRP and VROOM, which live in an environment of their own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from bench.judges.routes import Instance, judge

ROOT = Path(__file__).resolve().parent.parent.parent
SIDE = Path(__file__).resolve().parent / "routing_side.py"
PACKAGES = ("pyvrp==0.14.1", "pyvroom==1.15.2")
FIXED = 10_000 * 10**6
"""A vehicle more is worse than any way; in the engine's unit."""
Solve = Callable[[Instance, float, int], list[list[int]]]


def peers_python() -> Path:
    """The interpreter of the peers' environment, made on first use.

    Raises:
        SystemExit: the packages cannot be installed.
    """
    state = Path(os.environ.get("YUI_STATE", ROOT / ".yui"))
    home = state / "peers" / "-".join(PACKAGES).replace("==", "-")
    python = home / "bin" / "python"
    if (home / "ready").exists():
        return python
    print(f"Installing {', '.join(PACKAGES)} into {home}", file=sys.stderr)
    uv = shutil.which("uv") or next((str(one) for one in [state / "uv" / "bin" / "uv"] if one.exists()), None)
    make = (
        [uv, "venv", "--quiet", "--clear", str(home)]
        if uv
        else [sys.executable, "-m", "venv", "--clear", str(home)]
    )
    install = [uv, "pip", "install", "--python", str(python)] if uv else [str(python), "-m", "pip", "install"]
    for command in (make, [*install, "--quiet", *PACKAGES]):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(
                f"The peers could not be installed ({' '.join(command)}):\n{done.stderr[-2000:]}"
            )
    (home / "ready").touch()
    return python


def ask(python: Path, solver: str, instance: Instance, seconds: float) -> list[list[int]]:
    """Routes of a peer, as nodes."""
    asked = {
        "solver": solver,
        "seconds": seconds,
        "vehicles": instance.vehicles,
        "capacity": round(instance.capacity),
        "nodes": [[one.x, one.y, one.service, one.load, one.opens, one.closes] for one in instance.nodes],
        "pairs": instance.pairs,
    }
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(python), str(SIDE)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        env=clean,
    )
    if done.returncode:
        raise SystemExit(f"{solver} failed:\n{done.stderr[-2000:]}")
    routes: list[list[int]] = json.loads(done.stdout)
    return routes


def pickup_and_delivery(
    instances: Sequence[Instance],
    seconds: float,
    known: Mapping[str, tuple[int, float]],
    solve: Solve,
    *,
    peers: bool,
) -> bool:
    """All instances with one budget; whether the promises are met."""
    python = peers_python() if peers else None
    print(f"\n{'':10}{'best known':>16}{'engine':>18}{'PyVRP':>18}{'VROOM':>18}   vehicles/distance")
    gaps, more, illegal, behind = [], 0, 0, 0
    for instance in instances:
        rows = [solve(instance, seconds, FIXED)]
        if python:
            rows += [ask(python, solver, instance, seconds) for solver in ("pyvrp", "vroom")]
        judged = [(sum(bool(route) for route in routes), *judge(instance, routes)) for routes in rows]
        best = known.get(instance.name)
        (vehicles, distance, wrong), *others = judged
        illegal += bool(wrong)
        if best:
            more += vehicles > best[0]
            if vehicles == best[0]:
                gaps.append(100 * (distance / best[1] - 1))
        behind += any(not bad and (count, way) < (vehicles, distance - 1e-3) for count, way, bad in others)
        cells = [f"{best[0]}/{best[1]:.2f}" if best else "-"]
        cells += [f"{count}/{way:.2f}{'*' if bad else ''}" for count, way, bad in judged]
        print(f"{instance.name:10}{cells[0]:>16}" + "".join(f"{cell:>18}" for cell in cells[1:]), flush=True)
    label = f"pickup_and_delivery_{seconds:g}s"
    lines: list[tuple[str, float, str, float]] = [(f"{label}_violations", illegal, "plans", 0)]
    if any(instance.name in known for instance in instances):
        lines.append((f"{label}_vehicles_beyond_best", more, "instances", 0))
        lines.append((f"{label}_mean_gap", float(np.mean(gaps or [np.nan])), "%", 0.2))
    if peers:
        lines.append((f"{label}_behind_a_peer", behind, "instances", 0))
    print("(* not legal)")
    for name, value, unit, target in lines:
        print(f"promise {name} {value:.3g} {unit} target {target:g} {'met' if value <= target else 'short'}")
    return all(value <= target for _name, value, _unit, target in lines)
