"""People appear in the journal under a pseudonym that differs from body to body."""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from yui.kernel.tenancy.public import current_body


def pseudonym_key(body_code: str) -> bytes:
    """The body's key, derived from the installation's secret."""
    return hmac.new(
        settings.SECRET_KEY.encode(), f"journal pseudonym {body_code}".encode(), hashlib.sha256
    ).digest()


def pseudonym(subject: UUID) -> UUID:
    """The active body's pseudonym of a person: the same person has another one in each body."""
    digest = hmac.new(pseudonym_key(current_body().code), subject.bytes, hashlib.sha256).digest()
    return UUID(bytes=digest[:16], version=4)
