"""The service says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class NationalPensionConfig(ServiceConfig):
    """国民年金保険料 and its exemptions."""

    name = "yui.services.national_pension"
    title = _("National pension")
    summary = _("The monthly contribution and who need not pay it, or only a part.")
