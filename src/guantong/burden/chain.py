"""The one transition table of a request: which verb leads from which stage to which."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.acting import Acting, Actor
from guantong.burden.choices import Stage
from guantong.burden.models import FieldRequest, RequestStep
from guantong.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. ``after`` empty: the stage stays, the step is kept all the same."""

    said: object
    before: frozenset[str]
    after: str


def _move(said: object, before: tuple[str, ...], after: str) -> Move:
    return Move(said, frozenset(before), after)


MOVES: dict[str, Move] = {
    "draft": _move(gettext_lazy("拟写"), ("",), Stage.DRAFT),
    "amend": _move(gettext_lazy("修改"), (Stage.DRAFT, Stage.SIGNED), Stage.DRAFT),
    "put_up": _move(gettext_lazy("报领导签批"), (Stage.DRAFT,), ""),
    "sign": _move(gettext_lazy("签批"), (Stage.DRAFT,), Stage.SIGNED),
    "issue": _move(gettext_lazy("下发"), (Stage.DRAFT, Stage.SIGNED), Stage.ISSUED),
    "end": _move(gettext_lazy("结束"), (Stage.ISSUED,), Stage.ENDED),
    "withdraw": _move(gettext_lazy("撤回"), (Stage.DRAFT, Stage.SIGNED, Stage.ISSUED), Stage.WITHDRAWN),
}


def may_follow(request: FieldRequest, verb: str) -> bool:
    """Whether the verb is possible from the present stage."""
    return request.stage in MOVES[verb].before


def move(
    request: FieldRequest,
    verb: str,
    *,
    actor: Actor,
    now: dt.datetime,
    reason: str = "",
    fields: tuple[str, ...] = (),
) -> RequestStep:
    """Move the request, save it with ``fields``, and keep the step; refuses from a stage the table does not name."""
    row = MOVES[verb]
    before = request.stage if verb != "draft" else ""
    if before not in row.before:
        raise Refusal(
            _("“%(what)s”现在是“%(stage)s”，不能%(verb)s。")
            % {"what": request, "stage": request.get_stage_display(), "verb": row.said}
        )
    request.stage = row.after or request.stage
    request.save(update_fields=["stage", *fields])
    acting = actor if isinstance(actor, Acting) else None
    return RequestStep.objects.create(
        request=request,
        verb=verb,
        before=before,
        after=request.stage,
        reason=reason.strip()[:500],
        office=acting.office if acting else None,
        person=acting.person if acting else None,
        taken_at=now,
    )
