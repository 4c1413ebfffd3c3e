"""More time for a part: asked before the due day, decided by the coordinating office, as often as the package allows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.obligations import timing
from guantong.obligations.models import Extension
from guantong.supervision.models import MatterPart
from guantong.supervision.operations.following import follow
from guantong.supervision.operations.steps import Act, held, parts_of


def most_extensions(cycle: Cycle) -> int | None:
    """How often the package lets a part's time be extended; None without a limit."""
    said: dict[str, Any] = cycle.package.supervision.get("extension") or {}
    return said.get("max")


@transaction.atomic
def ask_more_time(
    *, part: MatterPart, until: dt.date, reason: str, actor: Actor, now: dt.datetime
) -> Extension:
    """Ask for more time. The due day stays what it is until somebody decides."""
    follow(matter=part.matter, now=now, actor=actor)
    act = Act(held(part.matter), actor, now)
    part = next(each for each in parts_of(act.matter) if each.pk == part.pk)
    step = act.move(part, "ask_time", reason=reason)
    assert part.obligation is not None
    most = most_extensions(act.matter.cycle)
    taken = part.obligation.extensions.filter(Q(granted=True) | Q(granted=None)).count()
    if most is not None and taken >= most:
        raise Refusal(_("这件事项最多延期 %(n)s 次，已经用完。") % {"n": most})
    office = actor.office if isinstance(actor, Acting) else part.office
    assert office is not None
    extension = timing.ask_extension(
        obligation=part.obligation, until=until, reason=reason, asked_by=office, actor=actor, now=now
    )
    act.record("supervision.time_asked", part=part.pk, until=until, step=step.pk)
    return extension


@transaction.atomic
def decide_more_time(
    *, extension: Extension, part: MatterPart, granted: bool, decision: str, actor: Actor, now: dt.datetime
) -> MatterPart:
    """Grant or refuse it. Part and matter take the new day; the days asked for at first stay on record."""
    follow(matter=part.matter, now=now, actor=actor)
    act = Act(held(part.matter), actor, now)
    part = next(each for each in parts_of(act.matter) if each.pk == part.pk)
    if extension.obligation_id != part.obligation_id:
        raise Refusal(_("这项延期申请不属于这件事项。"))
    said = _("同意延期") if granted else _("不同意延期")
    act.move(part, "give_time", reason="：".join(filter(None, [said, decision.strip()])))
    timing.decide_extension(extension=extension, granted=granted, decision=decision, actor=actor, now=now)
    act.record("supervision.time_decided", part=part.pk, granted=granted)
    follow(matter=act.matter, now=now, actor=actor)
    part.refresh_from_db()
    return part
