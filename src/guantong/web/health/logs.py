"""Log lines as JSON, one object a line, with the request they belong to and without what somebody typed.

Our own sentences are written whole: they carry numbers and names of addresses. Of other libraries only the fixed part
of a sentence is written, for what is filled into it may be an address, a form or a row. Of an error its type and the
places it passed through are written, not its words.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import traceback
from pathlib import Path
from types import TracebackType

from guantong.web.health.request_ids import current

OURS = "guantong"
FIELDS = ("name", "method", "status", "ms")
WITHHELD = "(withheld)"


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name == OURS or record.name.startswith(OURS + ".")


def message_of(record: logging.LogRecord) -> str:
    if _is_ours(record):
        return record.getMessage()
    return record.msg if record.args and isinstance(record.msg, str) else WITHHELD


def places_of(trace: TracebackType | None) -> list[str]:
    """Where an error passed, without the lines of source or any value."""
    return [
        f"{'/'.join(Path(each.filename).parts[-3:])}:{each.lineno} {each.name}"
        for each in traceback.extract_tb(trace)
    ]


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "at": at,
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
        }
        if current.get():
            line["request_id"] = current.get()
        told = getattr(record, "told", None)
        if _is_ours(record) and isinstance(told, dict):
            line |= {name: told[name] for name in FIELDS if name in told}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["places"] = places_of(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)
