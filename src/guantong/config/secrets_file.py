"""The installation's signing secret: made once, kept in the home folder, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_from(path: Path) -> str:
    """Read the secret, making it first where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(50)
        file.write(secret)
    return secret
