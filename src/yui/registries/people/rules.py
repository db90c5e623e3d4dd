"""Decisions about changes of the resident record. Pure: no database, no clock.

Each ``check_…`` raises ``ResidentChangeRefused`` and returns nothing.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from yui.kernel.calendar.public import PartialDate, legal_age
from yui.registries.people.contracts import (
    Address,
    ChangeWarning,
    Citizenship,
    NewResident,
    PersonName,
    Refusal,
    Relationship,
    Sex,
)
from yui.registries.people.layout import resident_record_layout
from yui.registries.people.texts import refuse

NOTIFICATION_DAYS = 14
"""Days within which a change has to be notified.

Source:
    住民基本台帳法 (昭和42年法律第81号), articles 22 (転入), 23 (転居) and 25 (世帯変更).
"""

YOUNGEST_HEAD = 15
"""Age from which somebody may be entered as head of a household without a guardian living there.

Source:
    Practice of resident records (意思能力を有する者, 民法 article 961 by analogy); Members below it may still
    be head when nobody older lives in the household.
"""

YOUNGEST_MOTHER = 10
"""A mother younger than this is taken for a mistake of the entry, not for a fact."""


LONGEST_REASON = 500
"""Characters of a remark."""


def check_effective(effective_on: dt.date, today: dt.date, *, may_be_future: bool = False) -> None:
    """A change takes effect today or earlier; only a move out may be announced.

    Source:
        住民基本台帳法 article 24: 転出をする者は、あらかじめ…届け出なければならない.
    """
    if effective_on > today and not may_be_future:
        refuse(Refusal.FUTURE_DATE, "effective_on")
    if effective_on < dt.date(1868, 1, 1):
        refuse(Refusal.TOO_EARLY, "effective_on")


def check_notified(
    notified_on: dt.date | None, effective_on: dt.date, today: dt.date, *, may_precede: bool = False
) -> None:
    """A notification comes after the event, except that of a move out, and never from the future."""
    if notified_on is None:
        return
    if notified_on > today:
        refuse(Refusal.NOTIFIED_IN_FUTURE, "notified_on")
    if notified_on < effective_on and not may_precede:
        refuse(Refusal.NOTIFIED_BEFORE, "notified_on")


def is_late(notified_on: dt.date | None, effective_on: dt.date) -> bool:
    """Whether more than 14 days passed, the day of the event not counted.

    Source:
        住民基本台帳法 articles 22, 23, 25: …日から十四日以内に; 民法 article 140 (初日不算入).
    """
    return notified_on is not None and (notified_on - effective_on).days > NOTIFICATION_DAYS


def check_text_items(items: Mapping[str, str]) -> tuple[ChangeWarning, ...]:
    """No control characters, no more characters than the layout holds; private-use ones are pointed out."""
    columns = resident_record_layout().by_id
    warnings: set[ChangeWarning] = set()
    for item, value in items.items():
        column = columns.get(item)
        if column is not None and column.length is not None and len(value) > column.length:
            refuse(Refusal.TOO_LONG, item, limit=column.length)
        for character in value:
            category = unicodedata.category(character)
            if category == "Cc":
                refuse(Refusal.CONTROL_CHARACTER, item)
            if category == "Co":
                warnings.add(ChangeWarning.PRIVATE_USE_CHARACTER)
    return tuple(sorted(warnings))


def check_reason(reason: str) -> None:
    """A remark is short and printable."""
    if len(reason) > LONGEST_REASON:
        refuse(Refusal.TOO_LONG, "reason", limit=LONGEST_REASON)
    check_text_items({"reason": reason.replace("\n", "")})


def check_name(name: PersonName) -> None:
    """Somebody has at least one part of a name; a foreign resident may have one only."""
    if not (name.family_name.strip() or name.given_name.strip()):
        refuse(Refusal.NAME_MISSING, "family_name")


def check_address(address: Address, body_code: str) -> None:
    """An address names its town and lies in the body whose record it is."""
    if not address.town.strip():
        refuse(Refusal.ADDRESS_MISSING, "town")
    if address.lg_code and address.lg_code != body_code:
        refuse(Refusal.OTHER_BODY, "lg_code")


def check_citizenship(citizenship: Citizenship) -> None:
    """Japanese nationals have no residence status, everyone else has one.

    Source:
        住民基本台帳法 articles 7 and 30-45.
    """
    foreign = citizenship.nationality != "JPN"
    if not foreign and (citizenship.residence_status or citizenship.residence_until):
        refuse(Refusal.RESIDENCE_OF_JAPANESE, "residence_status")
    if foreign and not citizenship.residence_status:
        refuse(Refusal.RESIDENCE_MISSING, "residence_status")


def check_born(born_on: PartialDate, became_on: dt.date) -> None:
    """Nobody becomes a resident before the day of birth."""
    if born_on.year is not None and born_on.earliest() > became_on:
        refuse(Refusal.BORN_AFTER_EFFECT, "born_on")


def check_new_resident(new: NewResident, became_on: dt.date) -> None:
    """Everything about somebody who becomes a resident that can be judged alone."""
    check_name(new.name)
    check_born(new.born_on, became_on)
    check_citizenship(new.citizenship)
    if new.person_number and not (new.person_number.isascii() and new.person_number.isdecimal()):
        refuse(Refusal.NUMBER_INVALID, "person_number")


def check_mother(child_born_on: dt.date, mother_born_on: PartialDate, mother_sex: Sex) -> None:
    """The mother of a child was alive, female and not herself a small child at the birth."""
    if mother_sex is Sex.MALE:
        refuse(Refusal.MOTHER_NOT_FEMALE, "mother")
    if mother_born_on.year is None:
        return
    if mother_born_on.earliest() >= child_born_on:
        refuse(Refusal.BIRTH_BEFORE_MOTHER, "born_on")
    if legal_age(mother_born_on.earliest(), child_born_on) < YOUNGEST_MOTHER:
        refuse(Refusal.MOTHER_TOO_YOUNG, "born_on")


def check_heads(relationships: Sequence[Relationship]) -> None:
    """A household in which somebody lives has exactly one head.

    Source:
        住民基本台帳法 article 7, item 4.
    """
    heads = sum(relationship is Relationship.HEAD for relationship in relationships)
    if relationships and heads == 0:
        refuse(Refusal.HEAD_NEEDED, "head")
    if heads > 1:
        refuse(Refusal.TWO_HEADS, "head")


def check_head_age(head_born_on: PartialDate, others_born_on: Iterable[PartialDate], on: dt.date) -> None:
    """A child below 15 heads a household only where nobody is older than that."""

    def of_age(born: PartialDate) -> bool:
        return born.year is None or born.earliest() > on or legal_age(born.earliest(), on) >= YOUNGEST_HEAD

    if not of_age(head_born_on) and any(of_age(born) for born in others_born_on):
        refuse(Refusal.NEW_HEAD_TOO_YOUNG, "head")


def check_seen(seen: Mapping[str, int] | None, versions: Mapping[str, int]) -> None:
    """What the clerk looked at is still what is there. ``seen`` names persons and households by public id."""
    if seen and any(versions.get(public_id, version) != version for public_id, version in seen.items()):
        refuse(Refusal.STALE_PAGE)
