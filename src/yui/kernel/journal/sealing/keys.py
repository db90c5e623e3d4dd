"""The signing key of this installation's journals (Ed25519)."""

import contextlib
import hashlib
import os

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from yui.config.database import state_folder


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def key_id(key: Ed25519PublicKey) -> str:
    """A short name of a public key."""
    return hashlib.sha256(_raw(key)).hexdigest()[:16]


def signing_key() -> Ed25519PrivateKey:
    """The key kept in the state folder, made on first use and readable by its owner only."""
    path = state_folder() / "keys" / "journal.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        temporary = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        with contextlib.suppress(FileExistsError):  # whoever is first wins; the key is never replaced
            os.link(temporary, path)
        temporary.unlink()
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} is not an Ed25519 key.")
    return key


def public_key_text(key: Ed25519PublicKey) -> str:
    """A public key as hexadecimal text."""
    return _raw(key).hex()


def read_public_key(text: str) -> Ed25519PublicKey:
    """A public key from hexadecimal text.

    Raises:
        ValueError: it is none.
    """
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text.strip()))
