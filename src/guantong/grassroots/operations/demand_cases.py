"""A demand that is somebody's own trouble: it becomes a case, and takes the answer of the case."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.cases.choices import CaseStage, Channel
from guantong.cases.models import Case
from guantong.cases.operations.registering import register_case, registering_unit
from guantong.grassroots.choices import DemandStage
from guantong.grassroots.models import Demand
from guantong.grassroots.operations.demand_acts import Act, begun, held
from guantong.mechanisms.models import Cycle

KNOWN_BY = {
    CaseStage.ANSWERED: "已答复本人",
    CaseStage.CLOSED: "已答复本人并办结",
    CaseStage.REFUSED: "不予受理，已告知本人",
    CaseStage.REFERRED: "已移送其他渠道办理，已告知本人",
    CaseStage.WITHDRAWN: "本人已撤回",
}
"""What comes back down. The answer itself is the applicant's, and stays in the case."""


@transaction.atomic
def make_case(
    *,
    demand: Demand,
    kind: str,
    wording: str,
    actor: Acting,
    now: dt.datetime,
    name: str = "",
    contact: str = "",
    anonymous: bool = False,
) -> tuple[Demand, Case, str]:
    """Register it as a case, where what is personal is sealed. Returns the code of the case too, shown this once."""
    act = begun(demand, "to_case", actor, now)
    demand = act.demand
    case, code = register_case(
        cycle=demand.cycle,
        unit=registering_unit(demand.cycle),
        kind=kind,
        channel=Channel.HOME if demand.home_id else Channel.VISIT,
        wording=wording,
        name=name,
        contact=contact,
        anonymous=anonymous,
        title=str(demand)[:200],
        actor=actor,
        now=now,
    )
    demand.case = case
    act.move("to_case", fields=("case",))
    act.record("demand_made_a_case", case=case.pk)
    return demand, case, code


@transaction.atomic
def take_answers_of_cases(*, cycle: Cycle, actor: Actor, now: dt.datetime) -> int:
    """Demands whose case was answered, or ended otherwise, come back down. Part of the worker's round; harmless twice."""
    waiting = Demand.objects.filter(cycle=cycle, stage=DemandStage.CASE, case__stage__in=list(KNOWN_BY))
    taken = 0
    for each in waiting.order_by("pk"):
        demand = held(each)
        if demand.stage != DemandStage.CASE or demand.case is None:
            continue
        act = Act(demand, actor, now)
        demand.answer = f"诉求件 {demand.case.reference}：{KNOWN_BY[CaseStage(demand.case.stage)]}"
        demand.answered_at = now
        act.move("case_answered", to=demand.raised_by, fields=("answer", "answered_at"))
        act.record("demand_answered", case=demand.case_id)
        taken += 1
    return taken


def came_of_case(demand: Demand) -> str:
    """The same in the language of the reader; empty for a demand that an office answered itself."""
    said = {
        "已答复本人": _("已答复本人"),
        "已答复本人并办结": _("已答复本人并办结"),
        "不予受理，已告知本人": _("不予受理，已告知本人"),
        "已移送其他渠道办理，已告知本人": _("已移送其他渠道办理，已告知本人"),
        "本人已撤回": _("本人已撤回"),
    }
    if demand.case is None or not demand.answer:
        return ""
    return _("诉求件 %(number)s：%(came)s") % {
        "number": demand.case.reference,
        "came": said.get(demand.answer.partition("：")[2], demand.answer),
    }
