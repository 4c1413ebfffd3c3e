"""Exactly once: a form or an API call that is sent again under its key does nothing again.

The key and the digest of what was sent are written in the transaction of the operation itself. A repetition waits for
the first sending to end and gets its answer; the same key with another body is refused; a sending that was refused
leaves no key behind, so that it may be corrected and sent again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guantong.accounts.models import IdempotencyKey, Person
from guantong.kernel.privacy import KEEP
from guantong.kernel.refusals import Refusal

KEY = re.compile(r"[\x21-\x7e]{8,64}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first sending was told: an HTTP status and where it led. ``again`` is true for its repetitions."""

    status: int
    led_to: str = ""
    again: bool = False


def digest_of(parts: Mapping[str, Iterable[str]] | bytes) -> str:
    """SHA-256 of a body: raw bytes, or the fields of a form with their values, in any order of fields."""
    if not isinstance(parts, bytes):
        parts = json.dumps(sorted((name, list(values)) for name, values in parts.items())).encode()
    return hashlib.sha256(parts).hexdigest()


@transaction.atomic
def once(*, person: Person, key: str, body: str, now: dt.datetime, do: Callable[[], Answer]) -> Answer:
    """Run ``do`` once for this person and key, in one transaction with it; a repetition gets the first answer.

    ``body`` is `digest_of` what was sent.
    """
    if not KEY.fullmatch(key):
        raise Refusal(_("这次提交没有带上有效的编号，请刷新页面后再试。"))
    try:
        with transaction.atomic():
            kept = IdempotencyKey.objects.create(person=person, key=key, body=body, at=now)
    except IntegrityError:
        return _answer_again(IdempotencyKey.objects.get(person=person, key=key), body)
    answer = do()
    kept.status, kept.led_to = answer.status, answer.led_to
    kept.save(update_fields=["status", "led_to"])
    return answer


def _answer_again(kept: IdempotencyKey, body: str) -> Answer:
    if kept.body != body:
        raise Refusal(_("这个编号已经用于另一次提交，内容不同，没有再保存。请刷新页面后重新填写。"))
    return Answer(status=kept.status, led_to=kept.led_to, again=True)


def purge_keys(*, now: dt.datetime) -> int:
    """Delete keys past their time; returns how many went. Done by the retention job."""
    days = KEEP[IdempotencyKey.privacy.keep]
    assert days is not None
    return IdempotencyKey.objects.filter(at__lt=now - dt.timedelta(days=days)).delete()[0]
