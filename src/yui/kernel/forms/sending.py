"""From a posted page to its result: checked, done once, never on a stale page."""

import datetime
import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from yui.kernel.access.public import find_current_actor
from yui.kernel.forms.base import TOKEN, Form
from yui.kernel.forms.contracts import FormRefused, StalePage
from yui.kernel.forms.models import Submission
from yui.kernel.tenancy.public import current_body

F = TypeVar("F", bound=Form)
_NOT_ENTERED = {TOKEN, "csrfmiddlewaretoken"}


def handle_form(
    request: HttpRequest,
    form: F,
    *,
    template: str,
    then: Callable[[F], str],
    context: Mapping[str, Any] | None = None,
    version: Callable[[], object] | None = None,
    once: bool = True,
) -> HttpResponse:
    """Answer a page that holds one form.

    A fresh page is shown (200). A posted page with mistakes is shown again with them (422). A posted page without
    mistakes is acted on in one transaction and the browser is sent on to the result (303). The same page posted
    again does nothing and leads to the first result; a page that someone else's change has overtaken is refused
    (409). In every refusal the entries stay on the page.

    Args:
        form: from ``Form.from_request``.
        template: the page; it gets ``form`` and ``context``.
        then: does the work with the valid form and returns the address of the result. It may raise
            ``FormRefused``, ``StalePage`` or ``ValidationError``; then nothing of it remains.
        version: tells the record's present version inside the transaction. Let it lock the row, so that nobody
            changes the record between the check and the work. Without it the form's own ``version`` is compared.
        once: whether to remember the page's token. It needs an active body; pages before a body is chosen say False.
    """
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                earlier = _claim(form) if once else None
                if earlier is None:
                    _check_version(form, version)
                    url = then(form)
                    if once:
                        Submission.objects.filter(token=form.token).update(result_url=url)
                    return _see_other(url)
            if _is_same(earlier, form):
                return _see_other(earlier.result_url)
            form.is_resent = True
            form.first_result_url = earlier.result_url if earlier.actor == _actor_id() else ""
            form.renew_token()
        except StalePage:
            form.is_stale = True
            if version is not None:
                form.version = str(version())
        except FormRefused as refusal:
            form.add_error(refusal.field or None, str(refusal.message))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, template, {**(context or {}), "form": form}, status=form.status_code)


def forget_submissions(before: datetime.datetime) -> int:
    """Delete the active body's memory of pages sent before an instant; returns how many were forgotten."""
    return int(Submission.objects.filter(sent_at__lt=before).delete()[0])


def _claim(form: Form) -> Submission | None:
    """Take the page's token for this transaction, or return the submission that took it earlier.

    A second request with the same token waits here until the first one's transaction has ended: if that one failed,
    its row is gone and this one may work.
    """
    with connection.cursor() as cursor:
        # Only a statement of our own tells whether the row is new.
        cursor.execute(
            "INSERT INTO forms_submission (body_id, token, actor, digest, result_url, sent_at)"
            " VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT DO NOTHING",
            [current_body().id, form.token, _actor_id(), _digest(form), timezone.now()],
        )
        is_ours = cursor.rowcount == 1
    return None if is_ours else Submission.objects.get(token=form.token)


def _is_same(earlier: Submission, form: Form) -> bool:
    return earlier.actor == _actor_id() and hmac.compare_digest(earlier.digest, _digest(form))


def _check_version(form: Form, version: Callable[[], object] | None) -> None:
    present = str(version()) if version is not None else form.version
    if form.posted_version != present:
        raise StalePage


def _actor_id() -> str:
    actor = find_current_actor()
    return f"{actor.kind}:{actor.public_id}" if actor else ""


def _digest(form: Form) -> str:
    mac = hmac.new(f"{settings.SECRET_KEY} form".encode(), digestmod=hashlib.sha256)
    for name, values in sorted(_entries(form)):
        mac.update(repr((name, list(values))).encode())
    return mac.hexdigest()


def _entries(form: Form) -> Iterable[tuple[str, list[Any]]]:
    data = form.data
    lists = data.lists() if hasattr(data, "lists") else ((name, [value]) for name, value in data.items())
    for name, values in lists:
        if name not in _NOT_ENTERED:
            yield name, values
    for name, upload in form.files.items():
        if isinstance(upload, UploadedFile):
            digest = hashlib.sha256()
            for chunk in upload.chunks():
                digest.update(chunk)
            upload.seek(0)
            yield name, [upload.name, digest.hexdigest()]


def _see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
