"""The one transition table of a booking. Nothing else moves a stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.kernel.refusals import Refusal
from guantong.reception.choices import LIVE
from guantong.reception.choices import BookingStage as S

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words

    from guantong.reception.models import Booking
else:
    Words = object


@dataclass(frozen=True, slots=True)
class Move:
    """From which stages to which. ``after`` with several ends is chosen by the operation; empty: the stage stays."""

    said: Words
    before: tuple[str, ...]
    after: tuple[str, ...]


OPEN_FOR_AN_ANSWER = (S.OFFERED, S.PROPOSED)
_ON_A_DAY = (S.WAITING, S.OFFERED, S.PROPOSED, S.BOOKED)

MOVES: dict[str, Move] = {
    "book": Move(gettext_lazy("预约"), ("",), (S.BOOKED,)),
    "wait": Move(gettext_lazy("候补"), ("",), (S.WAITING,)),
    "ask": Move(gettext_lazy("约访"), ("",), (S.ASKED,)),
    "walk_in": Move(gettext_lazy("补记来访"), ("",), (S.MET,)),
    "offer": Move(gettext_lazy("递补"), (S.WAITING,), (S.OFFERED,)),
    "confirm": Move(gettext_lazy("确认"), (S.OFFERED, S.PROPOSED), (S.BOOKED,)),
    "change": Move(gettext_lazy("改约"), LIVE, (S.BOOKED, S.WAITING)),
    "accept": Move(gettext_lazy("同意约访"), (S.ASKED,), (S.BOOKED,)),
    "propose": Move(gettext_lazy("另约时间"), LIVE, (S.PROPOSED,)),
    "not_then": Move(gettext_lazy("请求再约时间"), (S.PROPOSED,), (S.ASKED,)),
    "put_off": Move(gettext_lazy("接待日取消，另行安排"), _ON_A_DAY, (S.ASKED,)),
    "inform": Move(gettext_lazy("接待安排有变"), _ON_A_DAY, ()),
    "decline": Move(gettext_lazy("答复不能安排"), (S.ASKED,), (S.DECLINED,)),
    "cancel": Move(gettext_lazy("取消"), LIVE, (S.CANCELLED,)),
    "lapse": Move(gettext_lazy("逾期未确认"), (S.OFFERED, S.PROPOSED), (S.EXPIRED,)),
    "run_out": Move(gettext_lazy("候补结束"), (S.WAITING,), (S.EXPIRED,)),
    "meet": Move(gettext_lazy("接待"), (S.BOOKED, S.MISSED), (S.MET,)),
    "miss": Move(gettext_lazy("未到"), (S.BOOKED, S.MET), (S.MISSED,)),
    "solve": Move(gettext_lazy("会前已解决"), LIVE, (S.SOLVED,)),
}


def may_follow(booking: Booking, verb: str) -> bool:
    """Whether the verb is possible from the present stage. KeyError for a verb that the table does not have."""
    return booking.stage in MOVES[verb].before


def stage_after(booking: Booking, verb: str, to: str = "") -> str:
    """The stage the verb leads to, or a refusal that names the present one."""
    move = MOVES[verb]
    if booking.stage not in move.before:
        raise Refusal(
            _("这个预约现在是“%(stage)s”，不能%(verb)s。")
            % {"stage": booking.get_stage_display(), "verb": move.said}
        )
    if not move.after:
        return booking.stage
    if to and to not in move.after:
        raise ValueError(f"{verb} does not lead to {to}")
    return to or move.after[0]
