"""Writing the log: called by every operation, inside its transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from django.db import models, transaction

from guantong.audit.models import AuditEntry


@runtime_checkable
class Actor(Protocol):
    """Who acts and for which office; ``accounts.Acting`` is one."""

    @property
    def person_ref(self) -> int | None: ...

    @property
    def office_ref(self) -> int | None: ...


def canonical(payload: Mapping[str, Any]) -> str:
    """Sorted keys, no spaces, text as it is: the same object gives the same bytes."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def leaf_of(entry: AuditEntry) -> str:
    """The salted hash that stands for a row: everything but its number and the hash itself."""
    text = "\x1f".join(
        [
            entry.salt,
            entry.at.astimezone(dt.UTC).isoformat(),
            str(entry.person_ref),
            str(entry.office_ref),
            entry.actor,
            entry.verb,
            entry.object_type,
            entry.object_ref,
            str(entry.version),
            entry.payload,
            entry.previous,
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()


def record(
    verb: str,
    *,
    target: models.Model,
    actor: object,
    at: dt.datetime,
    payload: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add the row of one operation. Refuses to run outside a transaction: no change without its row."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row belongs to the transaction of its operation")
    object_type, object_ref = target._meta.label_lower, str(target.pk)
    last = (
        AuditEntry.objects.filter(object_type=object_type, object_ref=object_ref)
        .order_by("-version")
        .values_list("version", "leaf")
        .first()
    )
    version, previous = last or (0, "")
    known = actor if isinstance(actor, Actor) else None
    entry = AuditEntry(
        at=at,
        person_ref=known.person_ref if known else None,
        office_ref=known.office_ref if known else None,
        actor=str(actor)[:300],
        verb=verb,
        object_type=object_type,
        object_ref=object_ref,
        version=version + 1,
        payload=canonical(payload or {}),
        salt=secrets.token_hex(16),
        previous=previous,
    )
    entry.leaf = leaf_of(entry)
    entry.save(force_insert=True)
    return entry
