"""The ladder: the system proposes a step, a named office confirms or declines it. Nothing happens before."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.calendars.queries import calendar_for
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.notices.operations import ask_all, close
from guantong.obligations.choices import CLAIMABLE, Light
from guantong.obligations.models import Obligation
from guantong.records.choices import RecordKind
from guantong.records.models import Record
from guantong.records.operations import enter_record
from guantong.supervision.addressing import Directory
from guantong.supervision.asking.ladder import ESCALATION, asked_of_confirmed
from guantong.supervision.asking.obligations import NAME, named
from guantong.supervision.choices import LadderStep
from guantong.supervision.models import Escalation
from guantong.supervision.queries.ladder import talk_key
from guantong.supervision.reasons import reason_for
from guantong.supervision.rules import ladder as rules
from guantong.supervision.rules.ladder import Earlier, Rung


@transaction.atomic
def propose_escalations(*, cycle: Cycle, on: dt.date, now: dt.datetime, actor: Actor) -> int:
    """Propose the next step for everything red, by the package's days; returns how many proposals are new.

    Proposing again on the same day adds nothing. A constant number of queries for a cycle.
    """
    ladder = rules.rungs(cycle.package)
    if not ladder:
        return 0
    calendar = calendar_for(cycle.year, cycle.unit_id)
    earlier = _earlier(cycle)
    fresh = []
    red = Obligation.objects.filter(cycle=cycle, light=Light.RED, state__in=CLAIMABLE, due_on__lt=on)
    shown = ("unit_id", "due_on", *NAME)
    for obligation in red.only("pk", *shown).order_by("pk").iterator(2000):
        assert obligation.due_on is not None
        overdue = calendar.workdays_between(obligation.due_on, on)
        before = rules.highest(ladder, earlier.get(obligation.pk, {}))
        rung = rules.next_rung(ladder, overdue=overdue, earlier=before, on=on, calendar=calendar)
        if rung is not None:
            fresh.append(_proposal(cycle, obligation, rung, overdue=overdue, now=now))
    if not fresh:
        return 0
    Escalation.objects.bulk_create(fresh, batch_size=1000)
    audit.record(
        "supervision.escalations_proposed",
        target=cycle,
        actor=actor,
        at=now,
        payload={"on": on, "proposals": len(fresh)},
        states=fresh,
    )
    return len(fresh)


def _earlier(cycle: Cycle) -> dict[int, dict[str, Earlier]]:
    """What was proposed for each obligation so far, by step."""
    found: dict[int, dict[str, Earlier]] = defaultdict(dict)
    rows = Escalation.objects.filter(cycle=cycle).values_list("obligation", "step", "confirmed", "decided_at")
    for obligation, step, confirmed, decided_at in rows:
        decided_on = clock.today(decided_at) if decided_at else None
        found[obligation][step] = Earlier(step, confirmed, decided_on)
    return found


def _proposal(
    cycle: Cycle, obligation: Obligation, rung: Rung, *, overdue: int, now: dt.datetime
) -> Escalation:
    title = named(obligation.title, obligation.title_en, obligation.period_zh, obligation.period_en)
    return Escalation(
        cycle=cycle,
        unit_id=obligation.unit_id,
        obligation=obligation,
        step=rung.step,
        said=reason_for(rung.step, title=title, due=str(obligation.due_on), n=overdue),
        proposed_at=now,
    )


@transaction.atomic
def decide_escalations(
    *, escalations: Iterable[Escalation], confirmed: bool, reason: str, actor: Actor, now: dt.datetime
) -> int:
    """Confirm or decline proposals, one or many; declining says why. Returns how many.

    What is no longer overdue is left undecided: there is nothing to confirm. Refused as a whole where one was
    decided before.
    """
    still_red = _decidable(escalations, actor)
    if not confirmed and not reason.strip():
        raise Refusal(_("不采取措施时请写明理由。"))
    for each in still_red:
        each.confirmed, each.reason = confirmed, reason.strip()
        each.decided_by = actor.office if isinstance(actor, Acting) else None
        each.decider = actor.person if isinstance(actor, Acting) else None
        each.decided_at = now
    fields = ["confirmed", "reason", "decided_by", "decider", "decided_at"]
    Escalation.objects.bulk_update(still_red, fields, batch_size=500)
    for cycle in {each.cycle_id: each.cycle for each in still_red}.values():
        decided = [each for each in still_red if each.cycle_id == cycle.pk]
        audit.record(
            "supervision.escalations_confirmed" if confirmed else "supervision.escalations_declined",
            target=cycle,
            actor=actor,
            at=now,
            payload={"escalations": [each.pk for each in decided], "reason": reason.strip()},
            states=decided,
        )
        if confirmed:
            _tell(cycle, decided, on=clock.today(now))
    return len(still_red)


def _decidable(escalations: Iterable[Escalation], actor: Actor) -> list[Escalation]:
    """The proposals, held, that are still about something overdue; a refusal where one may not be decided."""
    wanted = [each.pk for each in escalations]
    if not wanted:
        raise Refusal(_("请先勾选要处理的建议。"))
    rows = Escalation.objects.select_for_update(of=("self",)).select_related("unit", "obligation", "cycle")
    found = list(rows.filter(pk__in=wanted).order_by("pk"))
    if any(each.confirmed is not None for each in found):
        raise Refusal(_("其中有的建议已经处理过了，请刷新后再试。"))
    if not all(rules.may_decide(actor, each) for each in found):
        raise Refusal(_("采取措施由统筹协调单位确认，系统不会自动采取。"))
    still_red = [each for each in found if rules.is_still_owed(each)]
    if not still_red:
        raise Refusal(_("事项已不再逾期，不需要采取措施。"))
    return still_red


def _tell(cycle: Cycle, decided: Sequence[Escalation], *, on: dt.date) -> None:
    """A reminder and a talk are a notice to the unit; a talk is one to the deciding office too, to hold it."""
    ask_all(asked_of_confirmed(decided, Directory.of(cycle)), on=on)


@transaction.atomic
def record_talk(
    *,
    escalation: Escalation,
    held_on: dt.date,
    summary: str,
    place: str,
    held_by: Office,
    actor: Actor,
    now: dt.datetime,
) -> Record:
    """Keep the talk that was held: when, where, what was agreed. It is a record of work like any other, kept once."""
    escalation = (
        Escalation.objects.select_for_update(of=("self",))
        .select_related("unit", "obligation__office", "cycle")
        .get(pk=escalation.pk)
    )
    _refuse_talk(escalation, held_on, summary, actor)
    record = enter_record(
        kind=RecordKind.MEETING,
        happened_on=held_on,
        summary=summary,
        place=place,
        entered_by=held_by,
        participants=[escalation.obligation.office],
        submission_key=talk_key(escalation.pk),
        actor=actor,
        now=now,
        today=clock.today(now),
    )
    audit.record(
        "supervision.talk_recorded",
        target=escalation,
        actor=actor,
        at=now,
        payload={"record": record.pk, "held_on": held_on},
    )
    close(about=ESCALATION, about_ref=escalation.pk, on=clock.today(now))
    return record


def _refuse_talk(escalation: Escalation, held_on: dt.date, summary: str, actor: Actor) -> None:
    """Say no to a talk that was not confirmed, not held yet, kept before, or is not this office's to keep."""
    if escalation.step != LadderStep.TALK or not escalation.confirmed:
        raise Refusal(_("这一步不是已确认的约谈。"))
    if not rules.may_decide(actor, escalation):
        raise Refusal(_("约谈由统筹协调单位登记。"))
    assert escalation.decided_at is not None
    if held_on < clock.today(escalation.decided_at):
        raise Refusal(_("约谈日期早于确认约谈的日期，请核对。"))
    if Record.objects.filter(submission_key=talk_key(escalation.pk)).exists():
        raise Refusal(_("这次约谈已经登记过了。"))
    if not summary.strip():
        raise Refusal(_("请写明约谈情况和商定的措施。"))
