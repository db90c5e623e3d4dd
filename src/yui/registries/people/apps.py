"""The resident registry."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig
from yui.registries.people.texts import EVENT_CODES


class PeopleConfig(ServiceConfig):
    """Residents and households as facts with two dates."""

    name = "yui.registries.people"
    title = _("Resident registry")
    summary = _("Who lives here, in which household, where and since when.")
    permissions = {
        "people.protected.read": _("See persons under a protection measure"),
        "people.protected.write": _("Register and end protection measures"),
        "people.my_number.read": _("Read My Number"),
        "people.my_number.write": _("Enter My Number"),
        "people.record.import": _("Import resident records from a file"),
        "people.record.export": _("Export resident records to a file"),
    }
    acts = {
        "people.resident.read": _("Your record was read"),
        "people.household.read": _("Your household was read"),
        "people.resident.listed": _("Your record appeared in a search"),
        "people.protected.withheld": _("A protected record was withheld"),
        "people.birth.recorded": _("A birth was entered"),
        "people.death.recorded": _("A death was entered"),
        "people.move_in.recorded": _("A move in was entered"),
        "people.move_out.recorded": _("A move out was entered"),
        "people.move_within.recorded": _("A move within the municipality was entered"),
        "people.household_change.recorded": _("A household change was entered"),
        "people.correction.recorded": _("A correction was entered"),
        "people.cancellation.recorded": _("A cancellation was entered"),
        "people.resident.imported": _("Your record was imported from a file"),
        "people.resident.exported": _("Your record was exported to a file"),
        "people.file.imported": _("A file of resident records was imported"),
        "people.file.exported": _("A file of resident records was exported"),
        "people.protection.registered": _("A protection measure was registered"),
        "people.protection.extended": _("A protection measure was extended"),
        "people.protection.ended": _("A protection measure was ended"),
        "people.protection.read": _("A protection measure was read"),
        "people.my_number.entered": _("Your My Number was entered"),
        "people.my_number.read": _("Your My Number was read"),
        "people.my_number.searched": _("You were searched by My Number"),
        "people.my_number.imported": _("My Numbers were imported from a file"),
        "people.account.linked": _("Your sign-in was tied to your record"),
        "people.account.refused": _("A sign-in could not be tied to a record"),
    }
    events = EVENT_CODES
