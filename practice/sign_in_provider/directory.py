"""Reading who may sign in (people) and which services may ask (clients) from JSON files."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

KINDS = ("resident", "staff")
GENDERS = ("1", "2", "9")
CLIENT_ID = re.compile(r"[0-9a-zA-Z]{1,255}")


Words = Mapping[str, str]
"""A text by language; the Japanese one is always there unless the text is empty."""


class DirectoryError(ValueError):
    """A people or clients file cannot be used; the message names the entry and the reason."""


@dataclass(frozen=True)
class PracticePerson:
    """One fictional person who can be chosen on the sign-in page.

    ``group`` is a heading on the page, for example a municipality. ``subjects`` fixes the subject a given
    client sees, so that a data set can be prepared with accounts in it; a client without an entry gets a
    computed pairwise subject.
    """

    id: str
    name: str
    kana: str = ""
    address: str = ""
    birthdate: date | None = None
    gender: str = "9"
    note: Words = field(default_factory=dict)
    kind: str = "resident"
    group: Words = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)

    def matches(self, words: str) -> bool:
        """True when every word occurs in the name, reading, address, note or group."""
        said = " ".join((*self.note.values(), *self.group.values()))
        text = _searchable(f"{self.name} {self.kana} {self.address} {said}")
        return all(word in text for word in _searchable(words).split())


@dataclass(frozen=True)
class Client:
    """One registered service: who it is, where it may be called back, and the keys it signs with."""

    client_id: str
    name: Words
    redirect_uris: tuple[str, ...]
    keys: KeySet
    kind: str = "resident"


def read_people(path: Path) -> dict[str, PracticePerson]:
    """Read the people file, a JSON list of objects.

    Raises:
        DirectoryError: the file is not readable as such a list, or an entry is incomplete or repeated.
    """
    people: dict[str, PracticePerson] = {}
    for number, entry in enumerate(_read_list(path), start=1):
        where = f"{path}: person {number}"
        person = PracticePerson(
            id=_text(entry, "id", where),
            name=_text(entry, "name", where),
            kana=str(entry.get("kana") or ""),
            address=str(entry.get("address") or ""),
            birthdate=_birthdate(entry.get("birthdate"), where),
            gender=_one_of(str(entry.get("gender") or "9"), GENDERS, "gender", where),
            note=_words(entry, "note", where),
            kind=_one_of(str(entry.get("kind") or "resident"), KINDS, "kind", where),
            group=_words(entry, "group", where),
            subjects=dict(entry.get("subjects") or {}),
        )
        if person.id in people:
            raise DirectoryError(
                f"{where}: the id {person.id!r} is already used; give every person their own"
            )
        people[person.id] = person
    if not people:
        raise DirectoryError(f"{path}: the list is empty; at least one person must be able to sign in")
    return people


def read_clients(path: Path) -> dict[str, Client]:
    """Read the clients file, a JSON list of objects; keys are inline (``jwks``) or beside it (``jwks_file``).

    Raises:
        DirectoryError: the file is not readable as such a list, or an entry breaks a rule.
    """
    clients: dict[str, Client] = {}
    for number, entry in enumerate(_read_list(path), start=1):
        where = f"{path}: client {number}"
        client_id = _text(entry, "client_id", where)
        if not CLIENT_ID.fullmatch(client_id):
            raise DirectoryError(f"{where}: client_id must be 1 to 255 letters and digits, not {client_id!r}")
        if client_id in clients:
            raise DirectoryError(f"{where}: the client_id {client_id!r} is already used")
        uris = entry.get("redirect_uris")
        if not isinstance(uris, list) or not uris or not all(_is_redirect_uri(uri) for uri in uris):
            raise DirectoryError(
                f"{where}: redirect_uris must be a list of absolute http(s) addresses without a fragment,"
                " each at most 255 characters"
            )
        clients[client_id] = Client(
            client_id=client_id,
            name=_words(entry, "name", where) or {"ja": client_id},
            redirect_uris=tuple(uris),
            keys=_read_keys(entry, path, where),
            kind=_one_of(str(entry.get("kind") or "resident"), KINDS, "kind", where),
        )
    return clients


def _read_keys(entry: Mapping[str, Any], path: Path, where: str) -> KeySet:
    keys = entry.get("jwks")
    if keys is None and entry.get("jwks_file"):
        keys = _read_json(path.parent / str(entry["jwks_file"]))
    if not isinstance(keys, dict) or not keys.get("keys"):
        raise DirectoryError(f"{where}: give the public keys as jwks ({{'keys': […]}}) or as jwks_file")
    if any("d" in key or key.get("kty") == "oct" for key in keys["keys"]):
        raise DirectoryError(
            f"{where}: the key set holds a private or secret key; register only the public part"
        )
    try:
        return KeySet.import_key_set(keys)
    except (JoseError, ValueError, KeyError) as error:
        raise DirectoryError(f"{where}: the key set cannot be read: {error}") from error


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DirectoryError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise DirectoryError(f"{path} is not JSON in UTF-8: {error}") from error


def _read_list(path: Path) -> list[dict[str, Any]]:
    entries = _read_json(path)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DirectoryError(f"{path} must hold a JSON list of objects")
    return entries


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise DirectoryError(f"{where}: {key} is missing")
    return value


def _words(entry: Mapping[str, Any], key: str, where: str) -> Words:
    """A text is either plain Japanese or an object with ``ja`` and ``en``."""
    value = entry.get(key)
    if isinstance(value, str):
        return {"ja": value} if value.strip() else {}
    if isinstance(value, dict) and value.get("ja") and all(isinstance(text, str) for text in value.values()):
        return dict(value)
    if value:
        raise DirectoryError(f"{where}: {key} must be a text, or an object with ja and en")
    return {}


def _one_of(value: str, allowed: tuple[str, ...], key: str, where: str) -> str:
    if value not in allowed:
        raise DirectoryError(f"{where}: {key} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def _birthdate(value: object, where: str) -> date | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise DirectoryError(f"{where}: birthdate must be YYYY-MM-DD") from error


def _is_redirect_uri(uri: object) -> bool:
    if not isinstance(uri, str) or len(uri) > 255:
        return False
    parts = urlsplit(uri)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not parts.fragment


def _searchable(text: str) -> str:
    """Fold width and case, and katakana to hiragana, so that either reading finds the person."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in folded)
