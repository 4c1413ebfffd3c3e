"""Of a case one object each, for the permission table: carried by the leader, handled by the office's own unit."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from conftest import CONSOLE, at
from guantong.accounts.models import Office
from guantong.cases.choices import CaseKind, Channel, Outcome
from guantong.cases.models import CallBackDraw, Case, Closure, Dispute, Handling, Proposal, ReviewRequest
from guantong.cases.operations import register_case, registering_unit
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part

if TYPE_CHECKING:
    from web.permissions import World


def demanded_in(world: World, code: str, cycle: Cycle) -> None:
    """In each city: a case with a part, a dispute, a review asked for and a closing; a proposal and a draw."""
    own = code == "1506"
    unit = world.units[f"{code}-LGO"] if own else registering_unit(cycle)
    handler = (
        world.people["reviewer"].office if own else Office.objects.filter(unit__code="1502-MU-01").first()
    )
    assert handler is not None
    case, _code = register_case(
        cycle=cycle, unit=unit, kind=CaseKind.DIFFICULTY, channel=Channel.WINDOW, wording="路灯不亮。",
        name="王某", contact="13800001234", host=world.people["leader"].office if own else None,
        actor=CONSOLE, now=at(3, 2),
    )  # fmt: skip
    part = Handling.objects.create(
        case=case, unit=handler.unit, office=handler, part=Part.LEAD, assigned_at=at(3, 3)
    )
    dispute = Dispute.objects.create(
        handling=part,
        reason="不归本单位。",
        raised_by=handler,
        raised_at=at(3, 4),
        due_on=dt.date(2026, 3, 11),
    )
    review = ReviewRequest.objects.create(
        case=case, subject=case.subject, wording="不同意。", asked_at=at(3, 5)
    )
    closure = Closure.objects.create(
        case=case, one_sided=True, reason="没有回应。", outcome=Outcome.SOLVED, closed_at=at(3, 6)
    )
    proposal = Proposal.objects.create(
        cycle=cycle, title="路灯统一改造", reason="同类。", made_by=handler, made_at=at(3, 7)
    )
    Case.objects.filter(pk=case.pk).update(proposal=proposal)
    draw = CallBackDraw.objects.create(
        cycle=cycle, unit=world.units[code], since=dt.date(2026, 3, 1), until=dt.date(2026, 3, 31),
        agreed_csv="id\n", one_sided_csv=f"id\n{case.reference}\n", n_agreed=0, n_one_sided=1,
        seed_source="彩票", seed_on=dt.date(2026, 4, 2), frozen_at=at(4, 1),
    )  # fmt: skip
    for kind, row in (
        ("case", case), ("case_part", part), ("case_dispute", dispute), ("case_review", review),
        ("case_closure", closure), ("case_proposal", proposal), ("call_back_draw", draw),
    ):  # fmt: skip
        world.put(kind, code, row.pk)
    side = "own" if own else "other"
    world.put("call_back_draw", side, draw.pk)
    world.put("call_back_list", side, draw.pk, "agreed")
