"""What a pairing owes: one contact a period, as the duty of the package says; opened, moved, taken back."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import override

from guantong.kernel import clock
from guantong.kernel.periods import due_date, share
from guantong.leadership.models import Pairing
from guantong.leadership.rules.pairings import PairingTerms, counted_periods
from guantong.obligations.choices import CLAIMABLE, Source, State
from guantong.obligations.models import Obligation
from guantong.obligations.operations import open_obligations, save_relit

UNDONE = (*CLAIMABLE, State.SUSPENDED)


def open_owed(pairing: Pairing, terms: PairingTerms, *, today: dt.date) -> list[Obligation]:
    """Open what the pairing owes in the rest of its year; nothing where no duty of the package asks for it."""
    return open_obligations(_owed(pairing, terms), today=today, cycle=pairing.cycle)


def _owed(pairing: Pairing, terms: PairingTerms) -> list[Obligation]:
    duty, cycle = terms.duty, pairing.cycle
    if duty is None:
        return []
    owed = []
    found = counted_periods(terms, start=cycle.starts_on, end=cycle.ends_on, since=pairing.starts_on)
    for period in found:
        for part in range(terms.count):
            slice_ = share(period, part + 1, terms.count) if terms.count > 1 else period
            due = max(due_date(slice_, due=duty.cadence.due, due_day=duty.cadence.due_day), slice_.starts)
            owed.append(
                Obligation(
                    cycle=cycle,
                    unit=pairing.office.unit,
                    unit_path=pairing.office.unit.path,
                    office=pairing.office,
                    pillar=duty.pillar,
                    source=Source.PAIRING,
                    source_ref=pairing.pk,
                    rule=duty.id,
                    title=_title(duty.what.zh, pairing, "zh-hans", ("（", "）")),
                    title_en=_title(duty.what.en, pairing, "en", (" (", ")")),
                    period_zh=slice_.label.zh,
                    period_en=slice_.label.en,
                    evidence=list(duty.evidence),
                    minutes=duty.minutes or 5,
                    starts_on=slice_.starts,
                    due_on=due,
                )
            )
    return owed


def _title(what: str, pairing: Pairing, language: str, around: tuple[str, str]) -> str:
    """The duty with the partner's neutral name: never a person's."""
    with override(language):
        return f"{what}{around[0]}{pairing.partner.neutral_name}{around[1]}"[:500]


def cancel_later(pairing: Pairing, *, today: dt.date) -> list[Obligation]:
    """What the ended pairing would still have owed is cancelled; what fell due stays. Returns what changed."""
    later = _undone(pairing).filter(due_on__gt=today)
    changed = []
    for owed in later:
        owed.state = State.CANCELLED
        owed.settled_on = today
        save_relit(owed, today=today, fields=["state", "settled_on"])
        changed.append(owed)
    return changed


def move_undone(pairing: Pairing, to: Pairing, *, now: dt.datetime) -> list[Obligation]:
    """Everything the pairing still owes goes to the office that takes it over, dates and all. Returns what changed."""
    today = clock.today(now)
    changed = []
    for owed in _undone(pairing):
        owed.source_ref, owed.office = to.pk, to.office
        owed.unit, owed.unit_path = to.office.unit, to.office.unit.path
        save_relit(owed, today=today, fields=["source_ref", "office", "unit", "unit_path"])
        changed.append(owed)
    return changed


def _undone(pairing: Pairing) -> QuerySet[Obligation]:
    return (
        Obligation.objects.select_for_update(of=("self",))
        .filter(source=Source.PAIRING, source_ref=pairing.pk, state__in=UNDONE)
        .select_related("cycle")
        .order_by("due_on", "pk")
    )
