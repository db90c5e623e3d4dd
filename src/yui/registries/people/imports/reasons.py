"""Why a row is rejected; the values stand in the reject file and never change."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    """One kind of bad row."""

    COLUMN_COUNT = "column_count"
    UNENCODABLE = "unencodable"
    MISSING = "missing"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    PRIVATE_USE_CHARACTER = "private_use_character"
    LOST_CHARACTER = "lost_character"
    NOT_A_NUMBER = "not_a_number"
    BAD_CODE = "bad_code"
    UNKNOWN_RELATIONSHIP = "unknown_relationship"
    IMPOSSIBLE_DATE = "impossible_date"
    UNREADABLE_DATE = "unreadable_date"
    FUTURE_DATE = "future_date"
    BORN_AFTER_BECAME = "born_after_became"
    DATE_ORDER = "date_order"
    ENDED_INCOMPLETE = "ended_incomplete"
    OTHER_BODY = "other_body"
    BAD_POSTAL_CODE = "bad_postal_code"
    BAD_TOWN_CODE = "bad_town_code"
    CHECK_DIGIT = "check_digit"
    RESIDENCE_OF_JAPANESE = "residence_of_japanese"
    RESIDENCE_MISSING = "residence_missing"
    DUPLICATE_PERSON = "duplicate_person"
    DUPLICATE_RESIDENT_CODE = "duplicate_resident_code"
    DUPLICATE_MY_NUMBER = "duplicate_my_number"
    MY_NUMBER_TAKEN = "my_number_taken"
    NO_HEAD = "no_head"
    TWO_HEADS = "two_heads"


TEXTS: dict[Reason, Promise] = {
    Reason.COLUMN_COUNT: _("The row has more or fewer cells than there are headings."),
    Reason.UNENCODABLE: _("The row holds bytes that are no characters in the encoding of the file."),
    Reason.MISSING: _("A mandatory item is empty."),
    Reason.TOO_LONG: _("The item has more characters than the layout holds."),
    Reason.CONTROL_CHARACTER: _("The item holds a control character."),
    Reason.PRIVATE_USE_CHARACTER: _("The item holds a private-use character, which only its maker can read."),
    Reason.LOST_CHARACTER: _("The item holds a character that was lost before (U+FFFD)."),
    Reason.NOT_A_NUMBER: _("The number has a wrong length or holds something else than digits."),
    Reason.BAD_CODE: _("The code is not in the code list."),
    Reason.UNKNOWN_RELATIONSHIP: _("The relationship code is not in the code list."),
    Reason.IMPOSSIBLE_DATE: _("The day does not exist."),
    Reason.UNREADABLE_DATE: _("The date cannot be read. Write YYYY-MM-DD."),
    Reason.FUTURE_DATE: _("The day lies in the future."),
    Reason.BORN_AFTER_BECAME: _("The person became a resident before being born."),
    Reason.DATE_ORDER: _("The days stand in an impossible order."),
    Reason.ENDED_INCOMPLETE: _("The end of residence has a day without a reason or a reason without a day."),
    Reason.OTHER_BODY: _("The record belongs to another municipality."),
    Reason.BAD_POSTAL_CODE: _("A postal code has seven digits."),
    Reason.BAD_TOWN_CODE: _("A town identifier has seven digits."),
    Reason.CHECK_DIGIT: _("The check digit is wrong."),
    Reason.RESIDENCE_OF_JAPANESE: _("A Japanese national has no residence status or period."),
    Reason.RESIDENCE_MISSING: _("A foreign resident has no residence status."),
    Reason.DUPLICATE_PERSON: _("The person number stands more than once in the file."),
    Reason.DUPLICATE_RESIDENT_CODE: _("The resident record code stands more than once in the file."),
    Reason.DUPLICATE_MY_NUMBER: _("The My Number stands more than once in the file."),
    Reason.MY_NUMBER_TAKEN: _("The My Number belongs to another person of the registry."),
    Reason.NO_HEAD: _("Nobody is head of this household."),
    Reason.TWO_HEADS: _("The household has more than one head."),
}


class ImportRefused(ValueError):
    """A file cannot be imported as a whole; nothing was changed."""

    def __init__(self, text: "str | Promise") -> None:
        super().__init__(str(text))
        self.text = text

    def __str__(self) -> str:
        return str(self.text)
