"""The check whether a demand is taken on: accepted under a neutral title, refused with a reason, or handed over."""

from __future__ import annotations

import datetime as dt
import re

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.cases.applicant import Doer
from guantong.cases.choices import CaseKind, ClockKind, Elsewhere
from guantong.cases.conflicts import is_party, refuse_party_office, refuse_party_unit
from guantong.cases.models import Case
from guantong.cases.operations import waist
from guantong.cases.operations.acts import Act, given, held
from guantong.cases.operations.periods import drop, meet, start_clock
from guantong.cases.rules import may_run
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit

NUMBER_OF_A_PERSON = re.compile(r"\d{7,}")


@transaction.atomic
def accept_case(
    *,
    case: Case,
    title: str,
    actor: Doer,
    now: dt.datetime,
    kind: str = "",
    against: Unit | None = None,
    against_nobody: bool = False,
    told: str = "",
) -> Case:
    """Take the demand on under a neutral title; from today its period to be answered runs.

    Whoever accepts a complaint says which unit it is against, or that it is against none.
    """
    act = Act(held(case), actor, now)
    case = act.case
    refuse_unless_runner(act)
    case.kind = kind or case.kind
    if case.kind not in CaseKind.values:
        raise Refusal(_("请选择诉求的类别。"))
    case.title = _neutral(case, title)
    against = against or (None if against_nobody else case.against)
    if case.kind == CaseKind.COMPLAINT and against is None and not against_nobody:
        raise Refusal(_("受理投诉须写明被投诉的单位，或者注明不针对某个单位。"))
    _name_party(act, against)
    case.accepted_on = act.today
    act.move("accept", told=told, fields=("kind", "title", "against", "accepted_on"))
    meet(act, ClockKind.NOTIFY)
    close = start_clock(act, ClockKind.CLOSE, act.terms.close, on=act.today)
    if case.host is not None:
        case.obligation = waist.owe_as_host(act, case.host, due_on=close.due_on)
        case.save(update_fields=["obligation"])
    act.record("cases.accepted", kind=case.kind)
    return case


def _neutral(case: Case, title: str) -> str:
    """A title that says what it is about, not who asked."""
    title = given(title, _("请给这件诉求起一个标题。"), most=200)
    name, contact = str(case.name or "").strip(), str(case.contact or "").strip()
    if (len(name) > 1 and name in title) or (contact and contact in title):
        raise Refusal(_("标题里不能有当事人的称呼或联系方式，只写反映的是什么事。"))
    if NUMBER_OF_A_PERSON.search(title):
        raise Refusal(_("标题里不能有电话、证件一类的号码。"))
    return title


def _name_party(act: Act, against: Unit | None) -> None:
    """From now on neither that unit nor anything below it is given the case or sees it."""
    case = act.case
    case.against = against
    if against is None:
        return
    if is_party(case, case.unit.path):
        raise Refusal(
            _("“%(unit)s”就是被投诉单位或其下属单位，不能受理对自己的投诉，请向上一级机关反映。")
            % {"unit": case.unit}
        )
    if case.host is not None:
        refuse_party_office(case, case.host, on=act.today)
    for each in case.handlings.filter(released_on__isnull=True).select_related("unit"):
        refuse_party_unit(case, each.unit)


@transaction.atomic
def amend_case(*, case: Case, title: str, actor: Doer, now: dt.datetime, against: Unit | None = None) -> Case:
    """Change the title, or name the unit complained of when that shows later."""
    act = Act(held(case), actor, now)
    refuse_unless_runner(act)
    act.case.title = _neutral(act.case, title)
    _name_party(act, against)
    act.move("entitle", fields=("title", "against"))
    act.record("cases.amended")
    return act.case


@transaction.atomic
def refuse_case(*, case: Case, reason: str, actor: Doer, now: dt.datetime) -> Case:
    """Not taken on. The applicant reads why."""
    act = Act(held(case), actor, now)
    refuse_unless_runner(act)
    reason = given(reason, _("请写明不予受理的理由，当事人会看到。"))
    act.case.closed_on = act.today
    act.move("refuse", told=reason, reason=reason, fields=("closed_on",))
    meet(act, ClockKind.NOTIFY)
    act.record("cases.refused")
    return act.case


@transaction.atomic
def refer_case(*, case: Case, elsewhere: str, told: str, actor: Doer, now: dt.datetime) -> Case:
    """It belongs to another statutory system: handed over and marked. No clock of ours runs beside theirs."""
    act = Act(held(case), actor, now)
    refuse_unless_runner(act)
    if elsewhere not in Elsewhere.values:
        raise Refusal(_("请选择移送到哪里。"))
    told = given(told, _("请写明移送到哪里、怎样联系，当事人会看到。"))
    act.case.elsewhere, act.case.closed_on = elsewhere, act.today
    act.move("refer", told=told, fields=("elsewhere", "closed_on"))
    meet(act, ClockKind.NOTIFY)
    end_work(act)
    act.record("cases.referred", elsewhere=elsewhere)
    return act.case


def end_work(act: Act) -> None:
    """Nobody works on it any more: clocks dropped, units off the case, nothing owed."""
    drop(act)
    for each in act.case.handlings.filter(released_on__isnull=True):
        each.released_on = act.today
        each.save(update_fields=["released_on"])
        act.changed(each)
    for pause in act.case.pauses.filter(ends_on__isnull=True):
        pause.ends_on = act.today
        pause.save(update_fields=["ends_on"])
        act.changed(pause)
    waist.cancel(act, waist.owed_for(act.case))


def refuse_unless_runner(act: Act) -> None:
    """The steps of the body that registered the case."""
    if not may_run(act.actor, act.case):
        raise Refusal(_("这一步由“%(unit)s”的统筹协调岗位办理。") % {"unit": act.case.unit})
