"""What people read about refusals, kinds of event, code lists and reasons of rejected rows."""

from typing import NoReturn

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yui.registries.people.contracts import ChangeWarning, EventKind, Refusal, ResidentChangeRefused

REFUSALS: dict[Refusal, Promise] = {
    Refusal.UNKNOWN_PERSON: _("Nobody of this kind is found in the resident record. Search again."),
    Refusal.UNKNOWN_HOUSEHOLD: _("This household is not found. Search again."),
    Refusal.UNKNOWN_EVENT: _("This change is not found. Look at the history again."),
    Refusal.NOT_RESIDENT: _(
        "This person is not a resident on that day. Check the date, or enter a move in first."
    ),
    Refusal.ALREADY_RESIDENT: _(
        "This person is a resident already. Enter a move within the municipality instead."
    ),
    Refusal.STALE_PAGE: _(
        "Somebody else has changed this record since you opened it. Open it again, look at the change and repeat yours."
    ),
    Refusal.KEY_USED: _("This form was sent before with other content. Open a new form."),
    Refusal.FUTURE_DATE: _("The day of the change lies in the future. Only a move out can be entered ahead."),
    Refusal.TOO_EARLY: _("The day lies before anything is known. Check the year."),
    Refusal.NOTIFIED_BEFORE: _("The day of notification lies before the change. Check both days."),
    Refusal.NOTIFIED_IN_FUTURE: _("The day of notification lies in the future. Check it."),
    Refusal.NAME_MISSING: _("A name is needed. Enter at least one part of it."),
    Refusal.BIRTH_NOT_EXACT: _("The day of birth of a newborn must be complete. Enter year, month and day."),
    Refusal.BIRTH_BEFORE_MOTHER: _("The child would be born before its mother. Check both days of birth."),
    Refusal.MOTHER_TOO_YOUNG: _(
        "The mother would be a small child herself. Check who was chosen and the day of birth."
    ),
    Refusal.MOTHER_NOT_FEMALE: _("The person chosen as mother is recorded as male. Check who was chosen."),
    Refusal.BORN_AFTER_EFFECT: _("The person would become a resident before being born. Check both days."),
    Refusal.HEAD_NEEDED: _("The household would have no head. Choose who becomes the head."),
    Refusal.TWO_HEADS: _("The household would have two heads. Choose one."),
    Refusal.NEW_HEAD_NOT_MEMBER: _(
        "The new head does not live in this household on that day. Choose a member."
    ),
    Refusal.NEW_HEAD_TOO_YOUNG: _(
        "A child below 15 cannot be head while somebody older lives there. Choose another head."
    ),
    Refusal.NOT_MEMBER: _("Not everyone named lives in this household on that day. Open it again."),
    Refusal.NOBODY: _("Nobody was chosen. Choose at least one person."),
    Refusal.NOTHING_CHANGES: _("What you entered is what is recorded already. Nothing was changed."),
    Refusal.ADDRESS_MISSING: _("The address has no town. Enter it."),
    Refusal.OTHER_BODY: _("The address lies in another municipality. Enter a move out instead."),
    Refusal.SAME_ADDRESS: _("The new address is the present one. Check it."),
    Refusal.SAME_HOUSEHOLD: _("Both households are the same. Choose another one."),
    Refusal.RESIDENCE_OF_JAPANESE: _(
        "A Japanese national has no residence status. Empty it or change the nationality."
    ),
    Refusal.RESIDENCE_MISSING: _(
        "A foreign resident needs a residence status. Enter it from the residence card."
    ),
    Refusal.NUMBER_TAKEN: _("This number belongs to somebody else. Check it."),
    Refusal.NUMBER_INVALID: _("This number is not possible. Check every digit."),
    Refusal.LATER_EVENT: _("Later changes build on this. Cancel those first, newest first."),
    Refusal.ALREADY_CANCELLED: _("This change was cancelled before."),
    Refusal.NOT_CANCELLABLE: _(
        "A cancellation or an import cannot be cancelled. Enter a correction instead."
    ),
    Refusal.UNKNOWN_ITEM: _("This item cannot be corrected here."),
    Refusal.REASON_MISSING: _("A reason is needed. Say in a few words why."),
    Refusal.ALREADY_PROTECTED: _("A protection measure is in force already. Extend or end that one."),
    Refusal.NOT_PROTECTED: _("No protection measure is in force."),
    Refusal.REVIEW_BEFORE_START: _("The day of review must come after the start. Check both days."),
    Refusal.CONTROL_CHARACTER: _("An item holds a control character that cannot be seen. Type it again."),
    Refusal.TOO_LONG: _("An item has more than %(limit)s characters. Shorten it."),
}

WARNINGS: dict[ChangeWarning, Promise] = {
    ChangeWarning.LATE_NOTIFICATION: _("Notified more than 14 days after the change."),
    ChangeWarning.HOUSEHOLD_CLOSED: _("The last member has left; the household is closed."),
    ChangeWarning.PRIVATE_USE_CHARACTER: _(
        "A character has no official code and may look different elsewhere."
    ),
}

EVENT_KINDS: dict[EventKind, Promise] = {
    EventKind.BIRTH: _("Birth"),
    EventKind.DEATH: _("Death"),
    EventKind.MOVE_IN: _("Move in"),
    EventKind.MOVE_OUT: _("Move out"),
    EventKind.MOVE_WITHIN: _("Move within the municipality"),
    EventKind.HOUSEHOLD_CHANGE: _("Household change"),
    EventKind.CORRECTION: _("Correction"),
    EventKind.CANCELLATION: _("Cancellation"),
    EventKind.IMPORT: _("Import"),
}

EVENT_CODES: dict[str, Promise] = {
    "resident.birth.recorded": _("A birth was recorded"),
    "resident.death.recorded": _("A death was recorded"),
    "resident.move_in.recorded": _("A move in was recorded"),
    "resident.move_out.recorded": _("A move out was recorded"),
    "resident.move_within.recorded": _("A move within the municipality was recorded"),
    "resident.household.changed": _("A household changed"),
    "resident.record.corrected": _("A resident record was corrected"),
    "resident.record.cancelled": _("A change of the resident record was cancelled"),
}

NO_MATCH: Promise = _(
    "We could not tie this sign-in to one resident record. Please come to the counter with your card, or call us."
)
LINK_TAKEN: Promise = _(
    "This sign-in is tied to another resident record already. Please come to the counter with your card."
)


def refuse(code: Refusal, item: str = "", **params: str | int) -> NoReturn:
    """Refuse a change with the text of the code.

    Raises:
        ResidentChangeRefused: always.
    """
    text = REFUSALS[code]
    raise ResidentChangeRefused(code, str(text) % params if params else text, item)
