"""The service says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class SchoolingAidConfig(ServiceConfig):
    """就学援助, 高等学校等就学支援金 and 高校生等奨学給付金."""

    name = "yui.services.schooling_aid"
    title = _("Schooling aid")
    summary = _("Help with the costs of compulsory school and high school.")
