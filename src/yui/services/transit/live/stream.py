"""Server-sent events of a service: one look for all who watch, told to each in turn.

An event carries a state, not a change: whoever missed ten of them needs only the newest, from whichever process
answers. ``board`` (with an id) comes when the plan, what was served of it or the roads changed; ``cars`` every tick.
One thread of a process looks; no stream holds a connection to the database.

A stream keeps a thread of the web process. So that pages always find one, only ``MOST_HELD`` are held open; every
other reader is answered at once and told to ask again, which a browser does by itself with the id it last saw.
"""

import datetime as dt
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.tenancy.public import BodyRef, body_scope
from yui.services.transit.live.seen import Seen, look

CONTENT_TYPE = "text/event-stream"
MOST_HELD = 2
"""Half of the four threads that a web process has."""
TICK, BEAT, LONGEST = 2.0, 15.0, 600.0
"""Seconds between looks; between signs of life when nothing moves; until a stream ends and the browser comes again."""
AGAIN_MS = 3000
_IDLE = 30.0
logger = logging.getLogger(__name__)


@dataclass
class Watched:
    """One service of one body, and the newest look at it."""

    body: BodyRef
    service: str
    seen: Seen | None = None
    at: dt.datetime | None = None
    looked: int = 0
    asked: float = field(default_factory=time.monotonic)


class Lookout:
    """Looks at every service that somebody watches, and wakes those who wait for it."""

    def __init__(self) -> None:
        self._watched: dict[tuple[int, str], Watched] = {}
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._held = 0

    def watch(self, body: BodyRef, service: str) -> Watched:
        """What is seen of a service; whoever asks again within half a minute keeps it watched."""
        with self._news:
            one = self._watched.setdefault((body.id, service), Watched(body, service))
            one.asked = time.monotonic()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="transit-lookout", daemon=True)
                self._thread.start()
            return one

    def wait(self, one: Watched, after: int, seconds: float) -> bool:
        """Wait for a look that is newer than a number; whether one came in time."""
        one.asked = time.monotonic()
        with self._news:
            return self._news.wait_for(lambda: one.looked > after, seconds)

    def hold(self) -> bool:
        """Take one of the places of streams that are held open; ``release`` gives it back."""
        with self._news:
            if self._held >= MOST_HELD:
                return False
            self._held += 1
            return True

    def release(self) -> None:
        """Give a place back."""
        with self._news:
            self._held -= 1

    def look_at(self, one: Watched) -> None:
        """Look once, in a transaction of its own."""
        with body_scope(one.body), acting_as(system_actor("transit.lookout")):
            seen, at = look(one.service), timezone.now()
            # What is drawn of the plan is worked out here, once for all who watch.
            _ = seen.board, seen.mark
        with self._news:
            if one.seen is not None and one.seen.mark == seen.mark:
                # The same board: what was drawn of it stays drawn.
                seen = one.seen
            one.seen, one.at, one.looked = seen, at, one.looked + 1
            self._news.notify_all()

    def _run(self) -> None:
        while True:
            begun = time.monotonic()
            with self._news:
                for key, one in list(self._watched.items()):
                    if begun - one.asked > _IDLE:
                        del self._watched[key]
                if not self._watched:
                    self._thread = None
                    break
                watched = list(self._watched.values())
            for one in watched:
                try:
                    self.look_at(one)
                except Exception:  # a database that is away for a minute, a board that was taken away
                    logger.exception("A service could not be looked at; trying again.")
                    connection.close()
            time.sleep(max(0.1, TICK - (time.monotonic() - begun)))
        connection.close()


LOOKOUT = Lookout()


def events(
    body: BodyRef, service: str, last_id: str = "", lookout: Lookout = LOOKOUT, longest: float = LONGEST
) -> Iterator[bytes]:
    """The stream of one reader.

    Args:
        last_id: of the ``board`` the reader last saw: it is not told again.
        longest: seconds after which the stream ends; the browser comes again.
    """
    one = lookout.watch(body, service)
    is_held = lookout.hold()
    try:
        yield f"retry: {AGAIN_MS}\n\n".encode()
        ends, number, mark = time.monotonic() + longest, 0, last_id
        while True:
            if lookout.wait(one, number, BEAT) and one.seen is not None and one.at is not None:
                number, seen = one.looked, one.seen
                told = f"event: cars\ndata: {seen.cars(one.at)}\n\n"
                if seen.mark != mark:
                    mark = seen.mark
                    told = f"id: {mark}\nevent: board\ndata: {seen.board}\n\n{told}"
                yield told.encode()
            else:
                yield b": still here\n\n"
            if not is_held or time.monotonic() >= ends:
                return
    finally:
        if is_held:
            lookout.release()
