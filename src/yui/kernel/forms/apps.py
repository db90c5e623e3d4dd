"""The forms app."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class FormsConfig(ServiceConfig):
    """The one form renderer and the memory of what was already sent."""

    name = "yui.kernel.forms"
    title = _("Forms")
