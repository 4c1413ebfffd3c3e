"""Opening, linking and erasing a subject."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from guantong.audit import operations as audit
from guantong.audit.models import AuditEntry
from guantong.kernel.refusals import Refusal
from guantong.privacy import keys
from guantong.privacy.fields import sealed_fields
from guantong.privacy.models import PersonKey, Subject


def _new_number() -> int:
    """A number no subject ever had: keys and erasures know subjects by it, and outlive a rollback or a restore."""
    return secrets.randbelow(2**53) + 1


def open_subject(*, now: dt.datetime) -> Subject:
    """A new subject with its key. Called by the operation that brings the person in, which writes the log row."""
    subject = Subject.objects.create(pk=_new_number(), opened_at=now)
    keys.make_key(subject.pk)
    return subject


def open_subjects(number: int, *, now: dt.datetime) -> list[Subject]:
    """Many new subjects with their keys."""
    subjects = Subject.objects.bulk_create(
        [Subject(pk=_new_number(), opened_at=now) for _each in range(number)], batch_size=1000
    )
    keys.make_keys(each.pk for each in subjects)
    return subjects


@transaction.atomic
def issue_link(*, subject: Subject, actor: object, now: dt.datetime) -> str:
    """A new code for the link to the person's own page; an older one stops working. Shown once."""
    code = secrets.token_urlsafe(24)
    subject.link_digest = link_digest(code)
    subject.save(update_fields=["link_digest"])
    audit.record("privacy.link_issued", target=subject, actor=actor, at=now)
    return code


def link_digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


@transaction.atomic
def erase(*, subject: Subject, actor: object, now: dt.datetime) -> AuditEntry:
    """Blank every sealed field of the subject and destroy the key once that is committed."""
    subject = Subject.objects.select_for_update().get(pk=subject.pk)
    if subject.erased_at:
        raise Refusal(_("这些资料已经删除。"))
    subject.erased_at, subject.link_digest = now, None
    subject.save(update_fields=["erased_at", "link_digest"])
    for model in apps.get_models():
        fields = sealed_fields(model)
        for owner in {field.subject for field in fields}:
            names = [field.name for field in fields if field.subject == owner]
            model._default_manager.filter(**{owner: subject}).update(**dict.fromkeys(names, ""))
    cache.clear()  # counters of rate limits, some of them named for the address the person came from
    entry = audit.record("privacy.erased", target=subject, actor=actor, at=now)
    number = subject.pk
    transaction.on_commit(lambda: _make_final(number))
    return entry


def _make_final(number: int) -> None:
    """Destroy the key, and fold in a write-ahead log, which still holds the rows as they were."""
    keys.destroy(number)
    connection = transaction.get_connection()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def finish_erasures() -> int:
    """Destroy keys that an interrupted erasure left behind, and those of restored subjects; returns how many."""
    erased = set(Subject.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))
    left = PersonKey.objects.filter(pk__in=erased | keys.erased_subjects()).values_list("pk", flat=True)
    numbers = list(left)
    for number in numbers:
        keys.destroy(number)
    return len(numbers)
