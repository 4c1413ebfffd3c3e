"""Whose ledger and duty report may be read."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.accounts.queries import offices_visible_to
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Package
from guantong.reporting.models import DutyReport

REPORT = "duty_report"
DEFAULT_PREFILL = ("duties", "tasks", "cases", "coverage")
DEFAULT_MOST = 3000


def reporting_seats(package: Package) -> set[str]:
    """The seats that owe a duty report under the package."""
    return {duty.who for duty in package.duties if REPORT in duty.evidence}


def outline_of(package: Package) -> tuple[tuple[str, ...], int]:
    """What the package wants filled in, and how many characters the paper may have."""
    for each in package.documents:
        if each["kind"] == "report":
            return tuple(each.get("prefill") or DEFAULT_PREFILL), int(each.get("max_chars") or DEFAULT_MOST)
    return DEFAULT_PREFILL, DEFAULT_MOST


def ledgers_visible_to(acting: Actor) -> QuerySet[Office]:
    """The offices whose ledger may be read: those of the visible units, and one's own."""
    if isinstance(acting, Acting) and (acting.office is None or not acting.reads_business):
        return Office.objects.none()
    seen = offices_visible_to(acting)
    if isinstance(acting, Acting):
        assert acting.office is not None
        seen = Office.objects.filter(Q(pk__in=seen.values("pk")) | Q(unit=acting.office.unit_id))
    return seen.select_related("unit", "scope")


def reports_visible_to(acting: Actor) -> QuerySet[DutyReport]:
    """Submitted reports of the visible offices; drafts only within the office's own unit."""
    rows = DutyReport.objects.select_related(
        "office__unit", "office__scope", "cycle__stored", "cycle__unit", "record"
    )
    seen = Q(office__in=ledgers_visible_to(acting).values("pk"))
    if not isinstance(acting, Acting):
        return rows.filter(seen)
    own = Q(office__unit=acting.office.unit_id if acting.office else None)
    return rows.filter(seen & (own | Q(submitted_at__isnull=False)))


def may_write(acting: Actor, office: Office) -> bool:
    """The office itself or another of its unit that may write records: its clerk prepares the draft."""
    if not acting.may("records.write"):
        return False
    return not isinstance(acting, Acting) or (
        acting.office is not None and acting.office.unit_id == office.unit_id
    )


def cycles_of(office: Office, cycles: QuerySet[Cycle]) -> list[Cycle]:
    """The cycles whose territory holds the office, newest first."""
    return [each for each in cycles if office.unit.path.startswith(each.unit.path)]
