"""Clocks of a case: started, met, dropped, made longer, stopped and run on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.calendars.queries import calendar_for
from guantong.cases.applicant import Doer
from guantong.cases.choices import ClockKind, PauseReason
from guantong.cases.clocks import Still, due_day
from guantong.cases.models import Case, Clock, Pause
from guantong.cases.operations import waist
from guantong.cases.operations.acts import Act, given, held
from guantong.cases.rules import may_answer, may_extend
from guantong.cases.terms import Term
from guantong.kernel.refusals import Refusal

# The periods in which the office has to do something; the others are the applicant's.
OF_THE_OFFICE = (ClockKind.NOTIFY, ClockKind.CLOSE, ClockKind.REVIEW, ClockKind.SECOND_REVIEW)


def start_clock(act: Act, kind: str, term: Term, *, on: dt.date) -> Clock:
    """Let a period run from a day, which is not counted."""
    due_on = due_day(on, term, calendar_for(on.year, act.case.cycle.unit_id))
    made = Clock.objects.create(
        case=act.case,
        kind=kind,
        round=act.round,
        starts_on=on,
        number=term.number,
        workdays=term.workdays,
        first_due_on=due_on,
        due_on=due_on,
    )
    act.changed(made)
    return made


def running(act: Act, *kinds: str) -> list[Clock]:
    """The clocks that still run, of the kinds named or of all."""
    clocks = Clock.objects.filter(case=act.case, met_on__isnull=True, dropped_on__isnull=True)
    return list((clocks.filter(kind__in=kinds) if kinds else clocks).order_by("pk"))


def meet(act: Act, *kinds: str) -> None:
    """What the period was for has been done today."""
    for each in running(act, *kinds):
        each.met_on = act.today
        each.save(update_fields=["met_on"])
        act.changed(each)


def drop(act: Act, *kinds: str) -> None:
    """The period has no purpose any more."""
    for each in running(act, *kinds):
        each.dropped_on = act.today
        each.save(update_fields=["dropped_on"])
        act.changed(each)


@transaction.atomic
def extend_case(*, case: Case, days: int, reason: str, actor: Doer, now: dt.datetime) -> Clock:
    """More time to answer: once a round, before the due day, within the package's days; the applicant reads why."""
    act = Act(held(case), actor, now)
    if not may_extend(actor, act.case):
        raise Refusal(_("延长期限由牵头单位主要负责人批准，或由登记单位、包案领导决定。"))
    reason = given(reason, _("请写明延长的理由，当事人会看到。"), most=300)
    clock = next(iter(running(act, ClockKind.CLOSE)), None)
    if clock is None:
        raise Refusal(_("这件诉求没有正在计算的办理期限。"))
    if clock.extended_days:
        raise Refusal(_("办理期限已经延长过一次，按规定不能再延。"))
    if act.case.pauses.filter(ends_on__isnull=True).exists():
        raise Refusal(_("正在暂停计时，请先恢复。"))
    if act.today > clock.due_on:
        raise Refusal(_("已于 %(day)s 到期，延长须在到期前决定。") % {"day": clock.due_on})
    if not 1 <= days <= act.terms.extend.number:
        raise Refusal(_("最多延长 %(n)s 天。") % {"n": act.terms.extend.number})
    clock.extended_days, clock.extension_reason, clock.extended_by = days, reason, act.office
    recompute(act, clock)
    clock.save(update_fields=["extended_days", "extension_reason", "extended_by", "due_on"])
    act.move("extend", told=reason)
    waist.run_again(act, due_on=clock.due_on)
    act.record("cases.extended", days=days, due_on=clock.due_on)
    return clock


def recompute(act: Act, clock: Clock) -> None:
    """The due day by the rule, from everything that moved it: the same as counting day by day."""
    term = Term(clock.number, clock.workdays)
    longer = Term(clock.extended_days, act.terms.extend.workdays) if clock.extended_days else None
    still = [Still(each.starts_on, each.ends_on) for each in act.case.pauses.all() if each.ends_on]
    calendar = calendar_for(clock.starts_on.year, act.case.cycle.unit_id)
    clock.due_on = due_day(clock.starts_on, term, calendar, pauses=still, longer_by=longer)
    act.changed(clock)


@transaction.atomic
def pause_case(*, case: Case, reason: str, note: str, actor: Doer, now: dt.datetime) -> Pause:
    """The clocks stand still for a listed reason, which the applicant sees."""
    act = Act(held(case), actor, now)
    if not may_answer(actor, act.case):
        raise Refusal(_("暂停计时由登记单位、包案领导或牵头单位决定。"))
    if reason not in PauseReason.values:
        raise Refusal(_("请选择暂停计时的原因，只能是列出的几种。"))
    if len(note.strip()) > 300:
        raise Refusal(_("说明最多 300 字。"))
    if act.case.pauses.filter(ends_on__isnull=True).exists():
        raise Refusal(_("已经在暂停计时。"))
    if not running(act, *OF_THE_OFFICE):
        raise Refusal(_("这件诉求没有正在计算的期限，不需要暂停。"))
    pause = Pause.objects.create(
        case=act.case, reason=reason, note=note.strip(), starts_on=act.today, ordered_by=act.seat
    )
    act.changed(pause)
    act.move("pause", told=" · ".join(filter(None, [str(PauseReason(reason).label), note.strip()])))
    waist.stand_still(act, str(PauseReason(reason).label))
    act.record("cases.paused", reason=reason)
    return pause


@transaction.atomic
def resume_case(*, case: Case, actor: Doer, now: dt.datetime) -> Case:
    """The clocks run on; the days they stood still are added to every period that was running."""
    act = Act(held(case), actor, now)
    if not may_answer(actor, act.case):
        raise Refusal(_("恢复计时由登记单位、包案领导或牵头单位决定。"))
    if not end_pause(act):
        raise Refusal(_("没有在暂停计时。"))
    act.move("resume")
    act.record("cases.resumed")
    return act.case


def end_pause(act: Act) -> bool:
    """Let the clocks run on; whether they stood still."""
    pause = act.case.pauses.filter(ends_on__isnull=True).first()
    if pause is None:
        return False
    pause.ends_on = act.today
    pause.save(update_fields=["ends_on"])
    act.changed(pause)
    for clock in running(act):
        recompute(act, clock)
        clock.save(update_fields=["due_on"])
        if clock.kind == ClockKind.CLOSE:
            waist.run_again(act, due_on=clock.due_on)
    return True
