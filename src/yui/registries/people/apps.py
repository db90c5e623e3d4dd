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
    events = EVENT_CODES
