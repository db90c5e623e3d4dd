"""The door of identity."""

from yui.identity.actions import close_account, end_role, grant_role, register_account
from yui.identity.assurance import AssuranceTooLow, achieved_assurance, requires_assurance
from yui.identity.clients import ensure_client_key
from yui.identity.contracts import (
    AccountKind,
    AccountView,
    AssignmentView,
    Assurance,
    BasicFour,
    GrantRefused,
    SignedIn,
    SignInFailed,
    SignInProblem,
)
from yui.identity.queries import find_account, list_staff
from yui.identity.sessions import SubjectResolver, register_subject_resolver

__all__ = [
    "AccountKind",
    "AccountView",
    "AssignmentView",
    "Assurance",
    "AssuranceTooLow",
    "BasicFour",
    "GrantRefused",
    "SignInFailed",
    "SignInProblem",
    "SignedIn",
    "SubjectResolver",
    "achieved_assurance",
    "close_account",
    "end_role",
    "ensure_client_key",
    "find_account",
    "grant_role",
    "list_staff",
    "register_account",
    "register_subject_resolver",
    "requires_assurance",
]
