"""The worker: does jobs until it is stopped."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate import JobContext, PsycopgConnector
from procrastinate.contrib.django import app as queue_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

# A worker that has not been heard of for 20 seconds is dead. It is looked for every 15 seconds, so what it was doing
# is taken up again within 35 seconds and the time a new worker needs to start.
HEARTBEAT_SECONDS, DEAD_AFTER_SECONDS = 5, 20
SOME_SECONDS_PAST = "* * * * * */15"
# After so long without the database the worker ends: a new one is connected sooner than one that asks ever less often.
PATIENCE_SECONDS = 10


def work() -> None:
    """Do jobs until stopped. What was done is not kept in the queue; that it was done is in the journal.

    Raises:
        SystemExit: the database went away. Whoever started the worker starts it again.
    """
    connector = PsycopgConnector(kwargs=connector_params(), timeout=PATIENCE_SECONDS)
    try:
        with queue_app.replace_connector(connector):
            queue_app.run_worker(
                concurrency=4,
                delete_jobs="successful",
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=DEAD_AFTER_SECONDS,
                worker_middleware=[stop_when_in_doubt],
            )
    except ConnectorException as error:
        raise SystemExit(f"The worker ends, because the database went away: {error.__cause__}") from None


async def stop_when_in_doubt(do: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """Stop a worker that could not tell the queue how a job ended.

    As long as it lives, its heartbeat says that it is still doing the job, and nobody else would take the job up.
    """

    def look(ended: asyncio.Task[Any]) -> None:
        if not ended.cancelled() and ended.exception():
            worker.stop()

    this_job = asyncio.current_task()
    assert this_job is not None
    this_job.add_done_callback(look)
    return await do()
