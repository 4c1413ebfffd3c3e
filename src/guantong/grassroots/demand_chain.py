"""The one transition table of a demand. Nothing else moves a stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.choices import Role
from guantong.grassroots.choices import DemandStage
from guantong.kernel.refusals import Refusal

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words

    from guantong.grassroots.models import Demand
else:
    Words = object

S = DemandStage

RUNGS = (Role.LIAISON, Role.COMMISSIONER, Role.COORDINATOR)
"""The rungs a demand climbs, from the bottom; a rung that nobody stands on is passed over."""

HOLDER, ASKER, SYSTEM = "holder", "asker", "system"


@dataclass(frozen=True, slots=True)
class Move:
    """From which stages, to which, and whose move it is: of the office that has it, of the one that asked, or of the
    system. ``note`` is what has to be written (empty: nothing)."""

    said: Words
    done: Words
    before: tuple[str, ...]
    after: str
    by: str
    note: Words = ""
    note_needed: bool = False


_HERE = (S.RAISED, S.TAKEN_UP)

MOVES: dict[str, Move] = {
    "raise": Move(gettext_lazy("提出"), gettext_lazy("提出诉求"), ("",), S.RAISED, ASKER),
    "take_up": Move(
        gettext_lazy("我来办"), gettext_lazy("接手办理"), (S.RAISED,), S.TAKEN_UP, HOLDER, gettext_lazy("打算怎么办")
    ),
    "pass_up": Move(
        gettext_lazy("报上一级"), gettext_lazy("上报"), _HERE, S.RAISED, HOLDER, gettext_lazy("为什么上报"), True
    ),
    "rise": Move(
        gettext_lazy("上移"), gettext_lazy("所在岗位空缺，自动报上一级"), _HERE, S.RAISED, SYSTEM
    ),
    "send_back": Move(
        gettext_lazy("退回补充"), gettext_lazy("已退回补充"), _HERE, S.RAISED, HOLDER, gettext_lazy("还缺什么"), True
    ),
    "to_case": Move(gettext_lazy("转为诉求件"), gettext_lazy("已转诉求件"), _HERE, S.CASE, HOLDER),
    "answer": Move(gettext_lazy("答复"), gettext_lazy("作出答复"), _HERE, S.ANSWERED, HOLDER),
    "case_answered": Move(
        gettext_lazy("诉求件有了答复"), gettext_lazy("诉求件有了答复"), (S.CASE,), S.ANSWERED, SYSTEM
    ),
    "tell": Move(gettext_lazy("已告诉提出的人"), gettext_lazy("告诉了提出的人"), (S.ANSWERED,), S.TOLD, ASKER),
    "drop": Move(
        gettext_lazy("撤回"), gettext_lazy("已撤回诉求"), _HERE, S.DROPPED, ASKER, gettext_lazy("为什么撤回"), True
    ),
}  # fmt: skip

OPEN_STAGES = (S.RAISED, S.TAKEN_UP, S.CASE, S.ANSWERED)
ENDED_STAGES = (S.TOLD, S.DROPPED)


def may_follow(demand: Demand, verb: str) -> bool:
    """Whether the verb is possible from the present stage. KeyError for a verb that the table does not have."""
    return demand.stage in MOVES[verb].before


def stage_after(demand: Demand, verb: str) -> str:
    """The stage the verb leads to, or a refusal that names the present one."""
    move = MOVES[verb]
    if demand.stage not in move.before:
        raise Refusal(
            _("这件事现在是“%(stage)s”，不能%(verb)s。")
            % {"stage": demand.get_stage_display(), "verb": move.said}
        )
    return move.after
