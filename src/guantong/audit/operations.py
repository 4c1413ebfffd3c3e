"""Writing the log: called by every operation, inside its transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

from django.db import models, transaction

from guantong.audit import signing
from guantong.audit.codes import code_from
from guantong.audit.models import AuditEntry, Receipt
from guantong.audit.states import GONE, is_tracked, states_of, states_together


@runtime_checkable
class Actor(Protocol):
    """Who acts and for which office; ``accounts.Acting`` is one.

    ``reference`` says it without a name, such as ``person:12 office:45 standing_in_for:9``.
    """

    @property
    def person_ref(self) -> int | None: ...

    @property
    def office_ref(self) -> int | None: ...

    @property
    def reference(self) -> str: ...


def canonical(payload: Mapping[str, Any]) -> str:
    """Sorted keys, no spaces, text as it is: the same object gives the same bytes."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def canonical_entry(entry: AuditEntry) -> str:
    """Everything of a row but its number, its place and the marks over it."""
    return "\x1f".join(
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


def leaf_of(entry: AuditEntry) -> str:
    """The salted hash that stands for a row."""
    return hashlib.new(signing.algorithm(), canonical_entry(entry).encode()).hexdigest()


def record(
    verb: str,
    *,
    target: models.Model,
    actor: object,
    at: dt.datetime,
    payload: Mapping[str, Any] | None = None,
    states: Iterable[models.Model] = (),
    together: Iterable[models.Model] = (),
    gone: Iterable[models.Model] = (),
) -> AuditEntry:
    """Add the row of one operation. Refuses to run outside a transaction: no change without its row.

    ``states`` are the tracked rows that the operation added or changed, besides the target; ``together`` are
    those of models that are logged by owner (`states.py`), all of each owner's, sorted by owner and key; ``gone``
    are tracked rows that the operation took away.
    """
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
    content: dict[str, Any] = dict(payload or {})
    rows = [target, *states] if is_tracked(type(target)) else list(states)
    said = {**states_of(rows), **states_together(together)}
    for row in gone:
        said.setdefault(row._meta.label_lower, {})[str(row.pk)] = GONE
    if rows or said:
        content["states"] = said
    entry = AuditEntry(
        at=at,
        person_ref=known.person_ref if known else None,
        office_ref=known.office_ref if known else None,
        actor=(known.reference if known else str(actor))[:300],
        verb=verb,
        object_type=object_type,
        object_ref=object_ref,
        version=version + 1,
        payload=canonical(content),
        salt=secrets.token_hex(16),
        previous=previous,
    )
    entry.leaf = leaf_of(entry)
    entry.seal = signing.seal_of(entry.leaf)
    entry.save(force_insert=True)
    return entry


def receipt_code(leaf: str) -> str:
    """The code of a row's receipt. It follows from the row and a key, so no code can be turned to another row."""
    return code_from(lambda time: signing.keyed_mark(f"receipt {time} {leaf}"))


def issue_receipt(entry: AuditEntry, *, now: dt.datetime) -> Receipt:
    """A short code by which whoever the row concerns can prove later that it stands in the log."""
    return Receipt.objects.create(code=receipt_code(entry.leaf), entry=entry, issued_at=now)
