"""An activity that was held: how many came, what came of it, its one work record, and the duties that fulfils."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.grassroots.choices import ActivityStage
from guantong.grassroots.home_terms import pillars_of_homes
from guantong.grassroots.models import Activity, Home
from guantong.grassroots.operations.activity_acts import hosting, still_planned, title_of
from guantong.grassroots.operations.homes import held_home
from guantong.grassroots.queries.homes import keepers_of
from guantong.grassroots.rules import activities as rules
from guantong.grassroots.rules import homes as home_rules
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.obligations.claiming import claim_what_it_fulfils
from guantong.records.choices import RecordKind
from guantong.records.models import Record
from guantong.records.operations import enter_record


@transaction.atomic
def hold_activity(
    *,
    activity: Activity,
    signed_in: int | None,
    actor: Actor,
    now: dt.datetime,
    results: Sequence[str] = (),
    host_kinds: Sequence[str] = (),
) -> Activity:
    """Say once that it was held, how many came (None: not counted) and what came of it."""
    activity = still_planned(activity, actor)
    if activity.day > clock.today(now):
        raise Refusal(_("活动日期 %(day)s 还没有到。") % {"day": activity.day})
    rules.refuse_number(signed_in)
    if host_kinds:
        activity.host_kinds = home_rules.host_kinds_of(host_kinds)
    return _as_held(activity, signed_in, results, actor, now)


@transaction.atomic
def record_activity(
    *,
    cycle: Cycle,
    home: Home,
    content: str,
    title: str,
    day: dt.date,
    signed_in: int | None,
    planned_by: Office,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
    host_kinds: Sequence[str] = (),
    results: Sequence[str] = (),
) -> Activity:
    """An activity held at once, with its work record and the duties it fulfils; where it was planned, that one is held.

    The same twice is one.
    """
    home = held_home(home, actor)
    title = title_of(title)
    rules.refuse_content(content)
    rules.refuse_day(cycle, day)
    rules.refuse_number(signed_in)
    if day > today:
        raise Refusal(_("活动日期 %(day)s 还没有到。") % {"day": day})
    same = Activity.objects.filter(home=home, day=day, title=title, content=content)
    if earlier := same.filter(stage=ActivityStage.HELD).first():
        return earlier
    if planned := same.filter(stage=ActivityStage.PLANNED).first():
        return hold_activity(
            activity=planned,
            signed_in=signed_in,
            results=results,
            host_kinds=host_kinds,
            actor=actor,
            now=now,
        )
    made = Activity.objects.create(
        cycle=cycle, home=home, content=content, title=title, day=day, planned_by=planned_by,
        host_kinds=home_rules.host_kinds_of(host_kinds) or hosting(home, day),
    )  # fmt: skip
    return _as_held(made, signed_in, results, actor, now)


def _as_held(
    activity: Activity, signed_in: int | None, results: Sequence[str], actor: Actor, now: dt.datetime
) -> Activity:
    activity.signed_in, activity.results = signed_in, rules.results_of(results)
    record, offices = _record_of(activity, actor, now)
    activity.record, activity.stage = record, ActivityStage.HELD
    activity.save(update_fields=["signed_in", "results", "host_kinds", "record", "stage"])
    audit.record(
        "grassroots.activity_held", target=activity, actor=actor, at=now,
        payload={
            "home": activity.home_id, "record": record.pk, "signed_in": signed_in, "results": activity.results,
        },
    )  # fmt: skip
    claim_what_it_fulfils(
        record=record, offices=offices, pillars=pillars_of_homes(activity.cycle.package), actor=actor, now=now
    )
    return activity


def _record_of(activity: Activity, actor: Actor, now: dt.datetime) -> tuple[Record, list[Office]]:
    """The one work record, by whoever enters it; the offices that took part are the planner and the keepers."""
    offices = {each.pk: each for each in (activity.planned_by, *keepers_of(activity.home))}
    enters = actor.office if isinstance(actor, Acting) and actor.office else activity.planned_by
    words = {"title": activity.title, "content": activity.get_content_display(), "n": activity.signed_in}
    record = enter_record(
        kind=RecordKind.ACTIVITY,
        happened_on=activity.day,
        summary=_("%(title)s（%(content)s），到场人数未统计。") % words
        if activity.signed_in is None
        else _("%(title)s（%(content)s），到场 %(n)s 人。") % words,
        entered_by=enters,
        actor=actor,
        now=now,
        today=clock.today(now),
        place=str(activity.home.unit.name),
        participants=list(offices.values()),
    )
    if enters.pk not in offices:
        record.participations.filter(office=enters).delete()
    return record, list(offices.values())
