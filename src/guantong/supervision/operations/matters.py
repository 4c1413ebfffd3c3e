"""Registering a matter, handing it out to its units, and striking it off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.calendars.queries import calendar_for
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.operations import waist
from guantong.supervision.operations.following import follow
from guantong.supervision.operations.steps import Act, held, parts_of, refuse_unless_issuer
from guantong.supervision.rules import matters as rules


@transaction.atomic
def register_matter(*, matter: Matter, actor: Actor, now: dt.datetime) -> Matter:
    """Approve the draft: it gets the next number of the cycle, and keeps it."""
    Cycle.objects.select_for_update(of=("self",)).get(pk=matter.cycle_id)
    act = Act(held(matter), actor, now)
    matter = act.matter
    refuse_unless_issuer(act)
    last = Matter.objects.filter(cycle=matter.cycle_id).aggregate(last=Max("number"))["last"] or 0
    matter.number = matter.number or last + 1
    act.move(matter, "register", fields=("number",))
    act.record("supervision.matter_registered", number=matter.number)
    return matter


@transaction.atomic
def dispatch_matter(
    *, matter: Matter, actor: Actor, now: dt.datetime, sign_by: dt.date | None = None
) -> Matter:
    """Hand the matter out: each part's office owes it from today, and has its own time to sign for it."""
    act = Act(held(matter), actor, now)
    matter = act.matter
    refuse_unless_issuer(act)
    act.move(matter, "dispatch")
    parts = [each for each in parts_of(matter) if each.stage == PartStage.PLANNED]
    if not parts:
        raise Refusal(_("还没有确定承办单位。"))
    if matter.due_on < act.today:
        raise Refusal(_("办结期限 %(day)s 已经过去，请先撤销，另行立项。") % {"day": matter.due_on})
    hand_out(act, parts, sign_by=sign_by)
    act.record("supervision.matter_dispatched", units=[each.unit.code for each in parts])
    return matter


def hand_out(act: Act, parts: Sequence[MatterPart], *, sign_by: dt.date | None = None) -> None:
    """Open what the parts owe and start their time to sign; used wherever parts are given out."""
    term = waist.kind_of(act.matter).sign_within
    last = sign_by or waist.end_of(
        term, act.today, calendar_for(act.matter.cycle.year, act.matter.cycle.unit_id)
    )
    if last < act.today:
        raise Refusal(_("签收期限不能早于今天。"))
    for part in parts:
        part.sign_by = min(last, max(part.due_on, act.today))
    act.changed(*waist.open_for(parts, cycle=act.matter.cycle, today=act.today))
    for part in parts:
        act.move(part, "assign", fields=("sign_by",))


@transaction.atomic
def strike_off(*, matter: Matter, actor: Actor, now: dt.datetime, reason: str = "") -> Matter:
    """The issuer accepts that the matter is done. Never the unit that says so, nor anybody who reported for it."""
    follow(matter=matter, now=now, actor=actor)
    act = Act(held(matter), actor, now)
    matter = act.matter
    refuse_unless_issuer(act)
    parts = parts_of(matter)
    if isinstance(actor, Acting) and any(each.unit_id == actor.office.unit_id for each in parts):  # type: ignore[union-attr]
        raise Refusal(_("承办单位不能给自己承办的事项销号。"))
    if actor.shares_a_person_with(*rules.claimants_of([e.obligation_id for e in parts if e.obligation_id])):
        raise Refusal(_("反馈过这件事项的人不能给它销号，请由交办单位的其他人办理。"))
    if waist.kind_of(matter).verify and matter.stage == MatterStage.COMPLETED:
        raise Refusal(_("这类事项须先核查，核查通过后才能销号。"))
    matter.closed_on = act.today
    act.move(matter, "strike_off", reason=reason, fields=("closed_on",))
    for part in parts:
        if part.stage == PartStage.COMPLETED:
            act.move(part, "close")
    act.record("supervision.matter_struck_off", reason=reason.strip())
    return matter
