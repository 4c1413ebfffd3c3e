"""Making and ending the secret address of one's calendar feed."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.audit import operations as audit
from guantong.channels.models import Feed
from guantong.kernel.refusals import Refusal


def digest_of(code: str) -> str:
    return hashlib.sha256(f"feed {code}".encode()).hexdigest()


@transaction.atomic
def make_feed(*, person: Person, language: str, actor: Acting, now: dt.datetime) -> str:
    """A new code, shown once; an earlier one stops working."""
    _refuse_others(person, actor)
    if language not in dict(settings.LANGUAGES):
        raise Refusal(_("请选择日历用的语言。"))
    Person.objects.select_for_update().get(pk=person.pk)
    Feed.objects.filter(person=person, ended_at__isnull=True).update(ended_at=now)
    code = secrets.token_urlsafe(32)
    feed = Feed.objects.create(person=person, digest=digest_of(code), language=language, made_at=now)
    audit.record("channels.feed_made", target=feed, actor=actor, at=now)
    return code


@transaction.atomic
def end_feed(*, feed: Feed, actor: Acting, now: dt.datetime) -> Feed:
    """The address stops working at once. Doing so twice changes nothing."""
    feed = Feed.objects.select_for_update().select_related("person").get(pk=feed.pk)
    _refuse_others(feed.person, actor)
    if feed.ended_at is None:
        feed.ended_at = now
        feed.save(update_fields=["ended_at"])
        audit.record("channels.feed_ended", target=feed, actor=actor, at=now)
    return feed


def _refuse_others(person: Person, actor: Acting) -> None:
    if actor.person_ref != person.pk:
        raise Refusal(_("日历订阅只由本人设置。"))
