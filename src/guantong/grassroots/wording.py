"""What a coverage rule asks for, in words of the package; for titles in both languages."""

from __future__ import annotations

from guantong.kernel.bilingual import Text
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import CoverageRule
from guantong.organisation.models import Unit


def asked_for(cycle: Cycle, rule: CoverageRule) -> Text:
    """The seat or the facility that a unit must have."""
    package = cycle.package
    if rule.needs_office:
        return next((seat.name for seat in package.offices if seat.id == rule.needs_office), Text(rule.id))
    if rule.needs_facility:
        return next(
            (kind.name for kind in package.unit_kinds if kind.id == rule.needs_facility), Text(rule.id)
        )
    return Text(rule.id)


def asked_of(cycle: Cycle, rule: CoverageRule) -> Text:
    """What kind of unit must have it."""
    package = cycle.package
    if rule.of_kind:
        return next((kind.name for kind in package.unit_kinds if kind.id == rule.of_kind), Text(rule.of_kind))
    return next(
        (level.name for level in package.levels if level.id == rule.of_level), Text(rule.of_level or "")
    )


def rule_title(cycle: Cycle, rule: CoverageRule) -> Text:
    """Such as 嘎查村社区联络员 / Liaison officers of villages."""
    what, whose = asked_for(cycle, rule), asked_of(cycle, rule)
    return Text(f"{whose.zh}{what.zh}", f"{what.en or what.zh} · {whose.en or whose.zh}")


def gap_title(cycle: Cycle, rule: CoverageRule, unit: Unit) -> Text:
    """What the owner of a gap owes."""
    what = asked_for(cycle, rule)
    whole_zh, whole_en = ("专职", "full-time ") if rule.full_time and "专职" not in what.zh else ("", "")
    return Text(
        f"为{unit.name}配齐{whole_zh}{what.zh}"[:500],
        f"Give {unit.name_en or unit.name} its {whole_en}{(what.en or what.zh).lower()}"[:500],
    )
