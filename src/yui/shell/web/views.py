"""The shell's own pages: the public front, health, the gallery, and what is shown when something goes wrong."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yui.kernel.access.public import anyone
from yui.kernel.tenancy.public import BodyKind, list_bodies
from yui.shell.web.frame import find_url
from yui.shell.web.gallery import gallery_page


@anyone
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What Yui is for a resident, and where to go from here."""
    bodies = [body for body in list_bodies() if body.kind is BodyKind.MUNICIPALITY]
    return render(request, "shell/front.html", {"municipalities": bodies, "tiles": _tiles()})


def _tiles() -> list[dict[str, str]]:
    sign_in = find_url("identity:sign_in") or "#municipalities"
    tiles = (
        ("birth", _("A child is born"), _("What comes after the notification of birth")),
        ("moving", _("Moving"), _("Moving in, moving out, moving within")),
        ("allowance", _("Child allowance"), _("Everything filled in, one tap to confirm")),
        ("certificate", _("Certificates"), _("A copy of your resident record")),
        ("looked", _("Who looked at my data"), _("Every look, with its reason and legal ground")),
    )
    return [
        {"picture": static(f"shell/pictures/{name}.svg"), "title": title, "text": text, "href": sign_in}
        for name, title, text in tiles
    ]


@anyone
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """Whether the web process and its database answer; for load balancers and the launcher."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no_database"}, status=503)
    return JsonResponse({"status": "ok"})


@anyone
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its variants; only in practice installations and while developing.

    Raises:
        Http404: on a real installation.
    """
    if not (settings.DEBUG or settings.PRACTICE):
        raise Http404
    return gallery_page(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent what cannot be understood."""
    return render(request, "shell/errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not allowed, or nobody is signed in."""
    return render(request, "shell/errors/403.html", status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the page was too old, or came from elsewhere."""
    return render(request, "shell/errors/expired.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no page, or none this reader may know of."""
    return render(request, "shell/errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Drawn without request context, since what broke may be in it."""
    return render(None, "shell/errors/500.html", status=500)
