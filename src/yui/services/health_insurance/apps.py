"""The service says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class HealthInsuranceConfig(ServiceConfig):
    """国民健康保険料 and 後期高齢者医療保険料."""

    name = "yui.services.health_insurance"
    title = _("Health insurance")
    summary = _("Premiums of the national health insurance and of the insurance for people of 75 and over.")
