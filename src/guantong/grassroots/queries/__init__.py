"""Reading the base tier, a file for each noun. What rooms above count by is offered here by name."""

from __future__ import annotations

from guantong.grassroots.queries.coverage import (
    DEV_ZONE,
    Covered,
    coverage,
    in_dev_zone,
    pillar_of_coverage,
)

__all__ = ["DEV_ZONE", "Covered", "coverage", "in_dev_zone", "pillar_of_coverage"]
