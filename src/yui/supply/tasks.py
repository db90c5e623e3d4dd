"""What the worker does for boards."""

from yui.kernel.jobs.public import job
from yui.supply.actions.answering import IMPROVE, within
from yui.supply.actions.replanning import improve_board

_SECONDS = 0.3


@job(IMPROVE)
def improve(board: str) -> None:
    """Look a board through once: less driving for the same promises."""
    improve_board(board=board, progress=within(_SECONDS))
