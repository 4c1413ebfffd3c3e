"""What the issuing unit can do now, and whoever verifies."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from guantong.calendars.queries import calendar_for
from guantong.supervision import chain
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.matter_forms import (
    MergerForm,
    PartsForm,
    ReasonForm,
    ResultForm,
    SignByForm,
)
from guantong.supervision.operations import waist
from guantong.supervision.rules import matters as rules
from guantong.supervision.views.matter_desk import Desk, OpenAct


def of_issuer(desk: Desk) -> Iterator[OpenAct]:
    if not desk.may_issue:
        return
    if desk.can("amend"):
        yield OpenAct(_("修改草稿"), desk.url("matter-draft"), is_link=True)
    if desk.can("register"):
        yield OpenAct(_("立项"), desk.url("matter-registration"), main=True,
                      lead=_("立项后取得编号，内容不再改动。"))  # fmt: skip
    if desk.can("dispatch"):
        calendar = calendar_for(desk.matter.cycle.year, desk.matter.cycle.unit_id)
        last = waist.end_of(desk.kind.sign_within, desk.request.today, calendar)
        yield OpenAct(_("交办"), desk.url("matter-dispatch"),
                      desk.form(SignByForm, "dispatch", initial={"sign_by": last}), main=True)  # fmt: skip
    if desk.can("strike_off") and not (desk.kind.verify and desk.stage == MatterStage.COMPLETED):
        yield OpenAct(_("销号"), desk.url("matter-closing"), main=True,
                      confirm=_("销号表示交办单位认可办理结果，事项结束。确定销号？"))  # fmt: skip
    yield from sending_back(desk)
    yield from _endings(desk)


def sending_back(desk: Desk) -> Iterator[OpenAct]:
    """Returning the parts that have reported."""
    chosen = [each for each in desk.parts if desk.now[each.pk] in chain.PART["return"].before]
    if not chosen or not desk.can("send_back"):
        return
    form = desk.form(PartsForm, "return", matter=desk.matter)
    form.fields["parts"].queryset = form.fields["parts"].queryset.filter(pk__in=[e.pk for e in chosen])  # type: ignore[attr-defined]
    form.fields["due_on"].help_text = _("已经审核通过的单位须写；还在审核的不用写。")
    yield OpenAct(_("退回一个或几个单位"), desk.url("matter-return"), form)


def _endings(desk: Desk) -> Iterator[OpenAct]:
    if desk.can("resume"):
        yield OpenAct(_("恢复办理"), desk.url("matter-resumption"), main=True)
    if desk.can("suspend"):
        yield OpenAct(_("暂停"), desk.url("matter-suspension"), desk.form(ReasonForm, "suspend"))
    if desk.can("merge"):
        yield OpenAct(_("并入另一件事项"), desk.url("matter-merger"), desk.form(MergerForm, "merge"))
    if desk.can("cancel"):
        yield OpenAct(
            _("撤销事项"), desk.url("matter-cancelling"), desk.form(ReasonForm, "cancel"), danger=True
        )
    if desk.can("reopen"):
        form = desk.form(PartsForm, "reopen", matter=desk.matter)
        form.fields["parts"].queryset = form.fields["parts"].queryset.filter(stage=PartStage.CLOSED)  # type: ignore[attr-defined]
        form.fields["due_on"].required = True
        yield OpenAct(_("重新打开"), desk.url("matter-reopening"), form)


def of_verifier(desk: Desk) -> Iterator[OpenAct]:
    if not (desk.kind.verify and desk.can("verify")):
        return
    owed = [each.obligation_id for each in desk.parts if each.obligation_id]
    if rules.may_verify(desk.acting, desk.matter, took_part=rules.people_behind(owed)):
        yield OpenAct(
            _("核查通过"), desk.url("matter-verification"), desk.form(ResultForm, "verify"), main=True
        )
        if not desk.may_issue:
            yield from sending_back(desk)
