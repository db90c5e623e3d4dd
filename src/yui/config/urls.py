"""Addresses: each service brings its own ``urls.py`` and says under which prefix it lives."""

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import module_has_submodule

from yui.kernel.services import ServiceConfig

urlpatterns: list[URLPattern | URLResolver] = []

for config in apps.get_app_configs():
    if isinstance(config, ServiceConfig) and module_has_submodule(config.module, "urls"):
        prefix = f"{config.url_prefix}/" if config.url_prefix else ""
        urlpatterns.append(path(prefix, include(f"{config.name}.urls")))

handler400 = "yui.shell.web.views.bad_request"
handler403 = "yui.shell.web.views.forbidden"
handler404 = "yui.shell.web.views.not_found"
handler500 = "yui.shell.web.views.server_error"
