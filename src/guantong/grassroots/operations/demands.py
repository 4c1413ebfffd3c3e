"""A demand on its way up and its answer on the way down: each move kept as a step, one log row for each."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.grassroots.demand_chain import stage_after
from guantong.grassroots.models import Demand, Home
from guantong.grassroots.operations.demand_acts import (
    MOST_ANSWER,
    MOST_NOTE,
    MOST_WORDS,
    Act,
    begun,
    words,
)
from guantong.grassroots.rules import demands as rules
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


@transaction.atomic
def raise_demand(
    *,
    unit: Unit,
    wording: str,
    raised_by: Office,
    actor: Actor,
    now: dt.datetime,
    cycle: Cycle,
    home: Home | None = None,
) -> Demand:
    """Write down what people ask for. It begins with whoever raised it, or with the next office that somebody holds.

    The same words a second time on the same day give the first one back.
    """
    mine = not isinstance(actor, Acting) or actor.office_ref == raised_by.pk
    if not rules.may_raise(actor) or not mine:
        raise Refusal(_("群众诉求由联络员、专职委员和之家负责人收集。"))
    wording = words(wording, _("请写明群众要什么。"), most=MOST_WORDS)
    reach = raised_by.scope.path
    near = unit.path.startswith(reach) or (home is not None and home.unit.path.startswith(reach))
    if not unit.path.startswith(cycle.unit.path) or not near:
        raise Refusal(_("请选择自己联系的地方。"))
    if home is not None and not home.unit.path.startswith(unit.path):
        raise Refusal(_("“%(home)s”不在“%(unit)s”。") % {"home": home.unit, "unit": unit})
    if earlier := _raised_before(unit, home, wording, raised_by, clock.today(now)):
        return earlier
    demand = Demand(
        cycle=cycle, unit=unit, home=home, wording=wording, raised_by=raised_by, raised_at=now, stage="",
        at_office=rules.first_office_for(unit, cycle, raised_by, clock.today(now)),
    )  # fmt: skip
    demand.stage = stage_after(demand, "raise")
    demand.save()
    act = Act(demand, actor, now)
    act.step("raise", "", raised_by, demand.at_office)
    act.record("demand_raised", unit=unit.pk, home=home.pk if home else None, at=demand.at_office_id)
    return demand


def _raised_before(
    unit: Unit, home: Home | None, wording: str, raised_by: Office, on: dt.date
) -> Demand | None:
    """The same words of the same office on the same day: the form was sent twice."""
    same = (
        Demand.objects.filter(unit=unit, home=home, wording=wording, raised_by=raised_by)
        .order_by("-pk")
        .first()
    )
    return same if same is not None and clock.today(same.raised_at) == on else None


@transaction.atomic
def take_up(*, demand: Demand, actor: Actor, now: dt.datetime, note: str = "") -> Demand:
    """The office that has it does it."""
    act = begun(demand, "take_up", actor, now)
    note = words(note, "", most=MOST_NOTE) if note.strip() else ""
    act.move("take_up", note=note)
    act.record("demand_taken_up")
    return act.demand


@transaction.atomic
def pass_up(*, demand: Demand, note: str, actor: Actor, now: dt.datetime) -> Demand:
    """To the office on the next rung that somebody holds, with the reason."""
    act = begun(demand, "pass_up", actor, now)
    note = words(note, _("请写明为什么上报。"), most=MOST_NOTE)
    to = rules.next_office_up(
        act.demand.unit, act.demand.cycle, after=act.demand.at_office.role, on=act.today
    )
    if to is None:
        raise Refusal(_("上面没有可以接的岗位了，请在这里办理、答复或转为诉求件。"))
    act.move("pass_up", to=to, note=note)
    act.record("demand_passed_up", to=to.pk)
    return act.demand


@transaction.atomic
def send_back(*, demand: Demand, note: str, actor: Actor, now: dt.datetime) -> Demand:
    """Back to the office that passed it up, saying what is missing."""
    act = begun(demand, "send_back", actor, now)
    note = words(note, _("请写明还缺什么。"), most=MOST_NOTE)
    to = rules.came_from(act.demand, act.today)
    if to is None:
        raise Refusal(_("这件事是从这里开始的，没有可以退回的岗位。"))
    act.move("send_back", to=to, note=note)
    act.record("demand_sent_back", to=to.pk)
    return act.demand


@transaction.atomic
def answer_demand(*, demand: Demand, answer: str, actor: Actor, now: dt.datetime) -> Demand:
    """Say what came of it. The answer goes to whoever asked, who tells the people."""
    act = begun(demand, "answer", actor, now)
    demand = act.demand
    demand.answer, demand.answered_at = words(answer, _("请写明答复。"), most=MOST_ANSWER), now
    act.move("answer", to=demand.raised_by, fields=("answer", "answered_at"))
    act.record("demand_answered")
    return demand


@transaction.atomic
def tell(*, demand: Demand, told_on: dt.date, actor: Actor, now: dt.datetime) -> Demand:
    """Whoever asked says that the people have been told, and when."""
    act = begun(demand, "tell", actor, now)
    demand = act.demand
    answered_on = clock.today(demand.answered_at) if demand.answered_at else told_on
    if not answered_on <= told_on <= act.today:
        raise Refusal(_("告知日期应在答复之后，不晚于今天。"))
    demand.told_on = told_on
    act.move("tell", fields=("told_on",))
    act.record("demand_told", told_on=told_on)
    return demand


@transaction.atomic
def drop(*, demand: Demand, note: str, actor: Actor, now: dt.datetime) -> Demand:
    """Whoever asked takes it back, saying why."""
    act = begun(demand, "drop", actor, now)
    act.move("drop", note=words(note, _("请写明为什么撤回。"), most=MOST_NOTE))
    act.record("demand_dropped")
    return act.demand
