"""What a row of business looked like when the log last spoke of it.

A model with ``unlogged`` (the fields that are derived, and so may change without an operation) is *tracked*:
each operation that adds or changes such a row puts the row's digest in its log row, so that a change made
behind the program's back shows, and where.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

States = dict[str, dict[str, str]]


def is_tracked(model: type[models.Model]) -> bool:
    return hasattr(model, "unlogged")


def tracked_models() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if is_tracked(model))


def digest_of(row: models.Model) -> str:
    """128 bits over the row's own columns, without the derived ones; equal before and after storing."""
    unlogged: frozenset[str] = row.unlogged  # type: ignore[attr-defined]
    values = [
        (field.attname, _plain(field.to_python(getattr(row, field.attname))))
        for field in row._meta.concrete_fields
        if field.name not in unlogged
    ]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:16]).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
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
