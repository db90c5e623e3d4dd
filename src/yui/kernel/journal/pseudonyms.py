"""People appear in the journal under a pseudonym that differs from body to body."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import NewType
from uuid import UUID

from django.conf import settings

from yui.kernel.tenancy.public import current_body

# The text of a person's pseudonym; never the text of a public id.
Pseudonym = NewType("Pseudonym", str)


def pseudonym_key(body_code: str) -> bytes:
    """The body's key, derived from the installation's secret."""
    return hmac.new(
        settings.SECRET_KEY.encode(), f"journal pseudonym {body_code}".encode(), hashlib.sha256
    ).digest()


def pseudonym(subject: UUID) -> UUID:
    """The active body's pseudonym of a person: the same person has another one in each body."""
    digest = hmac.new(pseudonym_key(current_body().code), subject.bytes, hashlib.sha256).digest()
    return UUID(bytes=digest[:16], version=4)


def pseudonyms_of(subjects: Iterable[UUID | bytes]) -> list[Pseudonym]:
    """The active body's pseudonyms of a whole town, in its order.

    HMAC (RFC 2104) spelled out: its two beginnings are the same for everybody, and going on from copies of them takes
    a third of the time that a new HMAC takes.

    Args:
        subjects: public ids, or their sixteen bytes, which are quicker to make.
    """
    key = pseudonym_key(current_body().code).ljust(64, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in key)) for pad in (0x36, 0x5C))
    found: list[Pseudonym] = []
    for subject in subjects:
        first, second = inner.copy(), outer.copy()
        first.update(subject if isinstance(subject, bytes) else subject.bytes)
        second.update(first.digest())
        text = second.hexdigest()
        # Version 4 and its variant, as ``pseudonym`` sets them.
        found.append(Pseudonym(f"{text[:12]}4{text[13:16]}{_VARIANT[text[16]]}{text[17:32]}"))
    return found


_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
