"""Where to go as whom: the page `./yui demo` ends on."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yui.kernel.access.public import anyone
from yui.shell.sample.signing_in import read_people, sample_folder


@anyone
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Walk through a birth step by step, and list everybody one can be.

    Raises:
        Http404: this is no practice installation, or the sample is not loaded.
    """
    if not settings.PRACTICE:
        raise Http404
    try:
        people = read_people(sample_folder())
    except FileNotFoundError as error:
        raise Http404 from error
    names = {person["id"]: person["name"] for person in people}
    context = {
        "resident_url": _start("resident"),
        "staff_url": _start("staff"),
        "steps": _steps(names),
        "ride_steps": _ride_steps(names) if "rider-daughter" in names else [],
        "municipalities": list(_by_municipality(people)),
    }
    return render(request, "sample/demo.html", context)


def _start(kind: str) -> str:
    try:
        return reverse("identity:start", args=[kind])
    except NoReverseMatch:
        return ""


def _steps(names: dict[str, str]) -> list[dict[str, str]]:
    """Return the way of a birth through the offices: who, at which door, does what."""
    staff, resident = _start("staff"), _start("resident")
    told = (
        ("yuimi-clerk", staff, _("Record the birth of a child of %(mother)s at the residents' desk.")),
        (
            "expecting-father",
            resident,
            _("See what has arrived and why; confirm the child allowance with one tap."),
        ),
        (
            "yuimi-allowance",
            staff,
            _("See the decision that the rules made, with every condition and its article."),
        ),
        ("yuimi-treasury-1", staff, _("Prepare the payment run and freeze it.")),
        ("yuimi-treasury-2", staff, _("Approve the run as the second person.")),
        ("yuimi-treasury-1", staff, _("Download the bank file.")),
        ("expecting-father", resident, _("See the decision, the payments, and who looked at the data.")),
    )
    mother = names.get("expecting-mother", "")
    return [
        {"who": names.get(who, who), "href": href, "what": what % {"mother": mother}}
        for who, href, what in told
    ]


def _ride_steps(names: dict[str, str]) -> list[dict[str, str]]:
    """Return the way of a ride on the village's bus: who, at which door, does what."""
    staff, resident = _start("staff"), _start("resident")
    told = (
        ("rider-daughter", resident, _("See your mother on her way; book her ride home.")),
        ("rider-wheelchair", resident, _("See when the car comes: it takes you along.")),
        ("nawashiro-desk", staff, _("Book a ride for who rings, and note who may book for them.")),
        (
            "nawashiro-driver-1",
            staff,
            _("Drive car 1 until two in the afternoon: next stop, on board, fare."),
        ),
        ("nawashiro-driver-2", staff, _("Drive car 1 from two o'clock on; first the roll call.")),
        (
            "nawashiro-operator",
            staff,
            _("See all cars; take one off the road; compare other ways to run the bus."),
        ),
    )
    return [{"who": names.get(who, who), "href": href, "what": what} for who, href, what in told]


def _by_municipality(people: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    language = "en" if (get_language() or "").startswith("en") else "ja"
    groups: dict[str, dict[str, Any]] = {}
    for person in people:
        group = groups.setdefault(
            person["municipality_code"], {"name": person["group"][language], "resident": [], "staff": []}
        )
        told = {"name": person["name"], "kana": person["kana"], "note": person["note"][language]}
        group[person["kind"]].append(told)
    return groups.values()
