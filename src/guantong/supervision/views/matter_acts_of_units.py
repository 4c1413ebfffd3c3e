"""What a unit can do with its own part now."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.accounts.choices import Role
from guantong.obligations.choices import Reviewer
from guantong.obligations.forms import ExtensionForm
from guantong.obligations.rules import may_ask_extension, may_claim
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.matter_forms import (
    ReasonForm,
    SplitForm,
)
from guantong.supervision.models import MatterPart
from guantong.supervision.operations.more_time import most_extensions
from guantong.supervision.queries import matters as queries
from guantong.supervision.rules import matters as rules
from guantong.supervision.views.matter_desk import Desk, OpenAct


def of_units(desk: Desk) -> Iterator[OpenAct]:
    """What a unit can do with its own part."""
    for part in desk.parts:
        if not rules.may_answer(desk.acting, part) or desk.stage == MatterStage.SUSPENDED:
            continue
        if desk.part_can(part, "sign"):
            yield OpenAct(_("签收"), desk.url("part-signature", part.pk), main=True,
                          lead=_("签收表示收到，开始办理。"))  # fmt: skip
        yield from _reporting(desk, part)
        if desk.part_can(part, "refuse"):
            yield OpenAct(_("退签"), desk.url("part-refusal", part.pk), desk.form(ReasonForm, f"refuse{part.pk}"),
                          lead=_("不属于本单位职责的，写明理由退给交办单位。"), main=True, folded=True)  # fmt: skip
        yield from _more_time(desk, part)
        if desk.part_can(part, "split"):
            below = queries.units_to_choose(
                part.unit, acting=desk.acting, taken={each.unit_id for each in desk.parts}
            )
            if below.exists():
                given = {"due_on": part.due_on, "target_unit": part.target_unit}
                yield OpenAct(_("分解到下级单位"), desk.url("part-splits", part.pk),
                              desk.form(SplitForm, f"split{part.pk}", units=below, initial=given))  # fmt: skip


def _reporting(desk: Desk, part: MatterPart) -> Iterator[OpenAct]:
    """The way to the one page where work is recorded and claimed."""
    owed = part.obligation
    if owed is None or desk.now[part.pk] == PartStage.REFUSED or not may_claim(desk.acting, owed):
        return
    office = desk.acting.office
    head_reviews = owed.review_steps[0] == Reviewer.OWN_HEAD
    if head_reviews and office is not None and office.role == Role.UNIT_HEAD:
        yield OpenAct(
            _("反馈办理情况"), "", lead=_("由“%(office)s”填报，您审核后报出。") % {"office": owed.office}
        )
        return
    yield OpenAct(_("反馈办理情况"), f"{reverse('new-record')}?for={owed.pk}", is_link=True,
                  main=part.signed_on is not None)  # fmt: skip


def _more_time(desk: Desk, part: MatterPart) -> Iterator[OpenAct]:
    owed = part.obligation
    if owed is None or not desk.part_can(part, "ask_time") or not may_ask_extension(desk.acting, owed):
        return
    taken = [each for each in owed.extensions.all() if each.granted is not False]
    most = most_extensions(desk.matter.cycle)
    waiting = any(each.granted is None for each in taken)
    if waiting or (most is not None and len(taken) >= most) or desk.request.today > part.due_on:
        return
    yield OpenAct(
        _("申请延期"), desk.url("part-extensions", part.pk), desk.form(ExtensionForm, f"time{part.pk}")
    )
