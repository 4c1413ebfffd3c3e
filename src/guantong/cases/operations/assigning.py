"""Who works on a case: units that are given a part of it, and the leader who carries it to its end."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.models import Office
from guantong.cases.applicant import Doer
from guantong.cases.choices import CaseStage, ClockKind
from guantong.cases.conflicts import refuse_party_office
from guantong.cases.models import Case, Clock, Handling
from guantong.cases.operations import waist
from guantong.cases.operations.acts import Act, given, held
from guantong.cases.rules import answering_office, may_carry, may_host, may_run
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit


@transaction.atomic
def assign_case(
    *, case: Case, unit: Unit, actor: Doer, now: dt.datetime, part: str = Part.LEAD, wording: str = ""
) -> Handling:
    """Give the case to a unit, which owes its part by the day the case is due. Never to the party complained of."""
    act = Act(held(case), actor, now)
    if not may_carry(actor, act.case):
        raise Refusal(_("诉求由登记单位的统筹协调岗位或包案领导交办。"))
    handling = give(act, unit, part=part, wording=wording)
    act.record("cases.assigned", unit=unit.code, part=part)
    return handling


def give(act: Act, unit: Unit, *, part: str, wording: str = "") -> Handling:
    """The same inside another operation."""
    case = act.case
    office = _office_for(act, unit, part)
    clock = close_clock(act)
    act.move("assign")
    if clock is None:
        raise Refusal(_("受理之后才能交办。"))
    handling = Handling.objects.filter(case=case, unit=unit).first() or Handling(case=case, unit=unit)
    handling.office, handling.part, handling.wording = office, part, wording.strip()[:300]
    handling.assigned_by, handling.assigned_at, handling.released_on = act.office, act.now, None
    handling.obligation = waist.owe_part(
        act, office, part=part, due_on=clock.due_on, wording=handling.wording
    )
    handling.save()
    act.changed(handling)
    return handling


def _office_for(act: Act, unit: Unit, part: str) -> Office:
    case = act.case
    if part not in (Part.LEAD, Part.COOPERATING):
        raise Refusal(_("请选择牵头或配合。"))
    if not unit.path.startswith(case.cycle.unit.path) or unit.is_closed:
        raise Refusal(_("“%(unit)s”不在本机制范围内，不能交办。") % {"unit": unit})
    live = case.handlings.filter(released_on__isnull=True)
    if live.filter(unit=unit).exists():
        raise Refusal(_("“%(unit)s”已经在办理这件诉求。") % {"unit": unit})
    if part == Part.LEAD and live.filter(part=Part.LEAD).exists():
        raise Refusal(_("这件诉求已有牵头单位，请先撤回，或者交给新的单位配合办理。"))
    office = answering_office(unit)
    if office is None:
        raise Refusal(_("“%(unit)s”还没有可以承办的岗位。") % {"unit": unit})
    if office.pk == case.host_id:
        raise Refusal(_("“%(office)s”是包案领导，不能同时是承办岗位。") % {"office": office})
    refuse_party_office(case, office, on=act.today)
    return office


@transaction.atomic
def release_unit(*, handling: Handling, reason: str, actor: Doer, now: dt.datetime) -> Handling:
    """Take a unit off the case, for a stated reason."""
    act = Act(held(handling.case), actor, now)
    if not may_carry(actor, act.case):
        raise Refusal(_("撤回交办由登记单位的统筹协调岗位或包案领导办理。"))
    reason = given(reason, _("请写明撤回的理由。"))
    handling = Handling.objects.select_related("unit", "obligation").get(pk=handling.pk)
    if handling.released_on is not None:
        raise Refusal(_("“%(unit)s”已经不再办理这件诉求。") % {"unit": handling.unit})
    if handling.disputes.filter(upheld__isnull=True).exists():
        raise Refusal(_("该单位提出了管辖异议，请先答复异议。"))
    take_off(act, handling)
    act.move("release", to=stage_by_hands(act), reason=reason)
    act.record("cases.released", unit=handling.unit.code)
    return handling


def take_off(act: Act, handling: Handling) -> None:
    handling.released_on = act.today
    handling.save(update_fields=["released_on"])
    act.changed(handling)
    waist.cancel(act, [handling.obligation])


def stage_by_hands(act: Act) -> str:
    """Being handled while a unit is on the case, only accepted when none is."""
    live = act.case.handlings.filter(released_on__isnull=True)
    return CaseStage.HANDLING if live.exists() else CaseStage.ACCEPTED


def close_clock(act: Act) -> Clock | None:
    """The period of this round in which the case is to be answered."""
    return Clock.objects.filter(case=act.case, kind=ClockKind.CLOSE, round=act.round).first()


@transaction.atomic
def set_host(
    *, case: Case, host: Office, actor: Doer, now: dt.datetime, reason: str = "", told: str = ""
) -> Case:
    """A leader carries the case to its end (包案). Replacing one says why; nobody becomes host by the clock alone."""
    act = Act(held(case), actor, now)
    case = act.case
    if not may_run(actor, case):
        raise Refusal(_("包案领导由登记单位的统筹协调岗位确定。"))
    if not may_host(host) or not host.unit.path.startswith(case.cycle.unit.path):
        raise Refusal(_("请选择本级的领导岗位包案。"))
    if case.host_id == host.pk:
        raise Refusal(_("“%(office)s”已经在包案。") % {"office": host})
    if case.host_id is not None:
        reason = given(reason, _("包案领导一包到底；确需更换的，请写明理由。"))
    if case.handlings.filter(office=host, released_on__isnull=True).exists():
        raise Refusal(_("“%(office)s”是承办岗位，不能同时包案。") % {"office": host})
    refuse_party_office(case, host, on=act.today)
    waist.cancel(act, [case.obligation])
    case.host = host
    clock = close_clock(act)
    case.obligation = waist.owe_as_host(act, host, due_on=clock.due_on) if clock is not None else None
    act.move("host", told=told, reason=reason, fields=("host", "obligation"))
    if case.stage == CaseStage.ANSWERED:
        waist.stand_still(act, _("已答复，等待当事人评价。"))
    act.record("cases.hosted", host=host.pk)
    return case
