"""Findings at a unit, its reply, and its request for a recheck. Who decides, decides on the page."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Many, One
from guantong.api.contract.page_acts import acts_on, done_to, plain
from guantong.api.resources.common import BUSINESS, office_or_none, unit_ref
from guantong.api.resources.widening import widened
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.matters import (
    Finding,
    FindingReply,
    FullFinding,
    NewRecheck,
    NewReply,
    Recheck,
    Ruling,
)
from guantong.supervision import models
from guantong.supervision.operations import findings, rulings
from guantong.supervision.queries.findings import findings_visible_to
from guantong.supervision.views.finding_page import RecheckForm, ReplyForm


def _listed(call: Call) -> QuerySet[models.Finding]:
    found, wanted = findings_visible_to(call.acting), call.query
    for name in ("cycle", "unit", "stage"):
        if getattr(wanted, name) is not None:
            found = found.filter(**{name: getattr(wanted, name)})
    return found


def finding(row: models.Finding) -> Finding:
    notice = getattr(row, "notice", None)
    return Finding(
        id=row.pk, cycle=row.cycle_id, unit=unit_ref(row.unit), matter=row.matter_id,
        obligation=row.obligation_id, kind=row.kind, text=row.text, basis=row.basis, rule_cited=row.rule_cited,
        stage=cast(Any, row.stage), found_at=row.found_at, reply_by=notice.reply_by if notice else None,
    )  # fmt: skip


def _full(row: models.Finding, call: Call) -> FullFinding:
    reply, ruling = getattr(row, "reply", None), getattr(row, "ruling", None)
    recheck = getattr(ruling, "recheck", None)
    return widened(
        FullFinding,
        finding(row),
        reply=_reply(reply) if reply else None,
        ruling=_ruling(ruling) if ruling else None,
        recheck=_recheck(recheck) if recheck else None,
    )


def _reply(row: models.Reply) -> FindingReply:
    return FindingReply(text=row.text, replied_by=office_or_none(row.replied_by), replied_at=row.replied_at)


def _ruling(row: models.Ruling) -> Ruling:
    return Ruling(upheld=row.upheld, reason=row.reason, measure=cast(Any, row.measure), ruled_on=row.ruled_on)


def _recheck(row: models.Recheck) -> Recheck:
    return Recheck(reason=row.reason, decide_by=row.decide_by, kept=row.kept, decision=row.decision)


FINDINGS = Many(
    name="listFindings", summary=_("发现的问题"), function=BUSINESS, answers=Page[Finding],
    query=asked.Findings, found=_listed, show=finding,
)  # fmt: skip
FINDING = One(
    name="getFinding", summary=_("一个问题和对它的答复、认定、复核"), function=BUSINESS, answers=FullFinding,
    found=lambda call: findings_visible_to(call.acting), show=_full,
)  # fmt: skip
_act = acts_on(FINDING, "api-finding", "supervision.answer")
REPLY = _act(
    "replyToFinding", _("答复指出的问题"), NewReply,
    done_to(FINDING, "finding", findings.reply_to_finding, plain(ReplyForm)),
)  # fmt: skip
RECHECK = _act(
    "askRecheck", _("申请复核认定"), NewRecheck,
    done_to(FINDING, "finding", rulings.ask_recheck, plain(RecheckForm)),
)  # fmt: skip
