"""One digest per person per day, at their hour."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.models import Person
from guantong.kernel.refusals import Refusal
from guantong.notices.models import Digest, DigestHour
from guantong.notices.queries import USUAL_HOUR, waiting_by_person


@transaction.atomic
def make_digests(*, on: dt.date, hour: int, now: dt.datetime) -> int:
    """Put what waits for a person into one message, for everybody whose hour has come; returns how many were made.

    Nobody gets a second one on the same day. An hour during which the machine stood still is made up for.
    """
    told = set(Digest.objects.filter(day=on).values_list("person_id", flat=True))
    hours = dict(DigestHour.objects.values_list("person_id", "hour"))
    waiting = {
        person: notices
        for person, notices in waiting_by_person(on=on).items()
        if notices and person not in told and hours.get(person, USUAL_HOUR) <= hour
    }
    Digest.objects.bulk_create(
        (Digest(person_id=person, day=on, made_at=now) for person in waiting),
        batch_size=1000,
        ignore_conflicts=True,
    )
    made = dict(Digest.objects.filter(day=on).exclude(person__in=told).values_list("person_id", "pk"))
    through = Digest.notices.through
    through.objects.bulk_create(
        (
            through(digest_id=made[person], notice_id=notice)
            for person, notices in waiting.items()
            for notice in notices
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )
    return len(waiting)


def choose_hour(*, person: Person, hour: int) -> DigestHour:
    """From tomorrow on – today, where none was made yet – the digest comes at this hour."""
    if not 0 <= hour <= 23:
        raise Refusal(_("请选择 0 到 23 点之间的整点。"))
    chosen, _made = DigestHour.objects.update_or_create(person=person, defaults={"hour": hour})
    return chosen
