"""Sealing My Numbers: AES-256-GCM with a key outside the database, and a blind index to find an equal one.

Keys come from ``YUI_SECRET_KEYS`` ("index=… 2026a=…", base64 of 32 bytes each), else from the file
``keys/my_number.keys`` in the state folder, made on first use and readable by its owner only. ``index`` never changes;
of the others the last seals and all open, so a key is changed by adding one.
"""

import base64
import binascii
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yui.config.database import state_folder

KEY_BYTES = 32
NONCE_BYTES = 12
INDEX = "index"


class SealBroken(RuntimeError):
    """A sealed number cannot be opened: its key is missing, or the row was changed or moved to somebody else."""


@dataclass(frozen=True)
class Sealed:
    """A sealed number: which key, nonce and ciphertext in one, and the blind index."""

    key_id: str
    sealed: bytes
    blind_index: bytes


class Sealer:
    """Seals and opens numbers of one body. Each is bound to its person, so a row copied to another is refused."""

    def __init__(self, keys: Mapping[str, bytes], body_code: str) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items() if key_id != INDEX}
        self._current = list(self._ciphers)[-1]
        self._body = body_code.encode()
        # One index key for each body: equal numbers in two bodies cannot be joined.
        self._index = hmac.digest(keys[INDEX], b"my number " + self._body, "sha256")

    def seal(self, number: str, person: UUID) -> Sealed:
        """Seal a number for a person."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._ciphers[self._current].encrypt(nonce, number.encode(), self._context(person))
        return Sealed(self._current, sealed, self.blind_index(number))

    def open(self, key_id: str, sealed: bytes, person: UUID) -> str:
        """Open a sealed number.

        Raises:
            SealBroken: the key is missing, or the row was changed.
        """
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SealBroken(f"The key {key_id} is missing. Bring it back from the key backup.")
        try:
            return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._context(person)).decode()
        except InvalidTag:
            raise SealBroken("The sealed number does not belong to this person or was changed.") from None

    def blind_index(self, number: str) -> bytes:
        """What is compared instead of the number."""
        return hmac.digest(self._index, number.encode(), "sha256")

    def _context(self, person: UUID) -> bytes:
        return self._body + person.bytes


def sealer(body_code: str) -> Sealer:
    """The sealer of a body with the keys of this installation."""
    return Sealer(
        _keys(os.environ.get("YUI_SECRET_KEYS", ""), state_folder() / "keys" / "my_number.keys"), body_code
    )


def parse_keys(text: str) -> dict[str, bytes]:
    """Read "name=base64" pairs separated by white space.

    Raises:
        ValueError: a pair is broken, a key is not 32 bytes long, or ``index`` or every other key is missing.
    """
    keys: dict[str, bytes] = {}
    for pair in text.split():
        name, equals, value = pair.partition("=")
        try:
            key = base64.b64decode(value, validate=True)
        except binascii.Error:
            key = b""
        if not equals or len(key) != KEY_BYTES or not 0 < len(name) <= 16:
            raise ValueError(f"The secret key {name} must be the base64 of {KEY_BYTES} bytes.")
        keys[name] = key
    if INDEX not in keys or len(keys) < 2:
        raise ValueError("The secret keys need one named index and at least one more.")
    return keys


@lru_cache(maxsize=4)
def _keys(given: str, file: Path) -> Mapping[str, bytes]:
    if given:
        return parse_keys(given)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = [(INDEX, secrets.token_bytes(KEY_BYTES)), ("k1", secrets.token_bytes(KEY_BYTES))]
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass  # another process was faster; read its keys
        else:
            with os.fdopen(descriptor, "w") as opened:
                opened.writelines(f"{name}={base64.b64encode(key).decode()}\n" for name, key in fresh)
    return parse_keys(file.read_text())
