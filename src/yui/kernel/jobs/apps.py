"""The jobs app."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class JobsConfig(ServiceConfig):
    """Jobs and events."""

    name = "yui.kernel.jobs"
    title = _("Jobs")
    acts = {"jobs.job.done": _("A job of the system was done")}
