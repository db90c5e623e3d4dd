"""The web shell."""

import logging

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig

log = logging.getLogger(__name__)


class WebConfig(ServiceConfig):
    """The frame that every page stands in, and the public front page."""

    name = "yui.shell.web"
    title = _("Pages")

    def ready(self) -> None:
        from yui.shell.web.translations import compile_all

        try:
            compile_all()
        except OSError as problem:
            # An installation on a read-only disk brings its compiled catalogues with it.
            log.warning("Translations could not be compiled: %s", problem)
