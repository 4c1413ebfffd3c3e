"""What is on a meeting's agenda, and its papers."""

from __future__ import annotations

import datetime as dt
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import AgendaItem, Meeting
from guantong.leadership.operations.meetings import still_open
from guantong.leadership.operations.texts import said
from guantong.records.files import keep_file
from guantong.records.media import tidy_name

MOST_ITEMS = 30


@transaction.atomic
def add_item(
    *,
    meeting: Meeting,
    title: str,
    actor: Actor,
    now: dt.datetime,
    reporter: Office | None = None,
    minutes: int | None = None,
    reference: str = "",
    paper: tuple[str, BinaryIO] | None = None,
) -> AgendaItem:
    """One more item at the end, with its paper as a file or a document number."""
    meeting = still_open(meeting, actor)
    title = said(title, most=200, missing=_("请写明议题。"), too_long=_("议题不超过 200 字。"))
    orders = meeting.agenda_rows.values_list("order", flat=True)
    if meeting.agenda.count() >= MOST_ITEMS:
        raise Refusal(_("一次会议最多 %(n)s 个议题。") % {"n": MOST_ITEMS})
    if len(reference) > 300:
        raise Refusal(_("文号或材料名称不超过 300 字。"))
    stored = keep_file(paper[1], name=paper[0]) if paper else None
    item = AgendaItem.objects.create(
        meeting=meeting,
        order=max(orders, default=0) + 1,
        title=title,
        reporter=reporter,
        minutes=minutes,
        reference=reference.strip(),
        paper=stored,
        paper_name=tidy_name(paper[0], stored.media_type) if paper and stored else "",
    )
    audit.record(
        "leadership.agenda_added",
        target=meeting,
        actor=actor,
        at=now,
        payload={"item": item.pk, "paper": stored.digest if stored else None},
        states=[item],
    )
    return item


@transaction.atomic
def drop_item(*, item: AgendaItem, actor: Actor, now: dt.datetime) -> None:
    """Take an item off; the others keep their order."""
    meeting = still_open(item.meeting, actor)
    if item.dropped_at is not None:
        return
    item.dropped_at = now
    item.save(update_fields=["dropped_at"])
    audit.record("leadership.agenda_dropped", target=meeting, actor=actor, at=now, states=[item])
