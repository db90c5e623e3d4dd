"""Reads of bodies."""

import datetime as dt

from django.db.models import Q

from yui.kernel.tenancy.contracts import BodyKind, BodyRef, UnknownBody
from yui.kernel.tenancy.models import Body


def _ref(body: Body) -> BodyRef:
    return BodyRef(
        id=body.pk,
        code=body.code,
        name=body.name,
        kind=BodyKind(body.kind),
        parent_code=body.parent.code if body.parent else None,
    )


def find_body(code: str) -> BodyRef | None:
    """The body with this official code, or None."""
    body = Body.objects.select_related("parent").filter(code=code).first()
    return _ref(body) if body else None


def get_body(code: str) -> BodyRef:
    """The body with this official code.

    Raises:
        UnknownBody: there is none.
    """
    body = find_body(code)
    if body is None:
        raise UnknownBody(f"No body has the code {code}. `yui body list` shows those that are open.")
    return body


def list_bodies(on: dt.date | None = None) -> list[BodyRef]:
    """All bodies by code; with ``on``, those valid on that day."""
    bodies = Body.objects.select_related("parent").order_by("code")
    if on is not None:
        bodies = bodies.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on), valid_from__lte=on)
    return [_ref(body) for body in bodies]
