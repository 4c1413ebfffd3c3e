"""The chain of a matter as it went: what happened, newest first, and the band of its links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.mechanisms.package.model import MatterKind
from guantong.obligations.tightening import named
from guantong.supervision import chain
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import MatterPart, Step
from guantong.supervision.operations.following import stage_now
from guantong.supervision.queries.circulars import circulars_visible_to
from guantong.supervision.readings import Reading

CIRCULAR = "supervision.circular"


def history_of(
    acting: Acting, steps: list[Step], readings: Sequence[Reading], *, runs: bool
) -> list[dict[str, Any]]:
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
    seen = _circulars_seen(acting, steps)
    lines = [_line(group, seen) for group in groups.values()] + [_read(each) for each in readings]
    return sorted(lines, key=lambda line: line["when"], reverse=True)


def _circulars_seen(acting: Acting, steps: list[Step]) -> set[int]:
    """Of the circulars that name the matter, those that the office may open."""
    named_in = [each.about_ref for each in steps if each.about == CIRCULAR and each.about_ref]
    if not named_in:
        return set()
    return set(circulars_visible_to(acting).filter(pk__in=named_in).values_list("pk", flat=True))


def _read(reading: Reading) -> dict[str, Any]:
    """A step that another room took."""
    return {"what": reading.what, "who": reading.who, "when": reading.at, "url": reading.url, "state": "done"}


def _line(group: list[Step], circulars: set[int]) -> dict[str, Any]:
    first = group[0]
    opens = first.about == CIRCULAR and first.about_ref in circulars
    units = named([str(each.part.unit) for each in group if each.part])
    return {
        "what": " · ".join(filter(None, [units, str(_said(first))])),
        "who": str(first.office) if first.office else "",
        "when": first.taken_at,
        "reason": first.reason,
        "url": reverse("circular", args=[first.about_ref]) if opens else "",
        "state": "bad" if first.verb in ("refuse", "return", "send_back", "cancel") else "done",
    }


def _said(step: Step) -> object:
    table = chain.PART if step.part_id else chain.MATTER
    return table[step.verb].said if step.verb in table else step.verb


def band_of(
    kind: MatterKind, stage: str, steps: list[Step], parts: list[MatterPart], readings: Sequence[Reading]
) -> list[dict[str, Any]]:
    """The chain as far as it goes for this kind: each link done, under way or ahead, with who and when.

    Being named in a circular is no link that has to come, so it stands there only where it happened.
    """
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
    if "circulate" in last:
        links.append(_link(_("通报"), True, last["circulate"]))
    links.append(_scored(readings))
    current = next((each for each in links if each["state"] != "done"), None)
    if current is not None and stage not in chain.ENDED_MATTERS and stage != MatterStage.SUSPENDED:
        current["state"] = "current"
    return links


def _link(name: str, is_done: bool, step: Step | None) -> dict[str, Any]:
    shown = step if is_done else None
    return {"name": name, "state": "done" if is_done else "ahead", "step": shown, "text": ""}


def _scored(readings: Sequence[Reading]) -> dict[str, Any]:
    last = readings[-1] if readings else None
    state = "done" if last else "ahead"
    return {"name": _("考评"), "state": state, "step": None, "text": "", "when": last.at if last else None}


def _count(name: str, number: int, live: list[MatterPart], *, started: bool) -> dict[str, Any]:
    done = bool(live) and number >= len(live)
    text = _("%(n)s / %(all)s 个单位") % {"n": number, "all": len(live)} if started or number else ""
    return {"name": name, "state": "done" if done else "ahead", "step": None, "text": text}
