"""``yui jobs``: what failed for good, and putting it back."""

import json
from typing import Annotated

import typer
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app as queue_app

app = typer.Typer(help="Jobs that failed for good.", no_args_is_help=True)


@app.command("failed")
def failed_command(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List jobs that were given up, oldest first; the worker's log says why."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.id, j.task_name, j.args->>'body_code', j.attempts, max(e.at)"
            " FROM procrastinate_jobs j LEFT JOIN procrastinate_events e ON e.job_id = j.id"
            " WHERE j.status = 'failed' GROUP BY j.id ORDER BY j.id"
        )
        found = [
            {"id": job, "job": name, "body": body, "attempts": attempts, "at": at.isoformat() if at else None}
            for job, name, body, attempts, at in cursor.fetchall()
        ]
    if as_json:
        typer.echo(json.dumps(found))
        return
    for line in found:
        typer.echo(f"{line['id']} {line['job']} {line['body'] or ''} {line['at']}")
    typer.echo(f"{len(found)} failed.", err=True)


@app.command("again")
def again_command(job: Annotated[int, typer.Argument(help="Number of the job.")]) -> None:
    """Put a job that was given up back into the queue."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        row = cursor.fetchone()
    if row is None or row[0] != "failed":
        typer.echo(f"No failed job has the number {job}.", err=True)
        raise typer.Exit(1)
    with connection.cursor() as cursor:
        # A fresh count of tries.
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 0 WHERE id = %s", [job])
    queue_app.job_manager.retry_job_by_id(job_id=job, retry_at=timezone.now())
    typer.echo(f"Job {job} waits again.", err=True)
