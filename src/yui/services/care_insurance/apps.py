"""The service says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class CareInsuranceConfig(ServiceConfig):
    """介護保険料 of people of 65 and over."""

    name = "yui.services.care_insurance"
    title = _("Care insurance")
    summary = _("The premium of people of 65 and over by stage of income.")
