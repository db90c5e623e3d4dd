"""What the pages of figures say about themselves."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import Audience, NavItem, Role, ServiceConfig

# Of the floor below, as they are needed at the desk.
ENTER, CONFIRM = "evidence.figure.enter", "evidence.figure.confirm"


class DashboardsConfig(ServiceConfig):
    """Figures for everybody, and a desk where staff enter them."""

    name = "yui.services.dashboards"
    title = _("Figures in pictures")
    summary = _("Published figures with their source, definition and data")
    url_prefix = "figures"
    roles = (
        Role("figures_officer", _("Officer for figures"), frozenset({ENTER})),
        Role("figures_checker", _("Second look at figures"), frozenset({CONFIRM})),
    )
    navigation = (
        NavItem(_("Figures"), "dashboards:indicators", Audience.PUBLIC, order=40),
        NavItem(_("Figures"), "dashboards:indicators", Audience.RESIDENT, order=90),
        NavItem(_("Enter figures"), "dashboards:enter", Audience.STAFF, ENTER, "pencil", order=84),
        NavItem(_("Look at figures"), "dashboards:entries", Audience.STAFF, CONFIRM, "eye", order=85),
    )
