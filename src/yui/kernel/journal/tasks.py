"""Sealing every minute."""

from django.db import close_old_connections
from procrastinate.contrib.django import app as queue_app

from yui.kernel.journal.sealing.sealer import seal_all


@queue_app.periodic(cron="* * * * *")
@queue_app.task(name="journal.seal_all", queueing_lock="journal.seal_all", pass_context=False)
def seal_journals(timestamp: int) -> None:
    """Seal what has been committed since the last minute."""
    close_old_connections()
    seal_all()
