"""The sample prefecture as an app: a command group, and the page `./yui demo` ends on."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class SampleConfig(ServiceConfig):
    """The sample prefecture; no tables of its own."""

    name = "yui.shell.sample"
    label = "sample"
    title = _("Sample prefecture")
    summary = _("Fictional people to try everything with.")
    url_prefix = "demo"
