"""Doing the waiting jobs here and now, in this process, for tests and one-shot commands."""

from django.db import connection

from yui.kernel.jobs.registry import perform


def drain(limit: int = 1000) -> int:
    """Do every waiting job that is due, one after the other, and those that they ask for; returns how many.

    A worker that runs at the same time takes other jobs: each row is locked while it is done.
    """
    done = 0
    while done < limit:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'doing', attempts = attempts + 1 WHERE id = ("
                " SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND args ? 'body_code'"
                " AND coalesce(scheduled_at, now()) <= now() ORDER BY priority DESC, id LIMIT 1"
                " FOR UPDATE SKIP LOCKED) RETURNING id, task_name, args"
            )
            row = cursor.fetchone()
        if row is None:
            return done
        job_id, name, arguments = row
        if isinstance(arguments, str):
            import json

            arguments = json.loads(arguments)
        body_code, key = arguments.pop("body_code"), arguments.pop("job_key")
        perform(name, body_code=body_code, key=key, arguments=arguments)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job_id])
        done += 1
    return done
