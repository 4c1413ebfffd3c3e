"""Meetings with their agenda, what was decided and the minutes."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guantong.leadership.models import AgendaItem, Body, Meeting, MinuteLine
from guantong.leadership.queries.meetings import meetings_visible_to
from guantong.organisation.models import Unit
from guantong.search.sources.kind import Kind, Rows, Said, Seen, day, joined


def _with_words(rows: Rows) -> Rows:
    return rows.select_related("unit", "body").prefetch_related("agenda_rows", "line_rows")


def _said(meeting: Meeting) -> Said:
    agenda = [each for each in meeting.agenda_rows.all() if each.dropped_at is None]
    lines = [each.wording for each in meeting.line_rows.all() if each.dropped_at is None]
    items = [word for each in agenda for word in (each.title, each.reference)]
    body = meeting.body.name if meeting.body else ""
    return Said(
        meeting.title, joined(*items, *lines, meeting.minutes, meeting.place, body, meeting.unit.name)
    )


def _seen_by(meeting: Meeting) -> Seen:
    asked = [each for each in meeting.invitation_rows.all() if each.dropped_at is None]
    offices = [meeting.chair_id, meeting.called_by_id, *(each.office_id for each in asked)]
    offices += [each.stand_in_id for each in asked]
    return Seen(frozenset([meeting.unit.path]), frozenset(each for each in offices if each))


MEETINGS = Kind(
    number=7,
    name="meetings",
    label=_("会议活动"),
    icon="users",
    policy="business.read",
    visible=meetings_visible_to,
    rows=lambda: _with_words(Meeting.objects.prefetch_related("invitation_rows")),
    with_words=_with_words,
    said=_said,
    seen_by=_seen_by,
    address=lambda meeting: reverse("meeting", args=[meeting.pk]),
    remarks=lambda meeting: [meeting.get_kind_display(), str(meeting.unit), day(meeting.day)],
    reads={
        Meeting: "title minutes place",
        AgendaItem: "title reference",
        MinuteLine: "wording",
        Body: "name",
        Unit: "name",
    },
    follows={
        "leadership.meeting": "pk",
        "leadership.agendaitem": "agenda_rows",
        "leadership.invitation": "invitation_rows",
        "leadership.minuteline": "line_rows",
    },
)
