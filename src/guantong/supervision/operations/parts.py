"""One unit's part: signed for or refused, given to another unit or insisted on, and split further down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.calendars.queries import calendar_for
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import MatterPart
from guantong.supervision.operations import waist
from guantong.supervision.operations.following import follow
from guantong.supervision.operations.matters import hand_out
from guantong.supervision.operations.steps import Act, held, parts_of, reason_given
from guantong.supervision.rules import matters as rules


def _begin(part: MatterPart, actor: Actor, now: dt.datetime) -> tuple[Act, MatterPart]:
    """The act and the part as it is now, brought up to the waist."""
    follow(matter=part.matter, now=now, actor=actor)
    act = Act(held(part.matter), actor, now)
    if act.matter.stage == MatterStage.SUSPENDED:
        raise Refusal(_("这件督办事项已暂停，恢复后再办理。"))
    return act, next(each for each in parts_of(act.matter) if each.pk == part.pk)


def _refuse_unless_unit(act: Act, part: MatterPart) -> None:
    if not rules.may_answer(act.actor, part):
        raise Refusal(_("这一步由承办单位“%(unit)s”办理。") % {"unit": part.unit})


def _refuse_unless_giver(act: Act, part: MatterPart) -> None:
    if not rules.may_decide_for(act.actor, part):
        raise Refusal(_("退签由交办或分解的单位答复。"))


@transaction.atomic
def sign_for(*, part: MatterPart, actor: Actor, now: dt.datetime) -> MatterPart:
    """Receive the part: the unit has it in hand from today. The first signature sets the matter under way."""
    act, part = _begin(part, actor, now)
    _refuse_unless_unit(act, part)
    part.signed_on = act.today
    if part.report_days:
        part.next_report_on = act.today + dt.timedelta(days=part.report_days)
    act.move(part, "sign", fields=("signed_on", "next_report_on"))
    if act.matter.stage == MatterStage.ASSIGNED:
        act.move(act.matter, "begin")
    act.record("supervision.part_signed", part=part.pk, late=bool(part.sign_by and act.today > part.sign_by))
    return part


@transaction.atomic
def refuse_part(*, part: MatterPart, reason: str, actor: Actor, now: dt.datetime) -> MatterPart:
    """Say with a reason that this is not the unit's to do. Whoever gave it out must answer."""
    act, part = _begin(part, actor, now)
    _refuse_unless_unit(act, part)
    reason = reason_given(reason, _("退签请写明理由，例如不属于本单位职责及依据。"))
    act.move(part, "refuse", reason=reason)
    act.record("supervision.part_refused", part=part.pk, reason=reason)
    return part


@transaction.atomic
def insist_on_part(*, part: MatterPart, reason: str, actor: Actor, now: dt.datetime) -> MatterPart:
    """Leave a refused part where it is, with a reason; the time to sign starts again."""
    act, part = _begin(part, actor, now)
    _refuse_unless_giver(act, part)
    reason = reason_given(reason, _("维持交办请写明理由。"))
    term = waist.kind_of(act.matter).sign_within
    part.sign_by = waist.end_of(
        term, act.today, calendar_for(act.matter.cycle.year, act.matter.cycle.unit_id)
    )
    act.move(part, "insist", reason=reason, fields=("sign_by",))
    act.record("supervision.part_insisted", part=part.pk, reason=reason)
    return part


@transaction.atomic
def reassign_part(*, part: MatterPart, unit: Unit, reason: str, actor: Actor, now: dt.datetime) -> MatterPart:
    """Give a refused part to another unit; the first one owes nothing more. Returns the new part."""
    act, part = _begin(part, actor, now)
    _refuse_unless_giver(act, part)
    reason = reason_given(reason, _("改派请写明理由。"))
    office = _office_for(act, unit, within=part.parent.unit if part.parent else act.matter.cycle.unit)
    act.move(part, "reassign", reason=reason)
    owed = [part.obligation, *waist.reports_still_owed([part])]
    act.changed(*waist.cancel(owed, reason=reason, actor=actor, now=now))
    new = MatterPart.objects.create(
        matter=act.matter, unit=unit, office=office, part=part.part, parent=part.parent, wording=part.wording,
        due_on=max(part.due_on, act.today), target=part.target, target_unit=part.target_unit,
        base_report_days=part.base_report_days, report_days=part.base_report_days,
    )  # fmt: skip
    hand_out(act, [new])
    act.record("supervision.part_reassigned", part=part.pk, to=unit.code, reason=reason)
    return new


def _office_for(act: Act, unit: Unit, *, within: Unit) -> Office:
    """The office that answers for a unit about to get a part, or the refusal why it cannot have one."""
    if not unit.path.startswith(within.path) or unit.pk == within.pk:
        raise Refusal(_("“%(unit)s”不是“%(upper)s”的下级。") % {"unit": unit, "upper": within})
    if unit.pk == act.matter.issued_by.unit_id:
        raise Refusal(_("交办单位自己不能同时是承办单位：办结由承办单位提出，销号由交办单位决定。"))
    if act.matter.parts.filter(unit=unit).exists():
        raise Refusal(_("“%(unit)s”在这件事项里已有记录，不能再交给它。") % {"unit": unit})
    office = rules.answering_office(unit)
    if office is None:
        raise Refusal(_("“%(unit)s”没有可以签收督办事项的岗位。") % {"unit": unit})
    return office


@dataclass(frozen=True, slots=True)
class SplitTerms:
    """What a unit asks of those below it."""

    due_on: dt.date
    wording: str = ""
    target: Decimal | None = None
    target_unit: str = ""
    report_days: int | None = None
    reason: str = ""


@transaction.atomic
def split_part(
    *, part: MatterPart, units: Sequence[Unit], terms: SplitTerms, actor: Actor, now: dt.datetime
) -> list[MatterPart]:
    """Pass the part on to units below. It asks no more time than the unit has itself, unless it says why."""
    act, part = _begin(part, actor, now)
    _refuse_unless_unit(act, part)
    if not units:
        raise Refusal(_("请至少选择一个下级单位。"))
    if terms.due_on < act.today:
        raise Refusal(_("办结期限 %(day)s 已经过去。") % {"day": terms.due_on})
    if terms.due_on > part.due_on:
        reason_given(
            terms.reason,
            _("分解的期限晚于本单位的期限 %(day)s，请写明理由。") % {"day": part.due_on},
        )
    act.move(part, "split", reason=terms.reason)
    offices = [(unit, _office_for(act, unit, within=part.unit)) for unit in units]
    days = terms.report_days or part.base_report_days
    splits = [
        MatterPart.objects.create(
            matter=act.matter, unit=unit, office=office, part=Part.IMPLEMENTING, parent=part,
            wording=terms.wording.strip()[:300], due_on=terms.due_on, target=terms.target,
            target_unit=terms.target_unit.strip()[:40], base_report_days=days, report_days=days,
        )
        for unit, office in offices
    ]  # fmt: skip
    hand_out(act, splits)
    act.record(
        "supervision.part_split", part=part.pk, to=[unit.code for unit in units], reason=terms.reason.strip()
    )
    return splits


def live(parts: Sequence[MatterPart]) -> list[MatterPart]:
    """Parts that somebody still works on."""
    ended = (PartStage.COMPLETED, PartStage.CLOSED, PartStage.WITHDRAWN)
    return [each for each in parts if each.stage not in ended]
