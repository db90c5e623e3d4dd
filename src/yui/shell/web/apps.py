"""The web shell."""

import logging

from django.utils.translation import gettext_lazy as _
from django.utils.translation.reloader import translation_file_changed

from yui.kernel.services import ServiceConfig

log = logging.getLogger(__name__)


class WebConfig(ServiceConfig):
    """The frame that every page stands in, and the public front page."""

    name = "yui.shell.web"
    title = _("Pages")

    def ready(self) -> None:
        from yui.shell.web.translations import compile_all

        try:
            for path in compile_all():
                # Some word may have been looked up while apps were loading; forget what was read before.
                translation_file_changed(None, path.with_suffix(".mo"))
        except OSError as problem:
            # An installation on a read-only disk brings its compiled catalogues with it.
            log.warning("Translations could not be compiled: %s", problem)
