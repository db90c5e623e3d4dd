"""What a service says about a procedure, and the register of all procedures."""

import datetime as dt
from abc import ABC, abstractmethod
from typing import ClassVar

from yui.kernel.jobs.public import subscribe
from yui.procedures.cases.contracts import CaseView, Concern, Event, FilledValue, Mode, Outcome, Text


class Procedure(ABC):
    """A procedure as a service defines it. Methods run inside the body's scope and read through public doors.

    Attributes:
        code: ``service.procedure``; stored, so it never changes.
        title: as a resident calls it.
        mode: how far it goes by itself.
        legal_ground: the article that allows this mode.
        event_codes: the events that may start it.
    """

    code: ClassVar[str]
    title: ClassVar[Text]
    mode: ClassVar[Mode]
    legal_ground: ClassVar[str]
    event_codes: ClassVar[tuple[str, ...]]

    @abstractmethod
    def find_concerned(self, event: Event) -> list[Concern]:
        """Whom the event concerns, with the reasons; empty when nobody."""

    @abstractmethod
    def fill(self, case: CaseView) -> list[FilledValue]:
        """The application with everything filled in that is known, each value with its source."""

    @abstractmethod
    def decide(self, case: CaseView, values: tuple[FilledValue, ...], applied_on: dt.date) -> Outcome:
        """What the rules say; deterministic."""

    def check(self, case: CaseView, values: tuple[FilledValue, ...]) -> None:
        """Refuse values that cannot be accepted.

        Raises:
            CaseRefused: saying which item and why.
        """

    def options(self, case: CaseView) -> tuple[tuple[str, Text], ...]:
        """What an officer may choose where the rules leave a case open, by code; empty: only the rules decide."""
        return ()

    def outcome_of(self, case: CaseView, option: str) -> Outcome:
        """The decision that an option of ``options`` stands for."""
        raise NotImplementedError(f"{self.code} offers no options.")

    def carry_out(self, case: CaseView, outcome: Outcome) -> None:
        """What follows from a decision: payments ordered, documents issued. Must be safe to repeat."""

    def page(self, case: CaseView) -> str:
        """The address of the service's own page about a case; empty when it has none."""
        return ""

    def undo(self, case: CaseView) -> None:
        """Take back what ``carry_out`` did and can still be taken back, when the case becomes void."""

    def events_of_day(self, day: dt.date) -> list[tuple[Event, str]]:
        """Calendar events of a day with their keys (a birthday, a fiscal-year end). Default: none."""
        return []


_procedures: dict[str, Procedure] = {}


def register(procedure: Procedure) -> None:
    """Make a procedure known. Called once by its service when the app is ready."""
    _procedures[procedure.code] = procedure
    for code in procedure.event_codes:
        subscribe(code, "cases.open_from_event")


def get_procedure(code: str) -> Procedure:
    """The procedure with this code.

    Raises:
        LookupError: there is none.
    """
    if code not in _procedures:
        raise LookupError(f"No procedure is called {code}.")
    return _procedures[code]


def list_procedures(event_code: str = "") -> list[Procedure]:
    """All procedures, or those that an event may start, by code."""
    chosen = [p for p in _procedures.values() if not event_code or event_code in p.event_codes]
    return sorted(chosen, key=lambda procedure: procedure.code)
