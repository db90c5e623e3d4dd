"""Every page and every operation says what it demands."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from yui.kernel.access.public import access_rule
from yui.kernel.services import all_permissions, all_roles

FOREIGN = ("django.",)


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address with its view."""
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address, entry.callback
        else:
            yield from patterns(entry, address)


def test_every_view_declares_its_access() -> None:
    silent = [
        address
        for address, view in patterns(get_resolver())
        if access_rule(view) is None and not view.__module__.startswith(FOREIGN)
    ]
    assert silent == []


def test_every_demanded_permission_is_declared_and_given_by_a_role() -> None:
    demanded = {rule.permission for _, view in patterns(get_resolver()) if (rule := access_rule(view))} - {""}
    assert demanded <= set(all_permissions())
    given = {permission for role in all_roles().values() for permission in role.permissions}
    assert demanded <= given
    assert given <= set(all_permissions())
