"""Indicators that services compute themselves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from yui.evidence.actions.defining import publish_definition
from yui.evidence.actions.recording import keep
from yui.evidence.apps import RECORD
from yui.evidence.contracts import DataRow, Definition, Period, Query, Recorded, UnknownFigure
from yui.kernel.access.public import require
from yui.kernel.text.public import Message, gettext_noop


@dataclass(frozen=True)
class Feed:
    """An indicator that a service computes.

    Attributes:
        definition: the version it computes.
        query: name and version of the computation; whoever changes it changes the version.
        compute: the rows of a period for the active body, without anybody's name.
    """

    definition: Definition
    query: Query
    compute: Callable[[Period], Iterable[DataRow]]


_feeds: dict[str, Feed] = {}


def register_indicator(feed: Feed) -> None:
    """Make an indicator known; a service does so when it starts.

    Raises:
        ValueError: another one is registered under its code.
    """
    known = _feeds.setdefault(feed.definition.code, feed)
    if known != feed:
        raise ValueError(f"Two services register the indicator {feed.definition.code}.")


def list_feeds() -> list[Feed]:
    """Every indicator that services compute."""
    return [_feeds[code] for code in sorted(_feeds)]


def take_figures(code: str, period: Period) -> Recorded:
    """Let a service compute its indicator for a period, and take the figures over.

    Raises:
        EvidenceRefused: they cannot be kept.
        UnknownFigure: no service computes it.
        PermissionRefused: ``evidence.figure.record`` or ``evidence.definition.publish`` is missing.
    """
    require(RECORD)
    feed = _feeds.get(code)
    if feed is None:
        told = gettext_noop("No service computes the indicator %(code)s.")
        raise UnknownFigure(Message("no_feed", told, {"code": code}))
    publish_definition(feed.definition)
    rows = list(feed.compute(period))
    return keep(code, rows, query=feed.query, version=feed.definition.version)
