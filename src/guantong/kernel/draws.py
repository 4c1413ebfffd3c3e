"""The order of every public draw (docs/decisions/0009); `guantong verify-draw` says it again, standing alone."""

from __future__ import annotations

import hashlib


def rank(seed: str, identifier: object) -> tuple[str, str]:
    """What an id is sorted by: SHA-256(seed + "\\n" + id) in hexadecimal, equal ones by the id."""
    return hashlib.sha256(f"{seed}\n{identifier}".encode()).hexdigest(), str(identifier)
