"""What the page of one matter shows: the chain so far, its units, and the acts open to this office now.

Stages are read off the waist at this moment, so that nothing shown is behind what was claimed and reviewed.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.accounts.middleware import Request
from guantong.kernel.decimals import plain
from guantong.mechanisms.package.model import MatterKind
from guantong.obligations.choices import State
from guantong.obligations.models import Claim
from guantong.supervision import chain
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import Matter, MatterPart, Step
from guantong.supervision.operations import waist
from guantong.supervision.operations.following import matter_stage_now, stage_now
from guantong.supervision.operations.steps import parts_of
from guantong.supervision.queries import matters as queries
from guantong.supervision.rules import matters as rules
from guantong.supervision.tightening import tightening_of
from guantong.supervision.views import tabs
from guantong.supervision.views.matter_acts_open import acts_open

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
    followers = list(matter.subscriptions.select_related("office__unit").order_by("since"))
    runs = rules.may_run(acting, matter.cycle)
    reads = _reads_reports(acting, runs=runs, followers=[each.office_id for each in followers])
    rows = _rows(request, parts, reads=reads)
    acts = acts_open(request, matter, parts, stage=stage)
    return {
        "tabs": tabs("matters", acting),
        "matter": matter,
        "number": queries.number_text(matter),
        "kind": kind,
        "stage": MatterStage(stage).label,
        "light": min(
            (row["light"] for row in rows if row["light"]), key=queries.WORST_FIRST.index, default=""
        ),
        "band": band_of(kind, stage, steps, parts, today=request.today),
        "rows": [row for row in rows if row["shown"]],
        "tightened": _grouped(rows),
        "steps": _history(acting, steps, runs=runs),
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
        stage, seen = stage_now(part), part.pk in open_ones
        owed = part.obligation
        ends = [part.unit.path, part.parent.unit.path if part.parent else ""]
        both_ends = reads or any(path and acting.sees(path) for path in ends)
        rows.append(
            {
                "part": part,
                # how another unit splits its own part is that unit's affair
                "shown": seen or (part.parent_id is None and stage != PartStage.WITHDRAWN),
                "seen": seen,
                "depth": 1 if part.parent_id else 0,
                "stage": PartStage(stage).label if seen else "",
                "tone": PART_TONES.get(PartStage(stage), ""),
                "light": owed.light if owed and seen and stage != PartStage.WITHDRAWN else "",
                "state": owed.get_state_display() if owed and owed.state == State.SUSPENDED else "",
                "unsigned": seen
                and stage == PartStage.ASSIGNED
                and part.sign_by
                and part.sign_by < request.today,
                "moved": owed and seen and owed.original_due_on != owed.due_on,
                "target": f"{plain(part.target)}{part.target_unit}"
                if part.target is not None and seen
                else "",
                "url": reverse("obligation", args=[owed.pk]) if owed and acting.sees(part.unit.path) else "",
                "claim": claims.get(owed.pk) if owed else None,
                "tightenings": tightening_of(part) if both_ends and stage != PartStage.WITHDRAWN else [],
                "waits_for": owed.get_next_review_display() if owed and seen and owed.next_review else "",
            }
        )
    return rows


def _last_claims(obligations: list[int]) -> dict[int, Claim]:
    found = Claim.objects.filter(obligation__in=obligations).select_related("record")
    return {each.obligation_id: each for each in found.order_by("claimed_at", "pk")}


def _grouped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same tightening of several units, said once."""
    units: dict[str, list[str]] = {}
    for row in rows:
        for each in row["tightenings"]:
            units.setdefault(str(each.sentence), []).append(str(row["part"].unit))
    return [{"units": named(names), "sentence": sentence} for sentence, names in units.items()]


def named(names: list[str]) -> str:
    """Up to four names, then how many there are."""
    if len(names) <= 4:
        return _("、").join(names)
    return _("%(some)s等 %(n)s 个单位") % {"some": _("、").join(names[:3]), "n": len(names)}


def _history(acting: Acting, steps: list[Step], *, runs: bool) -> list[dict[str, Any]]:
    """What happened, newest first; of other units' parts only what the office may see.

    Moves of several parts in one act are one line, and handing out the parts is told by the matter's own step.
    """
    handed_out = {each.taken_at for each in steps if each.verb == "dispatch"}
    groups: dict[tuple[object, ...], list[Step]] = {}
    for each in steps:
        hidden = each.part is not None and not runs and not acting.sees(each.part.unit.path)
        if hidden or each.verb == "begin" or (each.verb == "assign" and each.taken_at in handed_out):
            continue
        key = (each.part_id is None, each.verb, each.taken_at, each.office_id, each.reason)
        groups.setdefault(key, []).append(each)
    return [_line(group) for group in reversed(groups.values())]


def _line(group: list[Step]) -> dict[str, Any]:
    first = group[0]
    units = named([str(each.part.unit) for each in group if each.part])
    return {
        "what": " · ".join(filter(None, [units, str(_said(first))])),
        "who": str(first.office) if first.office else "",
        "when": first.taken_at,
        "reason": first.reason,
        "state": "bad" if first.verb in ("refuse", "return", "send_back", "cancel") else "done",
    }


def _said(step: Step) -> object:
    table = chain.PART if step.part_id else chain.MATTER
    return table[step.verb].said if step.verb in table else step.verb


def band_of(
    kind: MatterKind, stage: str, steps: list[Step], parts: list[MatterPart], *, today: dt.date
) -> list[dict[str, Any]]:
    """The chain as far as it goes for this kind: each link done, under way or ahead, with who and when."""
    live = [each for each in parts if stage_now(each) != PartStage.WITHDRAWN]
    signed = sum(stage_now(e) not in (PartStage.PLANNED, PartStage.ASSIGNED, PartStage.REFUSED) for e in live)
    accepted = sum(stage_now(e) in (PartStage.COMPLETED, PartStage.CLOSED) for e in live)
    reported = accepted + sum(stage_now(e) == PartStage.REPORTED for e in live)
    order = [MatterStage.DRAFT, MatterStage.REGISTERED, MatterStage.ASSIGNED, MatterStage.UNDER_WAY,
             MatterStage.COMPLETED, MatterStage.VERIFIED, MatterStage.CLOSED]  # fmt: skip
    place = order.index(MatterStage(stage)) if stage in order else -1
    last = {each.verb: each for each in steps if each.part_id is None}
    links = [
        _link(_("立项"), place >= 1, last.get("register")),
        _link(_("交办"), place >= 2 or "dispatch" in last, last.get("dispatch")),
        _count(_("签收"), signed, live, started=place >= 2),
        _count(_("反馈"), reported, live, started=signed > 0),
        _count(_("审核办结"), accepted, live, started=reported > 0),
    ]
    if kind.verify:
        links.append(_link(_("核查"), place >= 5, last.get("verify")))
    links.append(_link(_("销号"), place >= 6, last.get("strike_off")))
    current = next((each for each in links if each["state"] != "done"), None)
    if current is not None and stage not in chain.ENDED_MATTERS and stage != MatterStage.SUSPENDED:
        current["state"] = "current"
    return links


def _link(name: str, is_done: bool, step: Step | None) -> dict[str, Any]:
    shown = step if is_done else None
    return {"name": name, "state": "done" if is_done else "ahead", "step": shown, "text": ""}


def _count(name: str, number: int, live: list[MatterPart], *, started: bool) -> dict[str, Any]:
    done = bool(live) and number >= len(live)
    text = _("%(n)s / %(all)s 个单位") % {"n": number, "all": len(live)} if started or number else ""
    return {"name": name, "state": "done" if done else "ahead", "step": None, "text": text}
