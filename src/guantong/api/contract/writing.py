"""A shape as JSON: compact, the same object gives the same bytes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any


def told(shape: Any) -> Any:
    """Plain JSON values of a shape."""
    if dataclasses.is_dataclass(shape) and not isinstance(shape, type):
        return {each.name: told(getattr(shape, each.name)) for each in dataclasses.fields(shape)}
    if isinstance(shape, list | tuple):
        return [told(each) for each in shape]
    if isinstance(shape, dict):
        return {key: told(value) for key, value in shape.items()}
    if isinstance(shape, dt.datetime):
        return shape.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(shape, dt.date):
        return shape.isoformat()
    if isinstance(shape, dt.time):
        return f"{shape:%H:%M}"
    if isinstance(shape, Decimal):
        return f"{shape:f}"
    return shape


def encoded(shape: Any) -> bytes:
    return json.dumps(told(shape), ensure_ascii=False, separators=(",", ":")).encode()


def tag_of(content: bytes) -> str:
    """A strong entity tag."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
