"""What crosses the door of cases."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

Text = str | Promise
Json = Any


class Mode(StrEnum):
    """How far a procedure goes by itself; each mode needs its own legal ground."""

    AUTOMATIC = "automatic"
    """Done by authority (職権); the resident is told."""
    CONFIRM = "confirm"
    """Everything is filled in; the resident's one tap is the application (申請)."""
    NOTICE = "notice"
    """The resident is told and helped; the procedure is done elsewhere."""


class CaseState(StrEnum):
    """Where a case stands."""

    NOTIFIED = "notified"
    SUBMITTED = "submitted"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    VOID = "void"
    INFORMED = "informed"


class Result(StrEnum):
    """What a decision says. ``undetermined`` is no decision: an officer must look."""

    GRANTED = "granted"
    CHANGED = "changed"
    ENDED = "ended"
    REFUSED = "refused"
    UNDETERMINED = "undetermined"


class Source(StrEnum):
    """Where a filled-in value came from."""

    REGISTRY = "registry"
    ACCOUNT_REGISTER = "account_register"
    EARLIER_APPLICATION = "earlier_application"
    RULE = "rule"
    RESIDENT = "resident"
    OFFICER = "officer"


class NoticeKind(StrEnum):
    """Why a resident is told something."""

    OFFER = "offer"
    DECISION = "decision"
    INFORMATION = "information"
    VOID = "void"


@dataclass(frozen=True)
class Reason:
    """One condition with its value, in words.

    Attributes:
        code: the condition's name in the rule card.
        holds: True, False, or None when it cannot be known yet.
        ja, en, easy: the sentence in Japanese, English and easy Japanese (やさしい日本語).
        article: the article it rests on.
    """

    code: str
    holds: bool | None
    ja: str
    en: str
    easy: str = ""
    article: str = ""


@dataclass(frozen=True)
class FilledValue:
    """One item of an application, already filled in.

    Attributes:
        item: the item's code.
        label: what a resident calls it.
        value: a JSON value; ids and codes where the item is one.
        display: the value as shown.
        source: where it came from.
        source_text: the same in words, for example "Resident record, 25 November 2026".
        editable: whether the resident may change it here.
        choices: the allowed values with their labels when ``editable`` means choosing.
        is_day: the value is a day (ISO text).
    """

    item: str
    label: Text
    value: Json
    display: str
    source: Source
    source_text: Text = ""
    editable: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    is_day: bool = False


@dataclass(frozen=True)
class Event:
    """Something that happened, as published by a registry or the calendar."""

    code: str
    subject: UUID
    effective_on: dt.date
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Concern:
    """A person whom an event concerns, and why.

    Attributes:
        person: who gets the notice and applies.
        subject: whom it is about (for example the child).
        key: names this very case; the same key opens one case only.
        reasons: the conditions that led here.
        due_on: the last day to apply without loss, when there is one.
        facts: ids, codes and days the procedure needs later.
    """

    person: UUID
    key: str
    reasons: tuple[Reason, ...]
    subject: UUID | None = None
    due_on: dt.date | None = None
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What the rules say about an application.

    Attributes:
        result: the decision, or undetermined.
        reasons: every condition with its value.
        rule_version: identifies the rule text that was applied.
        effective_from, effective_until: the days between which it holds; until is exclusive.
        details: amounts (``…_yen``), months and ids.
        missing: what must still be known, when undetermined.
    """

    result: Result
    reasons: tuple[Reason, ...]
    rule_version: str
    effective_from: dt.date | None = None
    effective_until: dt.date | None = None
    details: Mapping[str, Json] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseView:
    """A case as it is shown and handed to a procedure."""

    public_id: UUID
    procedure: str
    title: Text
    mode: Mode
    legal_ground: str
    state: CaseState
    person: UUID
    subject: UUID | None
    opened_at: dt.datetime
    due_on: dt.date | None
    event_code: str
    event_on: dt.date
    facts: Mapping[str, Json]
    version: int
    needs_officer: bool

    @property
    def may_be_sent(self) -> bool:
        """Whether the resident may confirm, or correct what was sent, unless an officer looks at what was decided."""
        decided = self.state is CaseState.DECIDED and not self.needs_officer
        return self.may_be_withdrawn or (self.mode is Mode.CONFIRM and decided)

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether the resident may decline or withdraw: what is done by authority or decided is not theirs to stop."""
        return self.mode is Mode.CONFIRM and self.state in (CaseState.NOTIFIED, CaseState.SUBMITTED)


@dataclass(frozen=True)
class ApplicationView:
    """What was applied for: an immutable version."""

    number: int
    values: tuple[FilledValue, ...]
    submitted_at: dt.datetime
    submitted_by_kind: str


@dataclass(frozen=True)
class DecisionView:
    """A decision with its reasons, as made then."""

    public_id: UUID
    case: UUID
    number: int
    result: Result
    reasons: tuple[Reason, ...]
    rule_version: str
    effective_from: dt.date | None
    effective_until: dt.date | None
    details: Mapping[str, Json]
    decided_at: dt.datetime
    decided_by_kind: str
    superseded: bool


@dataclass(frozen=True)
class NoticeView:
    """A notice in the resident's box."""

    public_id: UUID
    case: UUID
    procedure: str
    title: Text
    kind: NoticeKind
    reasons: tuple[Reason, ...]
    sent_at: dt.datetime
    read_at: dt.datetime | None
    due_on: dt.date | None
    case_state: CaseState
    subject: UUID | None


class CaseRefused(ValueError):
    """An action on a case is not possible; the message says why and what to do, in the user's language."""


class CaseNotFound(LookupError):
    """No such case for the one who asks. Others' cases are not found either."""


class StaleCase(CaseRefused):
    """The case changed after the page was loaded."""
