"""What crosses the door of tenancy."""

from dataclasses import dataclass
from enum import StrEnum


class BodyKind(StrEnum):
    """The kinds of body (地方自治法1条の3, 2条; 私立学校法3条 for school corporations)."""

    NATION = "nation"
    PREFECTURE = "prefecture"
    MUNICIPALITY = "municipality"
    SCHOOL_CORPORATION = "school_corporation"
    CARE_PROVIDER = "care_provider"


@dataclass(frozen=True)
class BodyRef:
    """A body as other packages see it."""

    id: int
    code: str
    name: str
    kind: BodyKind
    parent_code: str | None = None

    def __str__(self) -> str:
        return self.name


class TenancyError(Exception):
    """A breach of the walls between bodies; always a mistake in code, never in input."""


class NoActiveBody(TenancyError):
    """Data of a body was touched while no body was active."""


class OtherBodyActive(TenancyError):
    """A second body's scope was opened inside the first one's."""


class WrongRole(TenancyError):
    """The run-time database role could read past row-level security."""


class UnknownBody(LookupError):
    """No body has this code."""


class BodyRefused(ValueError):
    """A body cannot be opened as asked; the message says why and what to do."""
