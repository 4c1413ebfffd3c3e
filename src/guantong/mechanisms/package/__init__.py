"""The package format ``mechanism/1``: read a file, lint it, count what it asks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from guantong.mechanisms.package.building import build
from guantong.mechanisms.package.findings import Finding, Findings
from guantong.mechanisms.package.forms import FormCount, FormPart, TreeFacts, form_counts
from guantong.mechanisms.package.lint import lint
from guantong.mechanisms.package.model import (
    Cadence,
    CoverageRule,
    DutyTemplate,
    Grade,
    Indicator,
    Item,
    Level,
    Package,
    Phase,
    Pillar,
    Place,
    Reward,
    Scorecard,
    Seat,
    Tier,
    UnitKind,
)
from guantong.mechanisms.package.reading import outline_of
from guantong.mechanisms.package.schema import has_usable_shape

BUILTIN = Path(__file__).parent.parent / "builtin"

__all__ = [
    "Cadence",
    "CoverageRule",
    "DutyTemplate",
    "Finding",
    "FormCount",
    "FormPart",
    "Grade",
    "Indicator",
    "Item",
    "Level",
    "Package",
    "Phase",
    "Pillar",
    "Place",
    "Reading",
    "Reward",
    "Scorecard",
    "Seat",
    "Tier",
    "TreeFacts",
    "UnitKind",
    "builtin_packages",
    "form_counts",
    "read_package",
    "read_package_file",
]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file. ``package`` is None where its shape does not allow one.

    A package with findings of severity "error" is for looking at, not for running.
    """

    package: Package | None
    findings: list[Finding]

    @property
    def valid(self) -> bool:
        return self.package is not None and not any(each.severity == "error" for each in self.findings)


def read_package(text: str | bytes, *, name: str) -> Reading:
    """Parse and lint. ``name`` is what findings call the file. Never raises for what the text holds."""
    findings = Findings(name)
    outline = outline_of(text, findings)
    if outline is None:
        return Reading(None, findings.in_order())
    package = build(outline.root) if has_usable_shape(outline, findings) else None
    lint(outline, package, findings)
    return Reading(package, findings.in_order())


def read_package_file(path: Path) -> Reading:
    """Read a file; OSError where it cannot be opened."""
    return read_package(path.read_bytes(), name=path.name)


def builtin_packages() -> dict[str, Path]:
    """The packages that come with the program, by identifier: ``three-threes``, ``river-chief``."""
    return {path.stem.replace("_", "-"): path for path in sorted(BUILTIN.glob("*.yaml"))}
