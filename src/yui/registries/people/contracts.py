"""What crosses the door of the resident registry."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from django.utils.functional import Promise

from yui.kernel.calendar.public import PartialDate


class Sex(StrEnum):
    """男女の別, 住民基本台帳法 article 7, item 3."""

    MALE = "1"
    FEMALE = "2"
    OTHER = "9"


class Relationship(StrEnum):
    """世帯主との続柄, 住民基本台帳法 article 7, item 4."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    GRANDCHILD = "grandchild"
    PARENT = "parent"
    SIBLING = "sibling"
    OTHER_RELATIVE = "other_relative"
    COHABITANT = "cohabitant"


class BecameBy(StrEnum):
    """Why somebody became a resident: 出生, 転入, 職権 or another ground (住民基本台帳法施行令 articles 7 and 8)."""

    BIRTH = "birth"
    MOVE_IN = "move_in"
    EX_OFFICIO = "ex_officio"
    OTHER = "other"


class EndedBy(StrEnum):
    """Why somebody ceased to be a resident: 死亡, 転出 or 職権 (住民基本台帳法施行令 article 8)."""

    DEATH = "death"
    MOVE_OUT = "move_out"
    EX_OFFICIO = "ex_officio"


class EventKind(StrEnum):
    """Change of the resident record (異動), 住民基本台帳法 articles 8, 14 and 22 to 25."""

    BIRTH = "birth"
    DEATH = "death"
    MOVE_IN = "move_in"
    MOVE_OUT = "move_out"
    MOVE_WITHIN = "move_within"
    HOUSEHOLD_CHANGE = "household_change"
    CORRECTION = "correction"
    CANCELLATION = "cancellation"
    IMPORT = "import"


@dataclass(frozen=True, kw_only=True)
class PersonName:
    """A name, every character exactly as received (IVS and compatibility ideographs included)."""

    family_name: str = ""
    given_name: str = ""
    family_kana: str = ""
    given_kana: str = ""
    former_family_name: str = ""
    former_family_kana: str = ""

    @property
    def full(self) -> str:
        """Family and given name with an ideographic space, as on a resident record."""
        return "\u3000".join(part for part in (self.family_name, self.given_name) if part)

    @property
    def full_kana(self) -> str:
        """The reading, in the same form."""
        return "\u3000".join(part for part in (self.family_kana, self.given_kana) if part)


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address inside the body: 町字, 番地, 方書. ``lg_code`` is empty to mean the active body."""

    town: str
    block: str = ""
    building: str = ""
    postal_code: str = ""
    town_code: str = ""
    lg_code: str = ""

    @property
    def line(self) -> str:
        """Town, block and building on one line, without prefecture and municipality."""
        return f"{self.town}{self.block}" + (f"\u3000{self.building}" if self.building else "")


@dataclass(frozen=True, kw_only=True)
class Citizenship:
    """Nationality, and for a foreign resident the items of 住民基本台帳法 article 30-45."""

    nationality: str = "JPN"
    residence_status: str = ""
    residence_until: dt.date | None = None
    domicile: str = ""
    domicile_head: str = ""


@dataclass(frozen=True, kw_only=True)
class ResidentView:
    """One person as true on a day and known at an instant.

    Attributes:
        person: public id of the person.
        household: public id of the household.
        is_head: 世帯主.
        is_resident: False from the day of death or of moving out (a removed record, 除票).
        valid_from, valid_until: the days on which exactly these facts hold; until is exclusive.
        recorded_from, recorded_until: when this was what we knew; until is None while it still is.
        version: of the person; hand it back to an action as ``seen``.
        protected: a protection measure (支援措置) is in force today.
    """

    person: UUID
    person_number: str
    household: UUID
    household_number: str
    name: PersonName
    born_on: PartialDate
    born_text: str
    sex: Sex
    relationship: Relationship
    relationship_text: str
    address: Address
    became_resident_on: dt.date
    became_resident_by: BecameBy
    address_since_on: dt.date | None
    notified_on: dt.date | None
    previous_address: str
    citizenship: Citizenship
    resident_code: str
    ended_on: dt.date | None
    ended_by: EndedBy | None
    valid_from: dt.date
    valid_until: dt.date | None
    recorded_from: dt.datetime
    recorded_until: dt.datetime | None
    version: int
    protected: bool

    @property
    def is_head(self) -> bool:
        """Whether this person is the head of the household."""
        return self.relationship is Relationship.HEAD

    @property
    def is_resident(self) -> bool:
        """Whether this person is a resident on the days of this view."""
        return self.ended_on is None


@dataclass(frozen=True, kw_only=True)
class HouseholdView:
    """A household on a day: its residents, head first, then by birth.

    ``members`` leaves out protected persons unless the reader may see them; ``head`` is None when the
    head is left out or when nobody lives in the household any more.
    """

    household: UUID
    household_number: str
    as_of: dt.date
    members: tuple[ResidentView, ...]
    version: int

    @property
    def head(self) -> ResidentView | None:
        """The head of the household."""
        return next((member for member in self.members if member.is_head), None)

    @property
    def is_closed(self) -> bool:
        """Whether nobody (whom the reader may see) lives in it on that day."""
        return not self.members


@dataclass(frozen=True, kw_only=True)
class HouseholdPeriod:
    """A stretch of days on which a household did not change."""

    valid_from: dt.date
    valid_until: dt.date | None
    household: HouseholdView


@dataclass(frozen=True, kw_only=True)
class EventView:
    """A change of the resident record.

    Attributes:
        persons: everyone whose record it changed.
        warnings: what the clerk should know, such as a late notification; codes of ``Warning``.
        repeated: this very request had been done before; nothing was done now.
    """

    event: UUID
    kind: EventKind
    effective_on: dt.date
    notified_on: dt.date | None
    reason: str
    destination: str
    recorded_at: dt.datetime
    recorded_by: str
    persons: tuple[UUID, ...]
    households: tuple[UUID, ...]
    cancels: UUID | None = None
    cancelled_by: UUID | None = None
    warnings: tuple["ChangeWarning", ...] = ()
    repeated: bool = False


@dataclass(frozen=True, kw_only=True)
class FoundResident:
    """One hit of a search, best first; ``score`` is comparable within one answer only."""

    resident: ResidentView
    score: int


@dataclass(frozen=True, kw_only=True)
class ProtectionView:
    """A protection measure (DV等支援措置)."""

    measure: UUID
    person: UUID
    valid_from: dt.date
    valid_until: dt.date | None
    review_on: dt.date
    ground: str
    registered_by: str


@dataclass(frozen=True, kw_only=True)
class NewResident:
    """Everything about somebody who becomes a resident.

    ``person`` names somebody the registry already knows (a return); ``person_number`` may be left
    empty, then the next free number is given.
    """

    name: PersonName
    born_on: PartialDate
    sex: Sex
    relationship: Relationship
    relationship_text: str = ""
    born_text: str = ""
    citizenship: Citizenship = field(default_factory=Citizenship)
    resident_code: str = ""
    person_number: str = ""
    person: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person's place in a household after a change."""

    person: UUID
    relationship: Relationship
    relationship_text: str = ""


