"""The lint rules over a file's outline. Each looks at what it understands and passes over the rest."""

from __future__ import annotations

from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.lint.bands import ranges_are_covered
from guantong.mechanisms.package.lint.burden import limits_are_kept, records_are_within_budget
from guantong.mechanisms.package.lint.dates import dates_are_real
from guantong.mechanisms.package.lint.measures import measures_are_known
from guantong.mechanisms.package.lint.names import each_declared_once
from guantong.mechanisms.package.lint.people_decide import people_decide
from guantong.mechanisms.package.lint.persons import nobody_private_is_scored
from guantong.mechanisms.package.lint.references import References
from guantong.mechanisms.package.lint.sources import pillars_have_sources
from guantong.mechanisms.package.lint.weights import weights_sum_to_scale
from guantong.mechanisms.package.model import Package
from guantong.mechanisms.package.spots import Outline


def lint(outline: Outline, package: Package | None, findings: Findings) -> None:
    """Run every rule; those that count the year's forms need a package."""
    measures_are_known(outline, findings)
    people_decide(outline, findings)
    each_declared_once(outline, findings)
    References(outline, findings).check()
    weights_sum_to_scale(outline, findings)
    ranges_are_covered(outline, findings)
    pillars_have_sources(outline, findings)
    nobody_private_is_scored(outline, findings)
    limits_are_kept(outline, findings)
    if package is not None:
        records_are_within_budget(package, outline, findings)
    dates_are_real(outline, findings)
