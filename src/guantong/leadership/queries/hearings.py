"""When the work must be heard: the duties of the year that say so, and what was heard last."""

from __future__ import annotations

from django.db.models import QuerySet

from guantong.accounts.acting import Actor
from guantong.leadership.choices import MeetingKind, MeetingStage
from guantong.leadership.models import Meeting
from guantong.leadership.terms import hearing_rules
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import CLAIMABLE, Source
from guantong.obligations.models import Obligation
from guantong.obligations.queries import obligations_visible_to


def hearings_due(actor: Actor, cycle: Cycle) -> QuerySet[Obligation]:
    """Duties to hear a report that are still open, in sight, whichever period they are of."""
    return (
        obligations_visible_to(actor)
        .filter(cycle=cycle, source=Source.DUTY, rule__in=hearing_rules(cycle.package), state__in=CLAIMABLE)
        .select_related("unit", "office")
    )


def last_hearing_before(meeting: Meeting) -> Meeting | None:
    """The hearing of the same unit that was held before this one."""
    earlier = Meeting.objects.filter(
        unit=meeting.unit_id, kind=MeetingKind.HEARING, stage=MeetingStage.HELD, day__lte=meeting.day
    )
    return earlier.exclude(pk=meeting.pk).order_by("-day", "-pk").first()
