"""What the worker does by the clock: begin each body's day, and take up work that a killed worker left."""

from typing import Any

from django.db import close_old_connections
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app as queue_app
from procrastinate.jobs import Status

from yui.kernel.jobs.registry import MAX_ATTEMPTS, begin_day
from yui.kernel.jobs.worker import DEAD_AFTER_SECONDS, SOME_SECONDS_PAST


@queue_app.periodic(cron="3 * * * *")
@queue_app.task(name="jobs.begin_day", queueing_lock="jobs.begin_day")
def begin_day_everywhere(timestamp: int) -> None:
    """Ask for the daily jobs of every body. Every hour, so that a night without power is made up for."""
    close_old_connections()
    begin_day(timezone.localdate())


@queue_app.periodic(cron=SOME_SECONDS_PAST)
@queue_app.task(name="jobs.retry_stalled", queueing_lock="jobs.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put jobs of workers that died back into the queue; their transaction left nothing behind.

    What the clock asks for comes again by itself. A job whose workers die again and again is given up like one that
    fails again and again.
    """
    manager: Any = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
        by_the_clock = stalled.queueing_lock is not None
        if by_the_clock or stalled.attempts >= MAX_ATTEMPTS:
            await manager.finish_job(stalled, status=Status.FAILED, delete_job=by_the_clock)
        else:
            await manager.retry_job(stalled)
