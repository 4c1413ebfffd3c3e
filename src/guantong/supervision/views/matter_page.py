"""What the page of one matter shows: the chain so far, its units, and the acts open to this office now.

Stages are read off the waist at this moment, so that nothing shown is behind what was claimed and reviewed.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from guantong.accounts.acting import Acting
from guantong.accounts.middleware import Request
from guantong.kernel.decimals import plain
from guantong.obligations.choices import WORST_FIRST, Source, State
from guantong.obligations.models import Claim, Obligation
from guantong.obligations.tightening import told_once
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.operations import waist
from guantong.supervision.operations.following import matter_stage_now, stage_now
from guantong.supervision.operations.steps import parts_of
from guantong.supervision.queries import matters as queries
from guantong.supervision.readings import readings_of
from guantong.supervision.rules import matters as rules
from guantong.supervision.tightening import Tightening, tightening_of
from guantong.supervision.views import tabs
from guantong.supervision.views.matter_acts_open import acts_open
from guantong.supervision.views.matter_chain import band_of, history_of

PART_TONES = {
    PartStage.ASSIGNED: "warn",
    PartStage.REFUSED: "bad",
    PartStage.UNDER_WAY: "info",
    PartStage.REPORTED: "info",
    PartStage.RETURNED: "bad",
    PartStage.COMPLETED: "good",
    PartStage.CLOSED: "good",
}


def page_of(request: Request, matter: Matter) -> dict[str, Any]:
    acting = request.acting
    parts = parts_of(matter)
    stage = matter_stage_now(matter, parts)
    kind = waist.kind_of(matter)
    steps = list(matter.steps.select_related("office", "part__unit").order_by("taken_at", "pk"))
    followers = list(
        matter.subscriptions.filter(ended_at=None).select_related("office__unit").order_by("since")
    )
    runs = rules.may_run(acting, matter.cycle)
    reads = _reads_reports(acting, runs=runs, followers=[each.office_id for each in followers])
    rows = _rows(request, parts, reads=reads)
    acts = acts_open(request, matter, parts, stage=stage)
    readings = readings_of(owed_for(parts), acting)
    return {
        "tabs": tabs("matters", acting),
        "matter": matter,
        "number": queries.number_text(matter),
        "kind": kind,
        "stage": MatterStage(stage).label,
        "light": min((row["light"] for row in rows if row["light"]), key=WORST_FIRST.index, default=""),
        "band": band_of(kind, stage, steps, parts, readings),
        "rows": [row for row in rows if row["shown"]],
        "tightened": told_once((str(row["part"].unit), each) for row in rows for each in row["tightenings"]),
        "steps": history_of(acting, steps, readings, runs=runs),
        "followers": followers,
        "merged": list(matter.merged.order_by("number")),
        "main_acts": [each for each in acts if each.main],
        "more_acts": [each for each in acts if not each.main],
        "is_draft": matter.stage == MatterStage.DRAFT,
    }


def _reads_reports(acting: Acting, *, runs: bool, followers: list[int]) -> bool:
    """Whether the office reads the reports of all units: it runs the cycle, or follows and is no district itself."""
    office = acting.office
    return runs or (office is not None and office.pk in followers and office.unit.kind != "territory")


def _rows(request: Request, parts: list[MatterPart], *, reads: bool) -> list[dict[str, Any]]:
    """Every part; of units that the office does not see, only that they take part."""
    acting = request.acting
    open_ones = {each.pk for each in parts if acting.sees(each.unit.path) or reads}
    claims = _last_claims([e.obligation_id for e in parts if e.obligation_id and e.pk in open_ones])
    rows = []
    for part in parts:
        stage = PartStage(stage_now(part))
        row = {
            "part": part,
            # how another unit splits its own part is that unit's affair
            "shown": part.pk in open_ones or (part.parent_id is None and stage != PartStage.WITHDRAWN),
            "seen": part.pk in open_ones,
            "light": "",
            "tightenings": _tightenings(acting, part, stage, reads=reads),
        }
        rows.append(row | _details(request, part, stage, claims) if row["seen"] else row)
    return rows


def _details(
    request: Request, part: MatterPart, stage: PartStage, claims: dict[int, Claim]
) -> dict[str, Any]:
    """Where a part stands, for those who see the unit's work."""
    owed = part.obligation
    row: dict[str, Any] = {
        "stage": stage.label,
        "tone": PART_TONES.get(stage, ""),
        "unsigned": stage == PartStage.ASSIGNED and part.sign_by and part.sign_by < request.today,
        "target": f"{plain(part.target)}{part.target_unit}" if part.target is not None else "",
    }
    if owed is None:
        return row
    return row | {
        "light": owed.light if stage != PartStage.WITHDRAWN else "",
        "state": owed.get_state_display() if owed.state == State.SUSPENDED else "",
        "moved": owed.original_due_on != owed.due_on,
        "url": reverse("obligation", args=[owed.pk]) if request.acting.sees(part.unit.path) else "",
        "claim": claims.get(owed.pk),
        "waits_for": owed.get_next_review_display() if owed.next_review else "",
    }


def _tightenings(acting: Acting, part: MatterPart, stage: PartStage, *, reads: bool) -> list[Tightening]:
    """Seen from both ends: by whoever gave the part out, and by whoever got it."""
    ends = [part.unit.path, part.parent.unit.path if part.parent else ""]
    if stage == PartStage.WITHDRAWN or not (reads or any(path and acting.sees(path) for path in ends)):
        return []
    return tightening_of(part)


def owed_for(parts: list[MatterPart]) -> list[int]:
    """Everything ever owed for the parts: once, owed anew after a return, and the reports on the way."""
    owed = Obligation.objects.filter(
        source__in=[Source.MATTER, Source.REPORT], source_ref__in=[each.pk for each in parts]
    )
    return list(owed.values_list("pk", flat=True))


def _last_claims(obligations: list[int]) -> dict[int, Claim]:
    found = Claim.objects.filter(obligation__in=obligations).select_related("record")
    return {each.obligation_id: each for each in found.order_by("claimed_at", "pk")}
