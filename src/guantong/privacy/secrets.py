"""Sealing secrets of the installation itself, such as one-time-code keys, with a key apart from the database."""

from __future__ import annotations

import base64
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from guantong.audit.signing import secret_bytes

PREFIX = "s1."


@lru_cache(maxsize=8)
def _key(path: Path) -> bytes:
    return secret_bytes(path)


def _cipher() -> AESGCM:
    return AESGCM(_key(Path(settings.KEYS_FOLDER) / "secrets-key"))


def seal_secret(text: str) -> str:
    nonce = secrets.token_bytes(12)
    return PREFIX + base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), b"secret")).decode()


def open_secret(sealed: str) -> str:
    """Raises ValueError for what was not sealed here."""
    if not sealed.startswith(PREFIX):
        raise ValueError("not a sealed secret")
    raw = base64.b64decode(sealed.removeprefix(PREFIX))
    return _cipher().decrypt(raw[:12], raw[12:], b"secret").decode()
