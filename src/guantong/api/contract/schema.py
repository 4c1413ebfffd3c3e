"""JSON Schema 2020-12 of the shapes, as OpenAPI 3.1 takes it."""

from __future__ import annotations

import datetime as dt
import inspect
import typing
from decimal import Decimal
from typing import Any, Literal

from guantong.api.shapes.common import Page
from guantong.api.shapes.terms import Amount, Number, Several, Text
from guantong.api.shapes.types import bare, fields_of, is_shape, name_of, required_of

Schema = dict[str, Any]
PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "format": "int64"},
    float: {"type": "number"},
    Decimal: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    dt.date: {"type": "string", "format": "date"},
    dt.time: {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
    dt.datetime: {"type": "string", "format": "date-time"},
}


class Schemas:
    """Collects the shapes it meets under ``#/components/schemas``."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}

    def of(self, hint: Any) -> Schema:
        """The schema of a type; a shape by reference."""
        kind = bare(hint)
        if is_shape(kind.kind):
            schema: Schema = self._reference(kind.kind)
        elif kind.kind is Literal:
            schema = {"type": "string", "enum": list(kind.inner)}
        elif kind.kind is list:
            schema = {"type": "array", "items": self.of(kind.inner)}
        elif kind.kind is dict:
            schema = {"type": "object", "additionalProperties": self.of(kind.inner)}
        else:
            schema = dict(PLAIN[kind.kind])
        for term in kind.terms:
            schema |= _bounds(term)
        return {"anyOf": [schema, {"type": "null"}]} if kind.optional else schema

    def _reference(self, shape: Any) -> Schema:
        name = name_of(shape)
        if name not in self.named:
            self.named[name] = {}  # a shape may hold itself
            self.named[name] = self._object(shape)
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, shape: Any) -> Schema:
        fields = fields_of(shape)
        is_page = typing.get_origin(shape) is Page
        required = set(fields) if is_page or not name_of(shape).startswith("New") else required_of(shape)
        plain = Page if is_page else shape
        return {
            "type": "object",
            "description": inspect.cleandoc(_doc(plain)),
            "properties": {name: self.of(hint) for name, hint in fields.items()},
            "required": [name for name in fields if name in required],
            "additionalProperties": False,
        }


def _doc(shape: Any) -> str:
    """Its own docstring, not the signature that a dataclass writes in its place."""
    text = shape.__doc__ or ""
    return "" if text.startswith(f"{name_of(shape)}(") else text


def _bounds(term: object) -> Schema:
    if isinstance(term, Text):
        return {"minLength": term.least, "maxLength": term.most}
    if isinstance(term, Number):
        return {"minimum": term.least, "maximum": term.most}
    if isinstance(term, Amount):
        return {"pattern": term.pattern}
    if isinstance(term, Several):
        return {"maxItems": term.most}
    return {}
