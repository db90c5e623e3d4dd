"""Road maps of a body, and the travel times a board reckons with."""

import hashlib
import io
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from uuid import uuid4

import numpy as np

from yui.engines.travel.public import OnRoads, Place, RoadNetwork, StraightLine, Times, read_openstreetmap
from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import record
from yui.kernel.text.public import Message, gettext_noop
from yui.supply.contracts import SupplyRefused
from yui.supply.models import Board, RoadMap

_KEPT = 8
"""Networks with their searched ways that a process keeps; one of a town of 12,000 junctions and 300 stops is 30 MB."""
_kept: OrderedDict[int, OnRoads] = OrderedDict()
_lock = Lock()


def import_road_map(*, code: str, path: Path, source: str, licence: str) -> RoadMap:
    """Read a road map of the active body from an OpenStreetMap extract. The same file again adds nothing.

    Raises:
        NetworkError: the file holds no road network.
        PermissionRefused: ``supply.map.import`` is missing.
    """
    require("supply.map.import")
    return keep_road_map(code=code, network=read_openstreetmap(path), source=source, licence=licence)


def keep_road_map(*, code: str, network: RoadNetwork, source: str, licence: str) -> RoadMap:
    """Keep a network as a road map of the active body.

    Args:
        source: where the roads come from, as it is to be named beside a map.
        licence: under which they may be used.
    """
    digest = _digest(network)
    newest = RoadMap.objects.filter(code=code).order_by("-recorded_at").first()
    if newest is not None and newest.sha256 == digest:
        return newest
    made = RoadMap.objects.create(
        code=code,
        source=source,
        licence=licence,
        sha256=digest,
        recorded_by=current_actor().public_id,
        arrays=_packed(network),
    )
    Board.objects.filter(road_map=code).update(set_up=uuid4())
    record("supply.map.imported", object_kind="road_map", object_id=code, details={"sha256": digest})
    return made


def times_between(
    board: Board,
    places: Sequence[Place],
    closed: frozenset[int] = frozenset(),
    destinations: Sequence[Place] | None = None,
) -> Times:
    """Seconds and metres between places of a board, as its roads are now.

    Args:
        closed: roads of its map that are closed.
        destinations: where to; the places themselves when left out.

    Raises:
        SupplyRefused: the board's map is not there.
    """
    if not board.road_map:
        return StraightLine(board.kilometres_per_hour, board.detour).between(places, destinations)
    known = RoadMap.objects.filter(code=board.road_map).order_by("-recorded_at").values_list("id", flat=True)
    newest = known.first()
    if newest is None:
        told = gettext_noop("There is no road map %(code)s. Import it first.")
        raise SupplyRefused(Message("no_road_map", told, {"code": board.road_map}))
    with _lock:
        roads = _kept.pop(newest, None) or OnRoads(network_of_map(newest))
        _kept[newest] = roads
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
        roads.close(closed - roads.closed)
        roads.open(roads.closed - closed)
        return roads.between(places, destinations)


def network_of_map(road_map: int) -> RoadNetwork:
    """The network of a road map of the active body, by the row's id."""
    arrays = RoadMap.objects.values_list("arrays", flat=True).get(id=road_map)
    with np.load(io.BytesIO(bytes(arrays)), allow_pickle=False) as packed:
        return RoadNetwork(**{name: packed[name] for name in packed.files})


def _arrays(network: RoadNetwork) -> dict[str, np.ndarray]:
    return {name: getattr(network, name) for name in RoadNetwork.__dataclass_fields__}


def _digest(network: RoadNetwork) -> str:
    digest = hashlib.sha256()
    for array in _arrays(network).values():
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _packed(network: RoadNetwork) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **_arrays(network))
    return file.getvalue()
