"""The types of a shape, one by one: what is inside `Annotated`, an optional, a list."""

from __future__ import annotations

import dataclasses
import types
import typing
from functools import cache
from typing import Annotated, Any, Literal, Union

from guantong.api.shapes.common import Page


@dataclasses.dataclass(frozen=True, slots=True)
class Bare:
    """A type without its `Annotated` and its None."""

    kind: Any
    inner: Any
    terms: tuple[Any, ...]
    optional: bool


def bare(hint: Any) -> Bare:
    """``kind`` is a plain class, `Literal`, `list` or `dict`; ``inner`` what a list or dict holds, or the values."""
    terms: tuple[Any, ...] = ()
    optional = False
    while True:
        origin = typing.get_origin(hint)
        if origin is Annotated:
            terms += hint.__metadata__
            hint = hint.__origin__
        elif origin in (Union, types.UnionType):
            some = [each for each in typing.get_args(hint) if each is not type(None)]
            if len(some) != 1:
                raise TypeError(f"a shape has no choice of types: {hint}")
            [hint], optional = some, True
        else:
            break
    if origin is Literal:
        return Bare(Literal, typing.get_args(hint), terms, optional)
    if origin is list:
        return Bare(list, typing.get_args(hint)[0], terms, optional)
    if origin is dict:
        return Bare(dict, typing.get_args(hint)[1], terms, optional)
    return Bare(hint, None, terms, optional)


def fields_of(shape: Any) -> dict[str, Any]:
    """Field → its type, in order. A page knows what it holds."""
    return _fields(shape)


@cache
def _fields(shape: Any) -> dict[str, Any]:
    if typing.get_origin(shape) is Page:
        return {"items": list[typing.get_args(shape)[0]], "next": str | None}  # type: ignore[misc]
    return typing.get_type_hints(shape, include_extras=True)


def required_of(shape: Any) -> frozenset[str]:
    """The fields without which it cannot be read."""
    return _required(shape)


@cache
def _required(shape: Any) -> frozenset[str]:
    missing = dataclasses.MISSING
    return frozenset(
        each.name
        for each in dataclasses.fields(shape)
        if each.default is missing and each.default_factory is missing
    )


def is_shape(kind: Any) -> bool:
    return dataclasses.is_dataclass(kind) or typing.get_origin(kind) is Page


def name_of(shape: Any) -> str:
    """The name in the document: ``UnitPage`` for a page of units."""
    if typing.get_origin(shape) is Page:
        return f"{name_of(typing.get_args(shape)[0])}Page"
    return str(shape.__name__)
