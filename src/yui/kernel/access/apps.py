"""The access app."""

from yui.kernel.services import ServiceConfig


class AccessConfig(ServiceConfig):
    """Actors and permissions."""

    name = "yui.kernel.access"
