"""The door of jobs."""

from yui.kernel.jobs.drain import drain
from yui.kernel.jobs.registry import UnknownJob, enqueue, job, perform, publish, subscribe

__all__ = ["UnknownJob", "drain", "enqueue", "job", "perform", "publish", "subscribe"]
