"""When the worker last came round, in a file of the home folder: readable also where the database is not."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

LATE_AFTER = dt.timedelta(minutes=10)


def _path() -> Path:
    return Path(settings.HOME) / "worker-round"


def note_round(*, now: dt.datetime, failed: Sequence[str] = ()) -> None:
    """Called by the worker at the end of each round of upkeep, with the names of the steps that failed. Written beside
    and moved, so never half there."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text("\n".join([now.astimezone(dt.UTC).isoformat(), *failed]), encoding="ascii")
    beside.replace(path)


def last_round() -> dt.datetime | None:
    """None where there was none, or the file cannot be read."""
    try:
        return dt.datetime.fromisoformat(_lines()[0])
    except (OSError, ValueError, IndexError):
        return None


def steps_failed() -> list[str]:
    """Of the last round; empty where all went well or none was."""
    try:
        return _lines()[1:]
    except (OSError, ValueError):
        return []


def _lines() -> list[str]:
    return _path().read_text(encoding="ascii").split()
