"""What an app says about itself: permissions, roles, navigation and where its pages live."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from django.apps import AppConfig, apps
from django.utils.functional import Promise

Text = str | Promise


class Audience(StrEnum):
    """For whom a navigation entry is."""

    PUBLIC = "public"
    RESIDENT = "resident"
    STAFF = "staff"


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation; shown when the signed-in person has ``permission`` ("" = no need)."""

    label: Text
    url_name: str
    audience: Audience
    permission: str = ""
    icon: str = ""
    order: int = 50


@dataclass(frozen=True)
class Role:
    """A named set of permissions that a body grants to its staff for a time."""

    code: str
    label: Text
    permissions: frozenset[str]


class ServiceConfig(AppConfig):
    """An app that people meet. Lower floors use it too when they own permissions or pages."""

    default = False

    title: ClassVar[Text] = ""
    summary: ClassVar[Text] = ""
    url_prefix: ClassVar[str] = ""
    permissions: ClassVar[Mapping[str, Text]] = {}
    roles: ClassVar[tuple[Role, ...]] = ()
    navigation: ClassVar[tuple[NavItem, ...]] = ()
    acts: ClassVar[Mapping[str, Text]] = {}
    """What each act code that the app journals means, in words a resident understands."""
    events: ClassVar[Mapping[str, Text]] = {}
    """What each event code that the app publishes means, in words a resident understands."""

    def __init_subclass__(cls, **kwargs: object) -> None:
        # Django picks the one class marked default; without this the imported base would hide its subclass.
        super().__init_subclass__(**kwargs)
        cls.default = True


def list_services() -> list[ServiceConfig]:
    """Every installed app that describes itself, in the order of installation."""
    return [config for config in apps.get_app_configs() if isinstance(config, ServiceConfig)]


def all_permissions() -> dict[str, Text]:
    """Every declared permission with its label."""
    return {name: label for config in list_services() for name, label in config.permissions.items()}


def all_roles() -> dict[str, Role]:
    """Every declared role by code.

    Two apps may declare the same role code; their permissions add up, so that one office can work across
    services without a service knowing another.
    """
    roles: dict[str, Role] = {}
    for config in list_services():
        for role in config.roles:
            known = roles.get(role.code)
            permissions = role.permissions | (known.permissions if known else frozenset())
            roles[role.code] = Role(role.code, known.label if known else role.label, permissions)
    return roles


def all_acts() -> dict[str, Text]:
    """Every act code of the journal with its text."""
    return {code: label for config in list_services() for code, label in config.acts.items()}


def all_events() -> dict[str, Text]:
    """Every event code with its text."""
    return {code: label for config in list_services() for code, label in config.events.items()}
