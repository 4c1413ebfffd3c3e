"""Shapes from JSON, for whoever reads the answers; and back, for what is sent."""

from __future__ import annotations

import datetime as dt
import typing
from decimal import Decimal
from typing import Any, TypeVar

from guantong.api.shapes.common import Page
from guantong.api.shapes.types import bare, fields_of, is_shape

Shape = TypeVar("Shape")


def decoded(shape: type[Shape], told: Any) -> Shape:
    """An answer as its shape. What a newer installation says besides is left out."""
    kind = Page if typing.get_origin(shape) is Page else shape
    fields = fields_of(shape)
    return typing.cast(Shape, kind(**{name: _value(hint, told[name]) for name, hint in fields.items()}))


def _value(hint: Any, told: Any) -> Any:
    kind = bare(hint)
    if told is None:
        return None
    if is_shape(kind.kind):
        return decoded(kind.kind, told)
    if kind.kind is list:
        return [_value(kind.inner, each) for each in told]
    if kind.kind is dt.datetime:
        return dt.datetime.fromisoformat(told)
    if kind.kind is dt.date:
        return dt.date.fromisoformat(told)
    if kind.kind is dt.time:
        return dt.time.fromisoformat(told)
    return Decimal(told) if kind.kind is Decimal else told


def plain(value: Any) -> Any:
    """Days, times and decimals as JSON has them."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return str(value) if isinstance(value, Decimal) else value
