"""The identity app."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class IdentityConfig(ServiceConfig):
    """Sign-in, accounts and staff roles."""

    name = "yui.identity"
    title = _("Sign-in")
    summary = _("Who is at the screen, and which rights a body has given them.")
    url_prefix = "sign-in"
    permissions = {
        "identity.role.grant": _("Give roles to staff and take them back"),
        "identity.account.close": _("Close accounts"),
    }
    acts = {
        "identity.session.opened": _("A person signed in"),
        "identity.session.refused": _("A sign-in was refused"),
        "identity.role.granted": _("A role was given to a member of staff"),
        "identity.role.ended": _("A role of a member of staff was ended"),
    }
