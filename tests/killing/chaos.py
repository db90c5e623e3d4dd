"""Kills something at random moments of a journey; the moments and what is killed follow from a seed."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from tests.killing.machine import Machine, await_it

# How long after a request has gone out, at most; that is about how long one is worked on.
LATEST_SECONDS = 0.2


@dataclass
class Kill:
    """One death: what, how long after which request, and how long it took until all was well.

    Attributes:
        kind: what is killed.
        after: seconds after the request went out.
        number: which of several.
        during: the request.
        back: seconds until pages are answered, or jobs are done, again; None until then.
    """

    kind: str
    after: float
    number: int
    during: str = ""
    back: float | None = None

    def __str__(self) -> str:
        back = "not back" if self.back is None else f"back after {self.back:.1f} s"
        return f"{self.kind:<14} {self.after * 1000:3.0f} ms after {self.during}: {back}"


class Chaos:
    """Within, it is told of every request before that goes out, and kills at those that it has drawn.

    Args:
        machine: what it kills on.
        seed: what it draws from.
        moments: of each kind of request ("page", "letter") how many there will be and at how many something dies.
    """

    def __init__(self, machine: Machine, seed: int, moments: dict[str, tuple[int, int]]) -> None:
        self.machine = machine
        draw = random.Random(seed)
        count = sum(kills for _of, kills in moments.values())
        kinds = [list(self.ways())[n % len(self.ways())] for n in range(count)]
        draw.shuffle(kinds)
        self.plan: dict[tuple[str, int], Kill] = {}
        for kind, (requests, kills) in moments.items():
            for number in sorted(draw.sample(range(1, requests + 1), kills)):
                self.plan[kind, number] = Kill(
                    kinds.pop(), draw.uniform(0, LATEST_SECONDS), draw.randrange(100)
                )
        self.done: list[Kill] = []
        self.seen = dict.fromkeys(moments, 0)
        self.errors: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    def ways(self) -> dict[str, tuple[Callable[[int], int], Callable[[int], bool]]]:
        """Every way to die, and whether all is well without who died."""
        machine = self.machine
        return {
            "web worker": (machine.kill_web_worker, self._has_workers_without),
            "web master": (machine.kill_web_master, self._has_workers_without),
            "job worker": (
                machine.kill_job_worker,
                lambda pid: machine.job_worker().pid != pid and machine.works(),
            ),
            "backend": (machine.kill_backend, lambda pid: machine.answers()),
            "postmaster": (
                machine.kill_postmaster,
                lambda pid: machine.postmaster().pid != pid and machine.answers(),
            ),
            "immediate stop": (machine.stop_at_once, lambda pid: machine.answers()),
        }

    def _has_workers_without(self, pid: int) -> bool:
        workers = [each.pid for each in self.machine.web_workers()]
        return (
            len(workers) == 2
            and pid not in (self.machine.web_master().pid, *workers)
            and self.machine.answers()
        )

    def before(self, kind: str, path: str) -> None:
        """A request is about to go out."""
        self.seen[kind] += 1
        kill = self.plan.pop((kind, self.seen[kind]), None)
        if kill is not None:
            kill.during = path
            thread = threading.Thread(target=self._kill, args=(kill,))
            self._threads.append(thread)
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *trouble: object) -> None:
        """Wait until everything that was killed is back, and tell what it was."""
        for thread in self._threads:
            thread.join()
        print(*self.done, sep="\n")
        if self.errors and trouble == (None, None, None):
            raise self.errors[0]

    def _kill(self, kill: Kill) -> None:
        way, well = self.ways()[kill.kind]
        died = 0.0

        def attempt() -> int:
            nonlocal died
            died = time.monotonic()
            return way(kill.number)

        try:
            time.sleep(kill.after)
            # What was killed a moment ago may have to come back first.
            pid = await_it(attempt, f"somebody to kill: {kill.kind}")
            self.done.append(kill)
            await_it(lambda: well(pid), f"back after the death of: {kill}")
            kill.back = time.monotonic() - died
        except BaseException as error:
            self.errors.append(error)
