"""What went wrong with a sign-in, and what to do, in words for the person at the screen."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yui.identity.contracts import SignInProblem


@dataclass(frozen=True)
class ProblemText:
    """What happened, how to go on, and the HTTP status of the page."""

    title: Promise
    advice: Promise
    status: int


_AGAIN = _("Please start signing in again.")
_LATER = _("Please wait a few minutes and try again. Nothing you entered elsewhere has been lost.")
_HELP = _("Please try again. If it happens again, tell your municipality the code shown below.")

PROBLEM_TEXTS: dict[SignInProblem, ProblemText] = {
    SignInProblem.CANCELLED: ProblemText(_("You stopped signing in."), _AGAIN, 200),
    SignInProblem.STATE_MISMATCH: ProblemText(
        _("This answer does not belong to a sign-in started in this browser."),
        _(
            "It may be an old page, or the sign-in was started in another browser. To be safe, it was not used."
            " Please start signing in again here, with cookies allowed."
        ),
        400,
    ),
    SignInProblem.EXPIRED_ATTEMPT: ProblemText(_("Signing in took more than ten minutes."), _AGAIN, 400),
    SignInProblem.NONCE_MISMATCH: ProblemText(
        _("The sign-in service answered a different request than ours."), _HELP, 400
    ),
    SignInProblem.WRONG_ISSUER: ProblemText(
        _("The answer came from a different sign-in service than the one asked."), _HELP, 400
    ),
    SignInProblem.CODE_REFUSED: ProblemText(
        _("The one-time code of this sign-in has expired or was already used."), _AGAIN, 400
    ),
    SignInProblem.PROOF_INVALID: ProblemText(
        _("The proof of identity could not be verified, so it was not accepted."), _HELP, 400
    ),
    SignInProblem.PROOF_EXPIRED: ProblemText(
        _("The proof of identity had already expired when it arrived."), _HELP, 400
    ),
    SignInProblem.CLOCK_SKEW: ProblemText(
        _("The clocks of the sign-in service and of this service do not agree."),
        _("This is not your mistake. Please tell your municipality the code shown below."),
        503,
    ),
    SignInProblem.ASSURANCE_TOO_LOW: ProblemText(
        _("This way of signing in is not sure enough for this service."),
        _("Please sign in again with your My Number card."),
        403,
    ),
    SignInProblem.PROVIDER_UNAVAILABLE: ProblemText(
        _("The sign-in service cannot be reached at the moment."), _LATER, 503
    ),
    SignInProblem.PROVIDER_REFUSED: ProblemText(_("The sign-in service refused the request."), _HELP, 502),
    SignInProblem.ACCOUNT_CLOSED: ProblemText(
        _("This account has been closed."), _("Please ask your municipality."), 403
    ),
    SignInProblem.WRONG_KIND: ProblemText(
        _("This identity belongs to the other kind of sign-in."),
        _("Residents and staff sign in separately. Please choose the other one."),
        403,
    ),
    SignInProblem.NOT_CONFIGURED: ProblemText(
        _("Sign-in has not been set up here yet."),
        _("Please tell the people who run this service."),
        503,
    ),
}
