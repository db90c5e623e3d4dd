"""Where PostgreSQL is and as whom we speak to it.

One administrative address (``DATABASE_URL``, or the embedded server's) is enough: three roles are made from it,
each allowed only what it needs.

* *owner* owns the tables and migrates them;
* *app* runs the web process and the worker, owns nothing and is bound by row-level security;
* *auditor* reads across bodies, in sessions that are journalled.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

ROLES = ("owner", "app", "auditor")


class DatabaseProblem(RuntimeError):
    """The database cannot be used as it is; the message says why and what to do."""


@dataclass(frozen=True)
class DatabaseAddress:
    """A PostgreSQL address taken apart."""

    host: str
    port: str
    name: str
    user: str
    password: str
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, url: str) -> "DatabaseAddress":
        """Read ``postgresql://user:password@host:port/name?option=value``; the host may be a socket folder.

        Raises:
            DatabaseProblem: when the address is not a PostgreSQL address.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("postgres", "postgresql"):
            raise DatabaseProblem("DATABASE_URL must begin with postgresql://")
        query = dict(parse_qsl(parts.query))
        return cls(
            host=query.pop("host", "") or unquote(parts.hostname or ""),
            port=query.pop("port", "") or str(parts.port or ""),
            name=unquote(parts.path.lstrip("/")) or "yui",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            options=tuple(sorted(query.items())),
        )

    def for_django(self, *, user: str, password: str, name: str | None = None) -> dict[str, object]:
        """The same server as a Django database entry for another user."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": self.host,
            "PORT": self.port,
            "NAME": name or self.name,
            "USER": user,
            "PASSWORD": password,
            "OPTIONS": dict(self.options),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }


def state_folder() -> Path:
    """The folder that holds what this installation keeps outside the database (keys, embedded server)."""
    return Path(os.environ.get("YUI_STATE", Path.cwd() / ".yui")).absolute()


def admin_address() -> DatabaseAddress:
    """The administrative address: ``DATABASE_URL``, else the embedded server that ``yui db start`` noted.

    Raises:
        DatabaseProblem: when there is neither.
    """
    url = os.environ.get("DATABASE_URL", "")
    noted = state_folder() / "database_url"
    if not url and noted.exists():
        url = noted.read_text().strip()
    if not url:
        raise DatabaseProblem(
            "No database: run `./yui db start`, or set DATABASE_URL to a PostgreSQL address."
        )
    address = DatabaseAddress.parse(url)
    if address.name == "postgres":
        address = DatabaseAddress(
            address.host, address.port, "yui", address.user, address.password, address.options
        )
    return address


def role_name(role: str) -> str:
    """The PostgreSQL role that plays ``role``; the prefix lets several installations share a server."""
    return f"{os.environ.get('YUI_ROLE_PREFIX', 'yui')}_{role}"


def role_password(role: str, secret: str) -> str:
    """A password per role, derived from the installation's secret so that no second secret must be kept."""
    return hmac.new(secret.encode(), f"database role {role_name(role)}".encode(), hashlib.sha256).hexdigest()


def django_databases(secret: str) -> dict[str, dict[str, object]]:
    """The three database entries: ``default`` (app), ``owner`` and ``auditor``."""
    address = admin_address()
    aliases = {"default": "app", "owner": "owner", "auditor": "auditor"}
    return {
        alias: address.for_django(user=role_name(role), password=role_password(role, secret))
        for alias, role in aliases.items()
    }
