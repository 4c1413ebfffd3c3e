"""The daily look for gaps: opens what is missing, closes what was filled, and lets the owner owe it meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.grassroots.models import Gap
from guantong.grassroots.queries.coverage import counted_rules, pillar_of_coverage
from guantong.grassroots.queries.gaps import Missing, filled_on, missing_on, open_gaps, owners_of, units_by_id
from guantong.grassroots.queries.vacancies import Line
from guantong.grassroots.wording import gap_title
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import CoverageRule
from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation
from guantong.obligations.operations import open_obligations
from guantong.obligations.settling import settle_by_fact
from guantong.organisation.models import Unit

MINUTES = 30  # what filling a seat asks of its owner


@dataclass
class Found:
    """What one look changed."""

    opened: list[Gap] = field(default_factory=list)
    closed: list[Gap] = field(default_factory=list)
    changed: list[Gap] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        return not (self.opened or self.closed or self.changed or self.obligations)

    def __iadd__(self, other: Found) -> Found:
        self.opened += other.opened
        self.closed += other.closed
        self.changed += other.changed
        self.obligations += other.obligations
        return self


def find_gaps(*, cycle: Cycle, on: dt.date, now: dt.datetime, actor: Actor) -> Found:
    """Bring the gaps of the cycle in line with the roster of the day. A second time the same day changes nothing.

    Outside the cycle's year nothing new is opened; gaps that are open may still close. A rule that the package
    dropped closes its gaps.
    """
    all_found = Found()
    rules = counted_rules(cycle)
    for rule in rules:
        all_found += _find(cycle, rule, on=on, now=now, actor=actor)
    dropped = Gap.objects.filter(cycle=cycle, closed_on__isnull=True).exclude(rule__in=[r.id for r in rules])
    for identifier in sorted(set(dropped.values_list("rule", flat=True))):
        all_found += _find(cycle, CoverageRule(identifier), on=on, now=now, actor=actor)
    return all_found


@transaction.atomic
def _find(cycle: Cycle, rule: CoverageRule, *, on: dt.date, now: dt.datetime, actor: Actor) -> Found:
    Cycle.objects.select_for_update().get(pk=cycle.pk)  # one look at a time
    known = {
        gap.unit_id: gap
        for gap in open_gaps(cycle, [rule.id]).select_related("obligation", "cycle").order_by("pk")
    }
    missing, lines = missing_on(cycle, rule, on)
    found = Found()
    found.closed, settled = _close(known, missing, lines, cycle=cycle, on=on)
    found.changed = _follow(known, missing)
    found.obligations = settled
    if cycle.starts_on <= on <= cycle.ends_on:
        new = [each for each in missing.values() if each.unit not in known]
        found.opened = Gap.objects.bulk_create([_gap(cycle, rule, each, on) for each in new], batch_size=1000)
        idle = [gap for gap in known.values() if gap.unit_id in missing and gap.obligation_id is None]
        owned = _owe(cycle, rule, [*idle, *found.opened], missing, on=on)
        found.obligations = [*settled, *(gap.obligation for gap in owned if gap.obligation)]
        said = {gap.pk for gap in (*found.opened, *found.changed)}
        found.changed += [gap for gap in owned if gap.pk not in said]
    if not found.is_nothing:
        _log(cycle, rule, found, on=on, now=now, actor=actor)
    return found


def _close(
    known: dict[int, Gap], missing: dict[int, Missing], lines: dict[int, Line], *, cycle: Cycle, on: dt.date
) -> tuple[list[Gap], list[Obligation]]:
    closed: list[Gap] = []
    ends: list[tuple[Obligation, dt.date | None]] = []
    for unit, gap in known.items():
        if unit in missing:
            continue
        filled = filled_on(lines.get(unit), gap.since, on)
        gap.closed_on = max(filled or on, gap.since)
        closed.append(gap)
        if gap.obligation is not None:
            ends.append((gap.obligation, filled))
    if not closed:
        return [], []
    Gap.objects.bulk_update(closed, ["closed_on"], batch_size=500)
    rows = Obligation.objects.select_for_update().in_bulk([each.pk for each, _filled in ends])
    settled = settle_by_fact([(rows[each.pk], filled) for each, filled in ends], today=on, cycle=cycle)
    return closed, settled


def _follow(known: dict[int, Gap], missing: dict[int, Missing]) -> list[Gap]:
    """Gaps that are still open, but say something else than is so: more or fewer seats, another first day."""
    changed = []
    for unit, each in missing.items():
        gap = known.get(unit)
        if gap and (gap.needs, gap.has, gap.since) != (each.needs, each.has, each.since):
            gap.needs, gap.has, gap.since = each.needs, each.has, each.since
            changed.append(gap)
    Gap.objects.bulk_update(changed, ["needs", "has", "since"], batch_size=500)
    return changed


def _gap(cycle: Cycle, rule: CoverageRule, each: Missing, on: dt.date) -> Gap:
    return Gap(
        cycle=cycle, rule=rule.id, unit_id=each.unit, needs=each.needs, has=each.has, since=each.since, found_on=on
    )  # fmt: skip


def _owe(
    cycle: Cycle, rule: CoverageRule, gaps: Sequence[Gap], missing: dict[int, Missing], *, on: dt.date
) -> list[Gap]:
    """Open what the owners of these gaps owe; returns the gaps that now have it. One without an owner waits for one."""
    owners = owners_of(rule, [missing[gap.unit_id] for gap in gaps])
    owned = [gap for gap in gaps if gap.unit_id in owners]
    if not owned:
        return []
    units = units_by_id(gap.unit_id for gap in owned)
    pillar = pillar_of_coverage(cycle, rule) or next(
        (pillar.id for tier in cycle.package.tiers for pillar in tier.pillars), ""
    )
    wanted = [_obligation(gap, rule, units[gap.unit_id], owners[gap.unit_id], pillar, on=on) for gap in owned]
    opened = {each.source_ref: each for each in open_obligations(wanted, today=on, cycle=cycle)}
    bound = [gap for gap in owned if gap.pk in opened]
    for gap in bound:
        gap.obligation = opened[gap.pk]
    Gap.objects.bulk_update(bound, ["obligation"], batch_size=500)
    return bound


def _obligation(
    gap: Gap, rule: CoverageRule, unit: Unit, owner: Office, pillar: str, *, on: dt.date
) -> Obligation:
    title = gap_title(gap.cycle, rule, unit)
    due_on = on + dt.timedelta(days=rule.gap_due_days) if rule.gap_due_days else None
    return Obligation(
        cycle=gap.cycle, unit=owner.unit, unit_path=owner.unit.path, office=owner, pillar=pillar, source=Source.GAP,
        source_ref=gap.pk, rule=rule.id, title=title.zh, title_en=title.en, evidence=["document_ref"], minutes=MINUTES,
        starts_on=on, due_on=due_on,
    )  # fmt: skip


def _log(
    cycle: Cycle, rule: CoverageRule, found: Found, *, on: dt.date, now: dt.datetime, actor: Actor
) -> None:
    gaps: Iterable[Gap] = {gap.pk: gap for gap in (*found.opened, *found.closed, *found.changed)}.values()
    audit.record(
        "grassroots.gaps_found",
        target=cycle,
        actor=actor,
        at=now,
        payload={
            "on": on,
            "rule": rule.id,
            "opened": len(found.opened),
            "closed": len(found.closed),
            "changed": len(found.changed),
        },
        states=[*gaps, *found.obligations],
    )
