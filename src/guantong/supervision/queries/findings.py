"""Reading findings, within the scope of the office acted for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.queries import units_visible_to
from guantong.mechanisms.models import Cycle
from guantong.obligations.models import Obligation
from guantong.obligations.queries import obligations_visible_to
from guantong.organisation.models import Unit
from guantong.supervision.choices import FindingStage
from guantong.supervision.models import Finding, SampleCheck
from guantong.supervision.rules.findings import is_overdue, recheck_until


def findings_visible_to(actor: Actor) -> QuerySet[Finding]:
    """Findings at the units in sight. What the unit was not yet told of is seen by those who decide alone."""
    found = Finding.objects.select_related(
        "unit",
        "cycle__stored",
        "cycle__unit",
        "matter",
        "obligation",
        "found_by",
        "notice__sent_by",
        "reply__replied_by",
        "ruling__ruled_by",
        "ruling__recheck__asked_by",
        "ruling__recheck__decided_by",
    )
    if not isinstance(actor, Acting):
        return found
    if not actor.scope_path:
        return found.none()
    path = actor.scope_path
    found = found.filter(unit__path__gte=path, unit__path__lt=path + "~")
    if actor.may("supervision.run") or actor.may("supervision.sign"):
        return found
    return found.exclude(stage=FindingStage.DRAFTED)


def upheld_findings(cycle: Cycle, as_of: dt.date) -> QuerySet[Finding]:
    """What counts: ruled on and upheld by the day, and not withdrawn in a recheck – whenever that was."""
    return (
        Finding.objects.filter(cycle=cycle, ruling__upheld=True, ruling__ruled_on__lte=as_of)
        .exclude(ruling__recheck__kept=False)
        .select_related("unit", "ruling")
        .order_by("pk")
    )


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next, by when, and whether that day is past."""

    words: str
    by: dt.date | None = None
    is_late: bool = False


def next_step(finding: Finding, *, on: dt.date) -> NextStep:
    """Whose move it is; a recheck that should have been decided says so."""
    stage = finding.stage
    if stage == FindingStage.DRAFTED:
        return NextStep(_("告知单位"))
    if stage == FindingStage.NOTIFIED and on <= finding.notice.reply_by:
        return NextStep(_("等待单位答复"), finding.notice.reply_by)
    if stage in (FindingStage.NOTIFIED, FindingStage.REPLIED):
        return NextStep(_("等待认定"))
    if stage == FindingStage.RULED:
        until = recheck_until(finding.ruling, finding.cycle.package)
        return NextStep(_("单位可以申请复核"), until) if on <= until else NextStep(_("已终结"))
    if stage == FindingStage.RECHECKING:
        recheck = finding.ruling.recheck
        late = is_overdue(recheck, on)
        return NextStep(_("复核逾期未决定") if late else _("等待复核决定"), recheck.decide_by, late)
    return NextStep(_("已终结"))


def units_named(actor: Actor, text: str, *, limit: int = 20) -> list[Unit]:
    """Open units in sight whose name or code holds the text."""
    if not text.strip():
        return []
    named = units_visible_to(actor).filter(Q(name__icontains=text.strip()) | Q(code=text.strip()))
    return list(named.filter(closed_on=None).order_by("depth", "path")[:limit])


def sampled_obligation(actor: Actor, check_id: int) -> Obligation | None:
    """The obligation that a check of a drawn matter looked at, if in sight."""
    checks = SampleCheck.objects.filter(pk=check_id).values("item__obligation")
    return obligations_visible_to(actor).filter(pk__in=checks).select_related("unit").first()
