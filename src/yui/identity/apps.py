"""The identity app."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class IdentityConfig(ServiceConfig):
    """Sign-in, accounts and staff roles."""

    name = "yui.identity"
    title = _("Sign-in")
    url_prefix = "sign-in"
