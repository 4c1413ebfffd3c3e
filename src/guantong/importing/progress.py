"""How far the worker is with an import: a line in a small file, since what is in its transaction nobody else sees."""

from __future__ import annotations

import contextlib
from pathlib import Path

from django.conf import settings

EVERY = 1000


def _path(pk: int) -> Path:
    return Path(settings.FILES) / "imports" / f"{pk}.progress"


def tell(pk: int, done: int) -> None:
    """Note the number of rows done. A full disk stops no import."""
    if done % EVERY:
        return
    with contextlib.suppress(OSError):
        _path(pk).parent.mkdir(parents=True, exist_ok=True)
        _path(pk).write_text(str(done), encoding="ascii")


def seen(pk: int) -> int:
    with contextlib.suppress(OSError, ValueError):
        return int(_path(pk).read_text(encoding="ascii"))
    return 0


def forget(pk: int) -> None:
    with contextlib.suppress(OSError):
        _path(pk).unlink()