class Refusal(StrEnum):
    """Why a change of the resident record was refused; each has a text in both languages."""

    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_HOUSEHOLD = "unknown_household"
    UNKNOWN_EVENT = "unknown_event"
    NOT_RESIDENT = "not_resident"
    ALREADY_RESIDENT = "already_resident"
    STALE_PAGE = "stale_page"
    KEY_USED = "key_used"
    FUTURE_DATE = "future_date"
    TOO_EARLY = "too_early"
    NOTIFIED_BEFORE = "notified_before"
    NOTIFIED_IN_FUTURE = "notified_in_future"
    NAME_MISSING = "name_missing"
    BIRTH_NOT_EXACT = "birth_not_exact"
    BIRTH_BEFORE_MOTHER = "birth_before_mother"
    MOTHER_TOO_YOUNG = "mother_too_young"
    MOTHER_NOT_FEMALE = "mother_not_female"
    BORN_AFTER_EFFECT = "born_after_effect"
    HEAD_NEEDED = "head_needed"
    TWO_HEADS = "two_heads"
    NEW_HEAD_NOT_MEMBER = "new_head_not_member"
    NEW_HEAD_TOO_YOUNG = "new_head_too_young"
    NOT_MEMBER = "not_member"
    NOBODY = "nobody"
    NOTHING_CHANGES = "nothing_changes"
    ADDRESS_MISSING = "address_missing"
    OTHER_BODY = "other_body"
    SAME_ADDRESS = "same_address"
    SAME_HOUSEHOLD = "same_household"
    RESIDENCE_OF_JAPANESE = "residence_of_japanese"
    RESIDENCE_MISSING = "residence_missing"
    NUMBER_TAKEN = "number_taken"
    NUMBER_INVALID = "number_invalid"
    LATER_EVENT = "later_event"
    ALREADY_CANCELLED = "already_cancelled"
    NOT_CANCELLABLE = "not_cancellable"
    UNKNOWN_ITEM = "unknown_item"
    REASON_MISSING = "reason_missing"
    ALREADY_PROTECTED = "already_protected"
    NOT_PROTECTED = "not_protected"
    REVIEW_BEFORE_START = "review_before_start"
    CONTROL_CHARACTER = "control_character"
    TOO_LONG = "too_long"


class ChangeWarning(StrEnum):
    """What a clerk should know about a change that was made."""

    LATE_NOTIFICATION = "late_notification"
    """More than 14 days after the event: 住民基本台帳法 articles 22 to 25 (50,000 yen fine, article 52)."""
    HOUSEHOLD_CLOSED = "household_closed"
    PRIVATE_USE_CHARACTER = "private_use_character"


class ResidentChangeRefused(ValueError):
    """A change of the resident record was refused and nothing was changed.

    Attributes:
        code: the stable reason.
        item: the item of the request to mend, "" when none in particular.
        text: what happened, why and how to go on, in the reader's language.
    """

    def __init__(self, code: Refusal, text: "str | Promise", item: str = "") -> None:
        super().__init__(code.value)
        self.code = code
        self.item = item
        self.text = text

    def __str__(self) -> str:
        return str(self.text)


class ResidentNotFound(LookupError):
    """Nobody is found: unknown here, not known on that day, or not to be found by this reader."""


class MatchRefused(ValueError):
    """A sign-in could not be tied to exactly one resident.

    Attributes:
        code: ``none``, ``ambiguous`` or ``taken``.
        text: what to do now, in the reader's language; the same for none and ambiguous, so that
            nobody can find out by trying who lives here.
    """

    def __init__(self, code: str, text: "str | Promise") -> None:
        super().__init__(code)
        self.code = code
        self.text = text

    def __str__(self) -> str:
        return str(self.text)


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    ``new + changed + unchanged + rejected == rows``. ``reasons`` counts rejected rows by reason; a row with
    two reasons counts in both.
    """

    rows: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    reasons: Mapping[str, int]
    encoding: str
    dry_run: bool
    event: UUID | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        """Rows that are in the registry now (or would be)."""
        return self.new + self.changed + self.unchanged
