"""The one transition table of a case. Nothing else moves a stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.cases.choices import CaseStage
from guantong.kernel.refusals import Refusal

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words

    from guantong.cases.models import Case
else:
    Words = object

S = CaseStage


@dataclass(frozen=True, slots=True)
class Move:
    """From which stages, and to which (empty: it stays). ``shown`` is how the applicant reads it; empty: not at all."""

    said: Words
    before: tuple[str, ...]
    after: str
    shown: Words = ""


_OPEN = (S.ACCEPTED, S.HANDLING)
_TOLD = (S.ANSWERED, S.CLOSED)
_ANY = tuple(S.values)

MOVES: dict[str, Move] = {
    "register": Move(gettext_lazy("登记"), ("",), S.REGISTERED, gettext_lazy("已登记")),
    "accept": Move(gettext_lazy("受理"), (S.REGISTERED,), S.ACCEPTED, gettext_lazy("已受理")),
    "refuse": Move(gettext_lazy("不予受理"), (S.REGISTERED,), S.REFUSED, gettext_lazy("不予受理")),
    "refer": Move(gettext_lazy("移送"), (S.REGISTERED, *_OPEN), S.REFERRED, gettext_lazy("已移送其他渠道办理")),
    "assign": Move(gettext_lazy("交办"), _OPEN, S.HANDLING, gettext_lazy("已交有关单位办理")),
    "release": Move(gettext_lazy("撤回交办"), (S.HANDLING,), ""),
    "host": Move(gettext_lazy("领导包案"), (S.REGISTERED, *_OPEN, S.ANSWERED), "", gettext_lazy("由领导包案")),
    "dispute": Move(gettext_lazy("提出管辖异议"), (S.HANDLING,), ""),
    "pass_on": Move(gettext_lazy("异议成立"), (S.HANDLING,), "", gettext_lazy("更换办理单位")),
    "keep": Move(gettext_lazy("异议不成立"), (S.HANDLING,), ""),
    "extend": Move(gettext_lazy("延长办理期限"), _OPEN, "", gettext_lazy("办理期限已延长")),
    "pause": Move(gettext_lazy("暂停计时"), (*_OPEN, *_TOLD), "", gettext_lazy("暂停计算期限")),
    "resume": Move(gettext_lazy("恢复计时"), (*_OPEN, *_TOLD), "", gettext_lazy("恢复计算期限")),
    "answer": Move(gettext_lazy("答复"), _OPEN, S.ANSWERED, gettext_lazy("已答复")),
    "rate": Move(gettext_lazy("评价"), _TOLD, "", gettext_lazy("您已评价")),
    "close": Move(gettext_lazy("办结"), (S.ANSWERED,), S.CLOSED, gettext_lazy("已办结")),
    "reopen": Move(gettext_lazy("重新办理"), _TOLD, S.HANDLING, gettext_lazy("重新办理")),
    "ask_review": Move(gettext_lazy("申请复查"), _TOLD, "", gettext_lazy("您申请了复查")),
    "review": Move(gettext_lazy("复查答复"), _TOLD, "", gettext_lazy("复查已答复")),
    "ask_second": Move(gettext_lazy("申请复核"), _TOLD, "", gettext_lazy("您申请了复核")),
    "second_review": Move(gettext_lazy("复核答复"), _TOLD, "", gettext_lazy("复核已答复，为最终意见")),
    "withdraw": Move(gettext_lazy("撤回"), (S.REGISTERED, *_OPEN), S.WITHDRAWN, gettext_lazy("已按您的要求撤回")),
    "call_back": Move(gettext_lazy("回访"), (S.CLOSED,), "", gettext_lazy("已回访")),
    "add": Move(gettext_lazy("补充内容"), _ANY, "", gettext_lazy("您补充了内容")),
    "correct": Move(gettext_lazy("更正联系方式"), _ANY, "", gettext_lazy("您更正了称呼或联系方式")),
    "erase": Move(gettext_lazy("删除个人资料"), _ANY, "", gettext_lazy("个人资料已删除")),
    "entitle": Move(gettext_lazy("修改标题"), _ANY, ""),
    "gather": Move(gettext_lazy("归并"), _ANY, ""),
    "set_apart": Move(gettext_lazy("移出归并"), _ANY, ""),
}  # fmt: skip

OPEN_STAGES = (S.REGISTERED, *_OPEN, S.ANSWERED)
WORKED_ON = _OPEN
ENDED_STAGES = (S.CLOSED, S.REFUSED, S.REFERRED, S.WITHDRAWN)


def may_follow(case: Case, verb: str) -> bool:
    """Whether the verb is possible from the present stage. KeyError for a verb that the table does not have."""
    return case.stage in MOVES[verb].before


def stage_after(case: Case, verb: str, to: str = "") -> str:
    """The stage the verb leads to, or a refusal that names the present one.

    ``to`` is for moves whose end depends on whether a unit still handles the case.
    """
    move = MOVES[verb]
    if case.stage not in move.before:
        raise Refusal(
            _("诉求 %(number)s 现在是“%(stage)s”，不能%(verb)s。")
            % {"number": case.reference, "stage": case.get_stage_display(), "verb": move.said}
        )
    return to or move.after or case.stage
