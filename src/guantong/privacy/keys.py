"""Person keys: made, fetched in batches, destroyed. And the keyed index for what must be found but not read."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connections

from guantong.privacy.models import PersonKey
from guantong.privacy.router import KEYS

# Keys fetched for the request or job in hand; `forget` at its start, so an erased key is gone by the next.
_held: ContextVar[dict[int, bytes | None] | None] = ContextVar("person_keys", default=None)


def _cache() -> dict[int, bytes | None]:
    held = _held.get()
    if held is None:
        held = {}
        _held.set(held)
    return held


def forget() -> None:
    """Drop the keys held in memory for the work in hand."""
    _held.set({})


def make_key(subject: int) -> bytes:
    """A fresh key for a subject that has none yet."""
    secret = secrets.token_bytes(32)
    PersonKey.objects.create(subject_ref=subject, secret=secret)
    _cache()[subject] = secret
    return secret


def make_keys(subjects: Iterable[int]) -> None:
    """Fresh keys for many subjects at once."""
    made = [PersonKey(subject_ref=each, secret=secrets.token_bytes(32)) for each in subjects]
    PersonKey.objects.bulk_create(made, batch_size=500)
    _cache().update({each.subject_ref: bytes(each.secret) for each in made})


def load(subjects: Iterable[int]) -> None:
    """Fetch the keys of many subjects in one query, before their fields are shown."""
    wanted = {each for each in subjects if each not in _cache()}
    if wanted:
        found = dict(PersonKey.objects.filter(pk__in=wanted).values_list("pk", "secret"))
        _cache().update({each: bytes(found[each]) if each in found else None for each in wanted})


def key_of(subject: int) -> bytes | None:
    """The key, or None once it was destroyed."""
    load([subject])
    return _cache()[subject]


def destroy(subject: int) -> None:
    """Overwrite and remove the key, and note the subject outside every database so that no restore revives it."""
    with erasures_path().open("a", encoding="ascii") as file:
        file.write(json.dumps({"subject": subject}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    PersonKey.objects.filter(pk=subject).update(secret=secrets.token_bytes(32))
    PersonKey.objects.filter(pk=subject).delete()
    _cache()[subject] = None
    connection = connections[KEYS]
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        # A rewrite keeps the rows of now alone; VACUUM would keep dead ones while any older snapshot is open.
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE privacy_personkey ALTER secret TYPE bytea USING secret || ''::bytea")


def erasures_path() -> Path:
    folder = Path(settings.KEYS_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "erasures.jsonl"


def erased_subjects() -> set[int]:
    """Every subject ever erased in this installation, whatever the databases say."""
    path = erasures_path()
    if not path.exists():
        return set()
    return {json.loads(line)["subject"] for line in path.read_text(encoding="ascii").splitlines() if line}


@lru_cache(maxsize=8)
def _index_key(path: Path) -> bytes:
    from guantong.audit.signing import secret_bytes

    return secret_bytes(path)


def index_of(text: str) -> str:
    """A keyed hash by which an exact value can be found again but not read."""
    key = _index_key(Path(settings.KEYS_FOLDER) / "index-key")
    return hmac.new(key, text.strip().casefold().encode(), hashlib.sha256).hexdigest()
