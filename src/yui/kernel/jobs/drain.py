"""Doing the waiting jobs here and now, in this process, for tests and one-shot commands."""

import json

from django.db import connection, transaction

from yui.kernel.jobs.registry import perform


def drain(limit: int = 1000) -> int:
    """Do every waiting job that is due, one after the other, and those that they ask for; returns how many.

    Taking a job and doing it are one transaction, so the row stays locked while it is done: a worker that runs at the
    same time takes other jobs, and a job that fails or is killed is waiting as before.
    """
    done = 0
    while done < limit and _do_next():
        done += 1
    return done


@transaction.atomic
def _do_next() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = ("
            " SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND args ? 'body_code'"
            " AND coalesce(scheduled_at, now()) <= now() ORDER BY priority DESC, id LIMIT 1"
            " FOR UPDATE SKIP LOCKED) RETURNING id, task_name, args"
        )
        row = cursor.fetchone()
    if row is None:
        return False
    job_id, name, arguments = row
    if isinstance(arguments, str):
        arguments = json.loads(arguments)
    body_code, key = arguments.pop("body_code"), arguments.pop("job_key")
    perform(name, body_code=body_code, key=key, arguments=arguments)
    with connection.cursor() as cursor:
        # As the worker does: what was done is not kept.
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", [job_id])
    return True
