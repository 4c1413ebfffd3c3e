"""The acts open to the office acted for on one matter now; what it may not do, it is not shown."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from guantong.accounts.middleware import Request
from guantong.obligations.choices import State
from guantong.obligations.forms import DecisionForm
from guantong.obligations.models import Claim, Extension
from guantong.obligations.rules import may_review
from guantong.supervision import chain
from guantong.supervision.choices import PartStage
from guantong.supervision.matter_forms import (
    ReasonForm,
    RefusalAnswerForm,
)
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.queries import matters as queries
from guantong.supervision.rules import matters as rules
from guantong.supervision.views.matter_acts_of_issuer import of_issuer, of_verifier
from guantong.supervision.views.matter_acts_of_units import of_units
from guantong.supervision.views.matter_desk import Desk, OpenAct


def acts_open(request: Request, matter: Matter, parts: list[MatterPart], *, stage: str) -> list[OpenAct]:
    """The next steps first."""
    desk = Desk(request, matter, parts, stage)
    found = [*of_units(desk), *of_issuer(desk), *of_verifier(desk), *of_givers(desk), *of_followers(desk)]
    return sorted(found, key=lambda each: not each.main)


def of_givers(desk: Desk) -> Iterator[OpenAct]:
    """Answers to refusals and to requests for time, and reviews that wait for this office."""
    waiting = [each for each in desk.parts if each.obligation and each.obligation.state == State.CLAIMED]
    claims = {
        each.obligation_id: each
        for each in Claim.objects.filter(obligation__in=[e.obligation_id for e in waiting])
        .prefetch_related("reviews")
        .order_by("claimed_at", "pk")
    }
    for part in waiting:
        claim = claims.get(part.obligation_id or 0)
        if claim and part.obligation:
            claim.obligation = part.obligation
            if may_review(desk.acting, claim, taken=list(claim.reviews.all())):
                title = _("审核“%(unit)s”的反馈") % {"unit": part.unit}
                yield OpenAct(title, desk.url("obligation", part.obligation.pk), is_link=True, main=True)
    for part in desk.parts:
        if desk.now[part.pk] == PartStage.REFUSED and rules.may_decide_for(desk.acting, part):
            above = part.parent.unit if part.parent else desk.matter.cycle.unit
            units = queries.units_to_choose(
                above, acting=desk.acting, taken={each.unit_id for each in desk.parts}
            )
            title = _("答复“%(unit)s”的退签") % {"unit": part.unit}
            form = desk.form(RefusalAnswerForm, f"answer{part.pk}", units=units)
            yield OpenAct(title, desk.url("part-refusal-answer", part.pk), form, main=True, button=_("答复"))
    yield from _time_decisions(desk)


def _time_decisions(desk: Desk) -> Iterator[OpenAct]:
    if not rules.may_run(desk.acting, desk.matter.cycle):
        return
    owed = {each.obligation_id: each for each in desk.parts if each.obligation_id}
    for each in Extension.objects.filter(obligation__in=list(owed), granted=None).order_by("pk"):
        part = owed[each.obligation_id]
        title = _("答复“%(unit)s”延期至 %(day)s 的申请") % {"unit": part.unit, "day": each.asked_until}
        yield OpenAct(title, desk.url("part-extension-decision", each.pk),
                      desk.form(DecisionForm, f"decide{each.pk}"), lead=each.reason, main=True, button=_("答复"))  # fmt: skip


def of_followers(desk: Desk) -> Iterator[OpenAct]:
    office = desk.acting.office
    if not desk.matter.number or office is None:
        return
    follows = desk.matter.subscriptions.filter(office=office, ended_at=None).exists()
    if follows:
        yield OpenAct(_("不再关注"), desk.url("matter-unsubscription"),
                      lead=_("进展不再出现在本单位的督办事项里；以后还可以再关注。"))  # fmt: skip
    if desk.stage in chain.ENDED_MATTERS or any(each.unit_id == office.unit_id for each in desk.parts):
        return  # its own part brings the matter before it anyway
    if rules.may_follow(desk.acting, desk.matter) and not desk.may_issue and not follows:
        yield OpenAct(_("关注这件事项"), desk.url("matter-subscription"), desk.form(ReasonForm, "follow"),
                      lead=_("本单位也要办同一件事的，关注即可，不必另行交办。"))  # fmt: skip
