"""The one transition table of supervision: which verb leads from which stage to which, and who may say it.

A matter and the part of each unit in it have a row each for every move. A stage changes in no other way, and every
move is kept as a `Step`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.kernel.refusals import Refusal
from guantong.supervision.choices import MatterStage as M
from guantong.supervision.choices import PartStage as P
from guantong.supervision.models import Matter, MatterPart

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words
else:
    Words = object


class Who(models.TextChoices):
    """Whose move it is."""

    ISSUER = "issuer", gettext_lazy("交办单位")
    UNIT = "unit", gettext_lazy("承办单位")
    UPPER = "upper", gettext_lazy("交办或分解的单位")
    VERIFIER = "verifier", gettext_lazy("没有参加审核的人")
    WAIST = "waist", gettext_lazy("随申报和审核自动更新")
    WRITER = "writer", gettext_lazy("印发通报的单位")
    SCORER = "scorer", gettext_lazy("考核单位")


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. ``after`` empty: the stage stays, the step is kept all the same."""

    said: Words
    before: frozenset[str]
    after: str
    who: str


def _move(said: Words, before: tuple[str, ...], after: str, who: str) -> Move:
    return Move(said, frozenset(before), after, who)


_STARTED = (M.ASSIGNED, M.UNDER_WAY)
_NUMBERED = (M.REGISTERED, *_STARTED, M.SUSPENDED, M.COMPLETED, M.VERIFIED, M.CLOSED)
MATTER: dict[str, Move] = {
    "draft": _move(gettext_lazy("拟写"), ("",), M.DRAFT, Who.ISSUER),
    "amend": _move(gettext_lazy("修改"), (M.DRAFT,), "", Who.ISSUER),
    "register": _move(gettext_lazy("立项"), (M.DRAFT,), M.REGISTERED, Who.ISSUER),
    "dispatch": _move(gettext_lazy("交办"), (M.REGISTERED,), M.ASSIGNED, Who.ISSUER),
    "begin": _move(gettext_lazy("开始办理"), (M.ASSIGNED,), M.UNDER_WAY, Who.UNIT),
    "complete": _move(gettext_lazy("办结"), _STARTED, M.COMPLETED, Who.WAIST),
    "verify": _move(gettext_lazy("核查"), (M.COMPLETED,), M.VERIFIED, Who.VERIFIER),
    "send_back": _move(
        gettext_lazy("退回重办"), (*_STARTED, M.COMPLETED, M.VERIFIED), M.UNDER_WAY, Who.ISSUER
    ),
    "strike_off": _move(gettext_lazy("销号"), (M.COMPLETED, M.VERIFIED), M.CLOSED, Who.ISSUER),
    "suspend": _move(gettext_lazy("暂停"), _STARTED, M.SUSPENDED, Who.ISSUER),
    "resume": _move(gettext_lazy("恢复"), (M.SUSPENDED,), M.UNDER_WAY, Who.ISSUER),
    "merge": _move(gettext_lazy("并案"), (M.DRAFT, M.REGISTERED, *_STARTED), M.MERGED, Who.ISSUER),
    "absorb": _move(gettext_lazy("并入其他事项"), (M.DRAFT, M.REGISTERED, *_STARTED), "", Who.ISSUER),
    "cancel": _move(
        gettext_lazy("撤销事项"), (M.DRAFT, M.REGISTERED, *_STARTED, M.SUSPENDED), M.CANCELLED, Who.ISSUER
    ),
    "reopen": _move(gettext_lazy("重新打开"), (M.CLOSED,), M.UNDER_WAY, Who.ISSUER),
    # An issued circular names it; a score run reads it. The run is itself the record of that (`readings`).
    "circulate": _move(gettext_lazy("通报"), _NUMBERED, "", Who.WRITER),
    "score": _move(gettext_lazy("考评"), _NUMBERED, "", Who.SCORER),
}
_LIVE = (P.ASSIGNED, P.REFUSED, P.UNDER_WAY, P.REPORTED, P.RETURNED)
PART: dict[str, Move] = {
    "plan": _move(gettext_lazy("列入"), (P.WITHDRAWN,), P.PLANNED, Who.ISSUER),
    "assign": _move(gettext_lazy("交办"), (P.PLANNED,), P.ASSIGNED, Who.UPPER),
    "sign": _move(gettext_lazy("签收"), (P.ASSIGNED,), P.UNDER_WAY, Who.UNIT),
    "refuse": _move(gettext_lazy("退签"), (P.ASSIGNED,), P.REFUSED, Who.UNIT),
    "insist": _move(gettext_lazy("维持交办"), (P.REFUSED,), P.ASSIGNED, Who.UPPER),
    "reassign": _move(gettext_lazy("改派"), (P.REFUSED,), P.WITHDRAWN, Who.UPPER),
    "split": _move(gettext_lazy("分解"), (P.UNDER_WAY, P.RETURNED), "", Who.UNIT),
    "ask_time": _move(gettext_lazy("申请延期"), (P.ASSIGNED, P.UNDER_WAY, P.RETURNED), "", Who.UNIT),
    "give_time": _move(gettext_lazy("答复延期"), _LIVE, "", Who.ISSUER),
    "report": _move(gettext_lazy("反馈"), (P.ASSIGNED, P.REFUSED, P.UNDER_WAY, P.RETURNED), P.REPORTED, Who.WAIST),
    "return": _move(gettext_lazy("退回"), (P.REPORTED, P.COMPLETED), P.RETURNED, Who.UPPER),
    "complete": _move(gettext_lazy("审核通过，办结"), (P.REPORTED,), P.COMPLETED, Who.WAIST),
    "excuse": _move(gettext_lazy("免除"), _LIVE, P.WITHDRAWN, Who.WAIST),
    "bring_back": _move(gettext_lazy("恢复"), (P.WITHDRAWN,), P.UNDER_WAY, Who.WAIST),
    "close": _move(gettext_lazy("销号"), (P.COMPLETED,), P.CLOSED, Who.ISSUER),
    "withdraw": _move(gettext_lazy("撤回"), (P.PLANNED, *_LIVE), P.WITHDRAWN, Who.ISSUER),
    "reopen": _move(gettext_lazy("重新办理"), (P.CLOSED,), P.UNDER_WAY, Who.ISSUER),
}  # fmt: skip

OPEN_MATTERS = (M.ASSIGNED, M.UNDER_WAY, M.SUSPENDED, M.COMPLETED, M.VERIFIED)
ENDED_MATTERS = (M.CLOSED, M.MERGED, M.CANCELLED)
LIVE_PARTS = _LIVE


def move_of(row: Matter | MatterPart, verb: str) -> Move:
    """KeyError for a verb that the table does not have."""
    return (MATTER if isinstance(row, Matter) else PART)[verb]


def may_follow(row: Matter | MatterPart, verb: str) -> bool:
    """Whether the verb is possible from the present stage."""
    return row.stage in move_of(row, verb).before


def stage_after(row: Matter | MatterPart, verb: str, to: str = "") -> str:
    """The stage the verb leads to, or a refusal that names the present one.

    ``to`` is for the one move with two ends, resuming, which goes back to where it was stopped.
    """
    move = move_of(row, verb)
    if row.stage not in move.before:
        raise Refusal(
            _("“%(what)s”现在是“%(stage)s”，不能%(verb)s。")
            % {"what": row, "stage": row.get_stage_display() or _("新事项"), "verb": move.said}
        )
    return to or move.after or row.stage
