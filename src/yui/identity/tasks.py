"""What identity does by the clock."""

from django.db import close_old_connections
from procrastinate.contrib.django import app as queue_app

from yui.identity.sessions import forget_ended_sessions


@queue_app.periodic(cron="17 * * * *")
@queue_app.task(name="identity.forget_sessions", queueing_lock="identity.forget_sessions")
def forget_sessions(timestamp: int) -> None:
    """Delete sessions that have ended, every hour."""
    close_old_connections()
    forget_ended_sessions()
