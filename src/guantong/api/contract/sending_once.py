"""The key of a sending: the sender's own word for it, kept apart for each token and from the forms of the pages."""

from __future__ import annotations

import hashlib

from guantong.accounts.idempotency import digest_of
from guantong.accounts.middleware import Request
from guantong.api.contract.uploads import Sent


def key_for(token_ref: int, key: str) -> str:
    return hashlib.sha256(f"api {token_ref} {key}".encode()).hexdigest()


def sent_digest(request: Request, sent: Sent) -> str:
    """Digest of what was sent, and where to. Of files the content counts: a repetition has another boundary."""
    parts = [f"{request.method} {request.path}\n".encode() + sent.content]
    for name, file in sent.files:
        parts += [name.encode(errors="replace"), hashlib.sha256(file.read()).digest()]
        file.seek(0)
    return digest_of(
        parts[0] if len(parts) == 1 else b"\n".join(hashlib.sha256(each).digest() for each in parts)
    )
