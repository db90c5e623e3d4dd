"""The door of jobs."""

from yui.kernel.jobs.drain import drain
from yui.kernel.jobs.registry import (
    UnknownJob,
    begin_day,
    enqueue,
    every_day,
    job,
    perform,
    publish,
    subscribe,
)
from yui.kernel.jobs.worker import work

__all__ = [
    "UnknownJob",
    "begin_day",
    "drain",
    "enqueue",
    "every_day",
    "job",
    "perform",
    "publish",
    "subscribe",
    "work",
]
