"""The key of a sending: the sender's own word for it, kept apart for each token and from the forms of the pages."""

from __future__ import annotations

import hashlib

from guantong.accounts.idempotency import digest_of
from guantong.accounts.middleware import Request


def key_for(token_ref: int, key: str) -> str:
    return hashlib.sha256(f"api {token_ref} {key}".encode()).hexdigest()


def sent_digest(request: Request, content: bytes) -> str:
    """Digest of what was sent, and where to."""
    return digest_of(f"{request.method} {request.path}\n".encode() + content)
