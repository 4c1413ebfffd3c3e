"""The log's keys and its signed notes (C2SP signed-note and tlog-checkpoint).

The signing key and the sealing key lie in the installation's folder, apart from the database. The suite is
``ed25519-sha256``, or ``sm2-sm3`` where the ``sm`` extra is installed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal

SUITES = {"ed25519-sha256": "sha256", "sm2-sm3": "sm3"}
SM2_ORDER = int("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123", 16)


class Signer(Protocol):
    """Signs bytes; ``public`` is the raw public key, ``mark`` the algorithm bytes of signed-note."""

    mark: bytes
    public: bytes

    def sign(self, message: bytes) -> bytes: ...

    def verify(self, message: bytes, signature: bytes) -> bool: ...


class Ed25519Signer:
    mark = b"\x01"

    def __init__(self, private: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    def verify(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Sm2Signer:
    """GB/T 32918 with the default user identity, through gmssl."""

    mark = b"\xffsm2"

    def __init__(self, private: bytes) -> None:
        try:
            from gmssl import sm2
        except ImportError as error:
            raise Refusal(_("签名算法 SM2 需要安装附加组件：pip install guantong[sm]。")) from error
        scalar = int.from_bytes(private, "big") % (SM2_ORDER - 2) + 1
        key = f"{scalar:064x}"
        public = sm2.CryptSM2(private_key=key, public_key="")._kg(scalar, sm2.default_ecc_table["g"])
        self._crypt = sm2.CryptSM2(private_key=key, public_key=public)
        self.public = bytes.fromhex(public)

    def sign(self, message: bytes) -> bytes:
        return bytes.fromhex(self._crypt.sign_with_sm3(message))

    def verify(self, message: bytes, signature: bytes) -> bool:
        return bool(self._crypt.verify_with_sm3(signature.hex(), message))


def secret_bytes(path: Path) -> bytes:
    """32 secret bytes kept in a file that only the owner reads; made the first time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    secret = secrets.token_bytes(32)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return secret


def suite() -> str:
    name = str(settings.LOG_SUITE)
    if name not in SUITES:
        raise Refusal(
            _("日志算法“%(name)s”未知，可用：%(known)s。") % {"name": name, "known": "、".join(SUITES)}
        )
    return name


def algorithm() -> str:
    """The hash of leaves and nodes: ``sha256`` or ``sm3``."""
    return SUITES[suite()]


@lru_cache(maxsize=8)
def _signer(name: str, path: Path) -> Signer:
    private = secret_bytes(path)
    return Sm2Signer(private) if name == "sm2-sm3" else Ed25519Signer(private)


def signer() -> Signer:
    return _signer(suite(), Path(settings.KEYS_FOLDER) / "log-signing-key")


@lru_cache(maxsize=8)
def _sealing_key(path: Path) -> bytes:
    return secret_bytes(path)


def keyed_mark(text: str) -> bytes:
    """32 bytes that nobody with the database alone can make from the text."""
    key = _sealing_key(Path(settings.KEYS_FOLDER) / "log-sealing-key")
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def seal_of(leaf: str) -> str:
    """The mark on a log row."""
    return keyed_mark(leaf).hex()[:32]


# --- notes -------------------------------------------------------------------------------------------


def key_id(name: str, public: bytes, mark: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + mark + public).digest()[:4]


def verifier_key() -> str:
    """``<origin>+<key id>+<base64>``: what a witness keeps."""
    key = signer()
    number = key_id(settings.LOG_ORIGIN, key.public, key.mark)
    return f"{settings.LOG_ORIGIN}+{number.hex()}+{base64.b64encode(key.mark + key.public).decode()}"


def signed_note(text: str) -> str:
    """The text with its signature line. The text ends in a newline."""
    key = signer()
    signature = key_id(settings.LOG_ORIGIN, key.public, key.mark) + key.sign(text.encode())
    return f"{text}\n— {settings.LOG_ORIGIN} {base64.b64encode(signature).decode()}\n"


def note_is_signed(note: str) -> bool:
    """Whether the note carries this installation's signature over exactly its text."""
    text, _blank, signature = note.rpartition("\n— ")
    name, _space, encoded = signature.strip().rpartition(" ")
    key = signer()
    try:
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        return False
    return (
        name == settings.LOG_ORIGIN
        and raw[:4] == key_id(name, key.public, key.mark)
        and key.verify(text.encode(), raw[4:])
    )
