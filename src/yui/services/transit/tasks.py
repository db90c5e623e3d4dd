"""What the worker does for transit."""

from uuid import UUID

from yui.kernel.jobs.public import job
from yui.services.transit.trials import JOB, reckon_next


@job(JOB)
def reckon(trial: str) -> None:
    """Replay the next policy of a trial."""
    reckon_next(UUID(trial))
