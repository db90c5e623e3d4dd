"""Opening and ending bodies. Both need the owner's connection: the run-time role cannot change who exists."""

import datetime as dt

from django.db import transaction

from yui.kernel.tenancy.codes import is_local_government_code
from yui.kernel.tenancy.contracts import BodyKind, BodyRef, BodyRefused
from yui.kernel.tenancy.models import Body
from yui.kernel.tenancy.queries import get_body

_CODED = (BodyKind.PREFECTURE, BodyKind.MUNICIPALITY)


def open_body(
    *,
    code: str,
    name: str,
    kind: BodyKind,
    valid_from: dt.date,
    name_kana: str = "",
    parent_code: str | None = None,
) -> BodyRef:
    """Open a body, or return it unchanged when it is open with the same facts already.

    Raises:
        BodyRefused: the code is none, is taken by another name, or the parent is unknown.
    """
    if kind in _CODED and not is_local_government_code(code):
        raise BodyRefused(f"{code} is no official code: it needs six digits, the last one the check digit.")
    with transaction.atomic(using="owner"):
        bodies = Body.objects.using("owner")
        parent = bodies.filter(code=parent_code).first() if parent_code else None
        if parent_code and parent is None:
            raise BodyRefused(f"The parent {parent_code} is not open yet. Open it first.")
        body, made = bodies.get_or_create(
            code=code,
            defaults={
                "name": name,
                "name_kana": name_kana,
                "kind": kind.value,
                "parent": parent,
                "valid_from": valid_from,
            },
        )
        if not made and (body.name, body.kind, body.parent_id) != (
            name,
            kind.value,
            parent.pk if parent else None,
        ):
            raise BodyRefused(f"The code {code} belongs to {body.name} already.")
    return get_body(code)


def end_body(*, code: str, until: dt.date) -> None:
    """End a body on a day (merger). Its rows stay and can still be read as of earlier days.

    Raises:
        BodyRefused: the day is not after the first day.
        UnknownBody: no body has this code.
    """
    get_body(code)
    with transaction.atomic(using="owner"):
        body = Body.objects.using("owner").select_for_update().get(code=code)
        if until <= body.valid_from:
            raise BodyRefused("A body must be valid for at least one day.")
        body.valid_until = until
        body.save(update_fields=["valid_until"])
