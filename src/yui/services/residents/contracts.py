"""What the desk says about certificates."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class CertificateForm(StrEnum):
    """How a copy of the resident record is laid out; 住民記録システム標準仕様書, forms."""

    HOUSEHOLD = "household"
    """世帯連記式: four persons on a sheet, the present items only."""
    INDIVIDUAL = "individual"
    """個人票: one person on a sheet; the only form for a removed record (除票)."""


class OptionalItem(StrEnum):
    """Items that stand on a copy only when they are asked for (住民基本台帳法 article 12, paragraph 5)."""

    DOMICILE = "domicile"
    """本籍・筆頭者; for a foreign resident nationality and residence."""
    RELATIONSHIP = "relationship"
    """世帯主・続柄."""
    MY_NUMBER = "my_number"
    RESIDENT_CODE = "resident_code"


class ApplicantKind(StrEnum):
    """Who asks for a copy; each has its own article."""

    SELF = "self"
    """The person or somebody of the same household: 住民基本台帳法 article 12, paragraph 1."""
    AGENT = "agent"
    """An agent of them: article 12, paragraphs 1 and 4."""
    AUTHORITY = "authority"
    """The nation or a local government: article 12-2."""
    OTHERS = "others"
    """Somebody with a legitimate reason: article 12-3."""


@dataclass(frozen=True, kw_only=True)
class CertificateView:
    """A copy that was issued.

    Attributes:
        number: counted by each body from 1.
        persons: whose items stand on it.
        items: the optional items on it.
        as_of: the day whose facts it states.
        issued_at: also the instant as of which the facts were known.
        sha256: of the PDF as it was made then.
    """

    public_id: UUID
    number: int
    form: CertificateForm
    persons: tuple[UUID, ...]
    household: UUID
    items: frozenset[OptionalItem]
    applicant: ApplicantKind
    as_of: dt.date
    issued_at: dt.datetime
    issued_by: str
    sha256: str


class CertificateRefused(ValueError):
    """A copy cannot be made; the text says why and how to go on, in the clerk's language.

    Attributes:
        field: the field of the form to mend, "" when none in particular.
    """

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class CertificateNotFound(LookupError):
    """No such copy was issued here, or it states items of somebody whom the reader must not find."""
