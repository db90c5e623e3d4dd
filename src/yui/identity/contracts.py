"""What crosses the door of identity."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class AccountKind(StrEnum):
    """Through which door an account signs in; one provider subject is one of the two."""

    RESIDENT = "resident"
    STAFF = "staff"


class Assurance(StrEnum):
    """How sure a sign-in makes us, from weak to strong.

    The order of the members is the order of strength. Levels follow the digital identity guideline DS-511 of the
    Digital Agency (行政手続等での本人確認におけるデジタルアイデンティティの取扱いに関するガイドライン).
    """

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"

    def reaches(self, required: "Assurance") -> bool:
        """True when this level is at least the required one."""
        levels = list(Assurance)
        return levels.index(self) >= levels.index(required)


class SignInProblem(StrEnum):
    """Why a sign-in did not succeed; each has a text in both languages."""

    CANCELLED = "cancelled"
    STATE_MISMATCH = "state_mismatch"
    EXPIRED_ATTEMPT = "expired_attempt"
    NONCE_MISMATCH = "nonce_mismatch"
    WRONG_ISSUER = "wrong_issuer"
    CODE_REFUSED = "code_refused"
    PROOF_INVALID = "proof_invalid"
    PROOF_EXPIRED = "proof_expired"
    CLOCK_SKEW = "clock_skew"
    ASSURANCE_TOO_LOW = "assurance_too_low"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    PROVIDER_REFUSED = "provider_refused"
    ACCOUNT_CLOSED = "account_closed"
    WRONG_KIND = "wrong_kind"
    NOT_CONFIGURED = "not_configured"


@dataclass(frozen=True)
class AccountView:
    """An account as other packages see it; ``label`` is empty for residents."""

    public_id: UUID
    kind: AccountKind
    label: str
    is_active: bool
    last_sign_in_at: dt.datetime | None


@dataclass(frozen=True)
class AssignmentView:
    """A role that a body has given to an account for a span of days."""

    public_id: UUID
    account: AccountView
    role_code: str
    valid_from: dt.date
    valid_until: dt.date | None
    granted_by: str


@dataclass(frozen=True)
class BasicFour:
    """The four facts a provider may hand over (基本4情報), as it wrote them; empty where withheld.

    ``born_on`` is None when the provider gave no readable date; ``sex`` is 1, 2, 9 or empty.
    """

    name: str = ""
    address: str = ""
    born_on: dt.date | None = None
    sex: str = ""


@dataclass(frozen=True)
class SignedIn:
    """A resident who has just signed in, as told to the subject resolver."""

    account: UUID
    facts: BasicFour
    assurance: Assurance


class SignInFailed(Exception):
    """A sign-in attempt failed; ``problem`` is for the page, the message for the log (no personal data)."""

    def __init__(self, problem: SignInProblem, detail: str = "") -> None:
        super().__init__(f"{problem.value}: {detail}" if detail else problem.value)
        self.problem = problem


class GrantRefused(ValueError):
    """A role cannot be granted as asked; the message says why and what to do."""
