"""Points that a review or an appeal set; every later run of the cycle takes them over."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from guantong.assessment.models import Adjustment, ScoreLine
from guantong.mechanisms.models import Cycle


def adjust(
    *,
    cycle: Cycle,
    line: ScoreLine,
    points: Decimal,
    reason: str,
    source: str,
    source_ref: int,
    now: dt.datetime,
) -> list[Adjustment]:
    """Set the points of the line's indicator for its unit or scored office, in place of what was set before.

    Called by the operation that decided so, which logs the rows returned: the new one and those it replaces.
    """
    same = {
        "cycle": cycle,
        "unit": line.score.unit,
        "office": line.score.office,
        "scorecard": line.score.scorecard,
        "indicator": line.indicator,
    }
    earlier = list(Adjustment.objects.filter(**same, replaced=False))
    for each in earlier:
        each.replaced = True
        each.save(update_fields=["replaced"])
    made = Adjustment.objects.create(
        **same, points=points, reason=reason[:500], source=source, source_ref=source_ref, made_at=now
    )
    return [made, *earlier]
