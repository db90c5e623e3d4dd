"""What the frame of every page shows: whose page it is, who is signed in, where one can go."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from yui.kernel.access.public import VISITOR, Actor, ActorKind, find_current_actor
from yui.kernel.services import Audience, NavItem, list_services
from yui.kernel.tenancy.public import BodyRef, find_current_body

_AUDIENCES = {ActorKind.STAFF: Audience.STAFF, ActorKind.RESIDENT: Audience.RESIDENT}


@dataclass(frozen=True)
class NavLink:
    """One link of the main navigation."""

    label: str
    url: str
    is_current: bool


class Frame:
    """The frame of one page, worked out only as far as the page shows it."""

    def __init__(self, request: HttpRequest) -> None:
        self.path = request.path
        self.next = request.get_full_path()
        self.is_practice = bool(settings.PRACTICE)

    @cached_property
    def body(self) -> BodyRef | None:
        """The body whose page this is."""
        return find_current_body()

    @cached_property
    def actor(self) -> Actor:
        """Who looks at the page."""
        return find_current_actor() or VISITOR

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody has signed in."""
        return self.actor.kind in _AUDIENCES

    @property
    def is_staff(self) -> bool:
        """Whether a member of staff looks at the page."""
        return self.actor.kind is ActorKind.STAFF

    @property
    def audience(self) -> str:
        """For whom the page is drawn when it does not say so itself."""
        return _AUDIENCES.get(self.actor.kind, Audience.PUBLIC).value

    @cached_property
    def navigation(self) -> list[NavLink]:
        """The entries of all services that the reader may use, the most specific one on this path marked."""
        links = [(item, find_url(item.url_name)) for item in self._items()]
        here = max(
            (url for _item, url in links if url and (self.path == url or self.path.startswith(url))),
            key=len,
            default="",
        )
        return [NavLink(str(item.label), url, url == here) for item, url in links if url]

    def _items(self) -> list[NavItem]:
        items = [item for service in list_services() for item in service.navigation]
        return sorted(
            (
                item
                for item in items
                if item.audience.value == self.audience
                and (not item.permission or item.permission in self.actor.permissions)
            ),
            key=lambda item: item.order,
        )

    @property
    def home_url(self) -> str:
        """Where the mark in the header leads: the reader's own home."""
        return (
            self.navigation[0].url if self.is_signed_in and self.navigation else find_url("web:front") or "/"
        )

    @property
    def sign_in_url(self) -> str:
        """Where to sign in."""
        return find_url("identity:sign_in")

    @property
    def staff_sign_in_url(self) -> str:
        """Where staff sign in."""
        return find_url("identity:start", "staff")

    @property
    def choose_body_url(self) -> str:
        """Where to choose another body."""
        return find_url("identity:choose_body")

    @property
    def sign_out_url(self) -> str:
        """Where to sign out, by POST."""
        return find_url("identity:sign_out")

    @property
    def looked_url(self) -> str:
        """The resident's page “who looked at my data”."""
        return find_url("portal:looked")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``frame`` for ``shell/base.html``."""
    return {"frame": Frame(request)}


def find_url(name: str, *args: str) -> str:
    """The address of a named page, or an empty string where no installed app has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        # A body that does not run a service simply has no link to it.
        return ""
