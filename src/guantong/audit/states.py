"""What a row of business looked like when the log last spoke of it.

A model with ``unlogged`` (the fields that are derived, and so may change without an operation) is *tracked*:
each operation that adds or changes such a row puts the row's digest in its log row, so that a change made
behind the program's back shows, and where.

A model with ``logged_with`` (the name of its foreign key) has rows that come in thousands and only together, such
as the lines of scores: the log keeps one digest over all rows of one owner, under ``model@key``. A run of a city
would else put 80,000 digests in one row of the log.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

States = dict[str, dict[str, str]]
GONE = ""  # in the place of a digest: an operation took the row away


def is_tracked(model: type[models.Model]) -> bool:
    return hasattr(model, "unlogged")


def tracked_models() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if is_tracked(model))


def models_logged_together() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if hasattr(model, "logged_with"))


def digest_of(row: models.Model) -> str:
    """128 bits over the row's own columns, without the derived ones; equal before and after storing.

    A column that holds its default is left out, so that a column added later changes no earlier digest.
    """
    return _short(_text_of(row))


def _text_of(row: models.Model) -> str:
    values = [
        (name, _plain(value))
        for name, to_python, default in _columns(type(row))
        if (value := to_python(getattr(row, name))) != default()
    ]
    return _ENCODE(values)


_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@functools.cache
def _columns(model: type[models.Model]) -> list[tuple[str, Callable[[Any], Any], Callable[[], Any]]]:
    """(column, how its value reads back from the database, its default) of what the log speaks of."""
    unlogged: frozenset[str] = getattr(model, "unlogged", frozenset())
    return [
        (field.attname, field.to_python, field._get_default)  # type: ignore[attr-defined]
        for field in model._meta.concrete_fields
        if field.name not in unlogged
    ]


def _short(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:16]).decode().rstrip("=")


def digest_together(rows: Iterable[models.Model]) -> str:
    """128 bits over all rows of one owner, in the order of their keys."""
    return _short("\n".join(_text_of(row) for row in rows))


def label_together(model: type[models.Model]) -> str:
    """Under which name the log keeps the digests of such rows; the key is the owner's."""
    return f"{model._meta.label_lower}@{model.logged_with}"  # type: ignore[attr-defined]


def by_owner(
    model: type[models.Model], rows: Iterable[models.Model]
) -> Iterator[tuple[int, list[models.Model]]]:
    """(key of the owner, its rows) of rows that come sorted by owner and key."""
    owner = model._meta.get_field(model.logged_with).attname  # type: ignore[attr-defined, union-attr]
    for key, them in itertools.groupby(rows, key=lambda row: int(getattr(row, owner))):
        yield key, list(them)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return value


def states_of(rows: Iterable[models.Model]) -> States:
    """The digests of tracked rows by model and key; other rows are left out."""
    found: States = {}
    for row in rows:
        if is_tracked(type(row)):
            found.setdefault(row._meta.label_lower, {})[str(row.pk)] = digest_of(row)
    return found


def states_together(rows: Iterable[models.Model]) -> States:
    """The digests of rows logged together, by owner; the rows come sorted by owner and key."""
    found: States = {}
    for model, them in itertools.groupby(rows, key=type):
        label = label_together(model)
        for key, each in by_owner(model, them):
            found.setdefault(label, {})[str(key)] = digest_together(each)
    return found


class LastSaid:
    """What the log last said of each business row, in the order in which it was published."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], tuple[int, str]] = {}

    def remember(self, payload: str, order: int) -> None:
        for label, rows in json.loads(payload).get("states", {}).items():
            for key, value in rows.items():
                if self._said.get((label, key), (-1, ""))[0] < order:
                    self._said[label, key] = (order, value)

    def of(self, label: str, key: str) -> str | None:
        said = self._said.get((label, key))
        return said[1] if said else None

    def keys_of(self, label: str) -> set[str]:
        return {key for kind, key in self._said if kind == label}
