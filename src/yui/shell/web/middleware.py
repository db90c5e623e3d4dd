"""What every answer tells the browser about what it may do with the page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


def content_security_policy() -> str:
    """Only our own scripts and styles, none written into the page; nobody may frame us.

    ``CSP_FORM_ACTION`` adds the sign-in provider: browsers apply ``form-action`` to where a form is redirected to.
    """
    form_action = " ".join(["'self'", *getattr(settings, "CSP_FORM_ACTION", [])])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; manifest-src 'self'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    )


class SecurityHeaders:
    """Adds the policy to every answer, and keeps pages out of shared and disk caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then mark the answer."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", content_security_policy())
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if not request.path.startswith(settings.STATIC_URL):
            # A page may hold personal data; a counter's browser must not bring it back after sign-out.
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response
