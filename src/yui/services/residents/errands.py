"""Why the clerk looks at records now: chosen once for the case at hand, kept in the session, written to each entry."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypedDict
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_KEY = "residents_errand"


class ErrandReason(StrEnum):
    """What brings a clerk to a record; each has its ground in 住民基本台帳法."""

    COUNTER_REQUEST = "counter_request"
    NOTIFICATION = "notification"
    EX_OFFICIO = "ex_officio"
    INQUIRY = "inquiry"
    SURVEY = "survey"
    PROTECTION = "protection"


REASONS: dict[ErrandReason, Promise] = {
    ErrandReason.NOTIFICATION: _("Notification of a change"),
    ErrandReason.COUNTER_REQUEST: _("Request at the counter"),
    ErrandReason.EX_OFFICIO: _("Entry or correction ex officio"),
    ErrandReason.INQUIRY: _("Inquiry by another authority"),
    ErrandReason.SURVEY: _("Survey of the facts"),
    ErrandReason.PROTECTION: _("Protection measure"),
}

GROUNDS: dict[ErrandReason, str] = {
    ErrandReason.NOTIFICATION: "住民基本台帳法8条・22条〜25条",
    ErrandReason.COUNTER_REQUEST: "住民基本台帳法12条",
    ErrandReason.EX_OFFICIO: "住民基本台帳法8条・14条",
    ErrandReason.INQUIRY: "住民基本台帳法12条の2・37条",
    ErrandReason.SURVEY: "住民基本台帳法34条",
    ErrandReason.PROTECTION: "住民基本台帳事務処理要領第5-10",
}


class Why(TypedDict):
    """What a query of the registry writes to the journal."""

    reason: str
    legal_ground: str


@dataclass(frozen=True)
class Errand:
    """The case at hand.

    Attributes:
        reason: goes into every journal entry of it.
        since: when the clerk began it.
    """

    reason: ErrandReason
    since: dt.datetime

    @property
    def legal_ground(self) -> str:
        """The article that allows the look."""
        return GROUNDS[self.reason]

    @property
    def label(self) -> Promise:
        """The reason in the clerk's language."""
        return REASONS[self.reason]

    @property
    def why(self) -> Why:
        """What the queries of the registry ask for."""
        return {"reason": self.reason.value, "legal_ground": self.legal_ground}


def find_errand(request: HttpRequest) -> Errand | None:
    """The case at hand, or None when the clerk has not said why yet."""
    kept = request.session.get(_KEY)
    if not kept:
        return None
    return Errand(ErrandReason(kept["reason"]), dt.datetime.fromisoformat(kept["since"]))


def begin_errand(request: HttpRequest, reason: ErrandReason) -> Errand:
    """Begin a case, or go on with the present one when it has the same reason."""
    errand = find_errand(request)
    if errand is None or errand.reason is not reason:
        errand = Errand(reason, timezone.now())
        request.session[_KEY] = {"reason": reason.value, "since": errand.since.isoformat()}
    return errand


def end_errand(request: HttpRequest) -> None:
    """End the case at hand; the next look needs a reason of its own."""
    request.session.pop(_KEY, None)


def with_errand(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the case at hand to a view as ``errand``; ask for the reason first when there is none."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        errand = find_errand(request)
        if errand is None:
            back = (
                request.get_full_path() if request.method in ("GET", "HEAD") else reverse("residents:search")
            )
            return redirect(f"{reverse('residents:errand')}?{urlencode({'next': back})}")
        return view(request, *args, errand=errand, **kwargs)

    return asked
