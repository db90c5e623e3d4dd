"""Accidents at the worst moments of one request: it is cut off before its work is kept, or just after."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from tests.killing.machine import Machine
from tests.killing.walker import Letter, Page, Walker

# What each step writes last, or nearly so; whoever wants to write there waits for who holds it.
LAST_WRITTEN = {
    "birth": "people_residentrecord",
    "confirmation": "cases_notice",
    "preparation": "payments_paymentorder",
    "freezing": "payments_paymentrun",
    "approval": "payments_paymentrun",
    "ride wished": "transit_ride",
    "ride accepted": "supply_plan",
    "ride cancelled": "supply_plan",
}


class LossyWay(httpx.BaseTransport):
    """The way between browser and site. While something is to be lost, it is the answer to the next request."""

    def __init__(self) -> None:
        self.inner = httpx.HTTPTransport()
        self.lose_next = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Bring a request to the site and, mostly, the answer back."""
        answer = self.inner.handle_request(request)
        if self.lose_next:
            self.lose_next = False
            # The site has answered in full; only the person does not get it.
            answer.read()
            answer.close()
            raise httpx.ReadError("the answer was lost on the way", request=request)
        return answer

    def close(self) -> None:
        """Close its connections."""
        self.inner.close()


class Accidents:
    """Sends a letter so that its first sending meets an accident; the walker then sends the very same again."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.ways: dict[str, Callable[[str, Walker, Letter], Page]] = {
            "the answer is lost": self.lose_answer,
            "killed after the commit": self.kill_after_commit,
            "killed before the commit": self.kill_before_commit,
            "sent twice at once": self.send_twice,
        }

    def lose_answer(self, step: str, walker: Walker, letter: Letter) -> Page:
        """Everything is done and said, and the answer does not arrive."""
        assert isinstance(walker.transport, LossyWay)
        walker.transport.lose_next = True
        return walker.send(letter)

    def kill_after_commit(self, step: str, walker: Walker, letter: Letter) -> Page:
        """The work is kept, and the web process dies before it hears so."""
        with ThreadPoolExecutor() as hands:
            with self.machine.commits_unanswered():
                page = hands.submit(walker.send, letter)
                self.machine.await_backends("wait_event = 'SyncRep'")
                self.machine.kill_web_workers()
            return page.result()

    def kill_before_commit(self, step: str, walker: Walker, letter: Letter) -> Page:
        """Nearly everything is done, and the web process dies before it is kept."""
        with ThreadPoolExecutor() as hands:
            with self._held(step) as waiting:
                page = hands.submit(walker.send, letter)
                self.machine.await_backends(waiting)
                self.machine.kill_web_workers()
            return page.result()

    def send_twice(self, step: str, walker: Walker, letter: Letter) -> Page:
        """An impatient person presses twice, and both requests are worked on at the same time."""
        impatient = Walker(walker.url)
        impatient.client.cookies = walker.client.cookies
        try:
            with ThreadPoolExecutor() as hands:
                with self._held(step):
                    pages = [hands.submit(each.send, letter) for each in (walker, impatient)]
                    self.machine.await_backends("wait_event_type = 'Lock'", count=2)
                first, second = (page.result() for page in pages)
        finally:
            impatient.client.close()
        assert second.path == first.path, f"{second} instead of {first}"
        return first

    @contextmanager
    def _held(self, step: str) -> Iterator[str]:
        """Within, the step cannot be finished; tells by what those who wait are known."""
        with self.machine.connect() as other, other.transaction():
            other.execute(f"LOCK TABLE {LAST_WRITTEN[step]} IN SHARE MODE")
            yield f"wait_event_type = 'Lock' AND strpos(query, '{LAST_WRITTEN[step]}') > 0"
