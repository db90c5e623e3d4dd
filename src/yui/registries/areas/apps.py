"""The areas app."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class AreasConfig(ServiceConfig):
    """Official codes of prefectures, municipalities and wards, and what became of them."""

    name = "yui.registries.areas"
    title = _("Areas")
    summary = _("Prefectures, municipalities, wards and town blocks with their official codes and history.")
