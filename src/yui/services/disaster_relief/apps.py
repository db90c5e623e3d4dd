"""The service says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class DisasterReliefConfig(ServiceConfig):
    """被災者生活再建支援金, 災害弔慰金, 災害障害見舞金 and 災害援護資金."""

    name = "yui.services.disaster_relief"
    title = _("Disaster relief")
    summary = _("Grants and loans for people whom a disaster has struck.")
