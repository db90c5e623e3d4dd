"""The forms app."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class FormsConfig(ServiceConfig):
    """The one form renderer and the memory of what was already sent."""

    name = "yui.kernel.forms"
    title = _("Forms")

    def ready(self) -> None:
        from yui.kernel.jobs.public import every_day

        every_day("forms.forget_submissions")
