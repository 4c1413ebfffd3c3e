"""A number for each request, in its log lines and in its answer, so that both can be found again."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar

HEADER = "X-Request-ID"
# Hexadecimal and no shorter than a random number is: nothing that names a person can pass for one.
FORM = re.compile(r"(?=[0-9a-f-]{16,64}\Z)[0-9a-f]+(-[0-9a-f]+)*", re.IGNORECASE)
TELEPHONE = re.compile(r"[0-9-]+")

current: ContextVar[str] = ContextVar("request_id", default="")


def id_for(given: str) -> str:
    """The one the proxy in front gave, if it is one; else a new one."""
    if FORM.fullmatch(given) and not TELEPHONE.fullmatch(given):
        return given.lower()
    return uuid.uuid4().hex
