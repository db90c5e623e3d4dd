"""What the automatic procedures share: nothing is asked, the recipient is told."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from yui.procedures.cases.public import CaseView, FilledValue, Mode, Procedure, Source
from yui.services.child_allowance.procedures.claim import find_name


class Automatic(Procedure):
    """A decision by authority (職権)."""

    mode = Mode.AUTOMATIC

    def fill(self, case: CaseView) -> list[FilledValue]:
        """Recipient and child, as the registry has them."""
        source = _("Resident record, %(day)s") % {"day": date_format(timezone.localdate(), "DATE_FORMAT")}
        people = (("child", _("Child"), case.subject), ("claimant", _("Recipient"), case.person))
        return [
            FilledValue(item, label, str(person), find_name(person), Source.REGISTRY, source)
            for item, label, person in people
        ]
