"""The door of bulk decisions, apart from that of the rules: deciding about one group does not need Polars."""

from yui.engines.rules.bulk.comparing import Differences, Sums, Turns, differences_of, sums_of, turns_of
from yui.engines.rules.bulk.dates import HORIZONS, next_dates
from yui.engines.rules.bulk.frames import Decide, compile_frames
from yui.engines.rules.bulk.groups import Framed, decide_groups, frame_groups

__all__ = [
    "HORIZONS",
    "Decide",
    "Differences",
    "Framed",
    "Sums",
    "Turns",
    "compile_frames",
    "decide_groups",
    "differences_of",
    "frame_groups",
    "next_dates",
    "sums_of",
    "turns_of",
]
