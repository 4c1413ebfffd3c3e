"""Reading sample checks: the closed items a list is frozen from, samples in sight, what was drawn, what it says."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from guantong.accounts.acting import Actor
from guantong.audit.queries import history_of
from guantong.kernel.cells import harmless_row
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import cycles_visible_to
from guantong.obligations.choices import State
from guantong.obligations.models import Obligation
from guantong.obligations.queries import in_subtree, obligations_visible_to
from guantong.organisation.models import Unit
from guantong.supervision.choices import CheckResult
from guantong.supervision.models import Sample, SampleItem
from guantong.supervision.sampling import Estimate, estimate
from guantong.supervision.verify_draw import identifiers_of

COLUMNS = ("id", "unit", "title", "closed_on")


def closed_items(
    *, cycle: Cycle, under: Unit, pillar: str = "", since: dt.date | None = None, until: dt.date | None = None
) -> QuerySet[Obligation]:
    """What was fulfilled in the cycle at or below the unit, by id; the days are those of settling, both included."""
    found = in_subtree(Obligation.objects.filter(cycle=cycle, state=State.FULFILLED), under.path)
    if pillar:
        found = found.filter(pillar=pillar)
    if since:
        found = found.filter(settled_on__gte=since)
    if until:
        found = found.filter(settled_on__lte=until)
    return found.order_by("pk")


def list_of(items: QuerySet[Obligation]) -> tuple[str, int]:
    """The list as a CSV file that starts no formula, and how many items it holds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    number = 0
    rows = items.values_list("pk", "unit__name", "title", "period_zh", "settled_on")
    for key, unit, title, period, day in rows.iterator(2000):
        what = " · ".join(filter(None, [title, period]))
        writer.writerow(harmless_row([key, unit, what, day.isoformat() if day else ""]))
        number += 1
    return out.getvalue(), number


def ids_only(list_csv: str) -> str:
    """The same list with nothing but the ids: enough to repeat the draw, and open to every office."""
    return "id\n" + "".join(f"{each}\n" for each in identifiers_of(list_csv.encode()))


def samples_visible_to(actor: Actor) -> QuerySet[Sample]:
    """The public part belongs to every office of the cycle. The list itself is read when it is asked for."""
    cycles = cycles_visible_to(actor).order_by().values("pk")
    return (
        Sample.objects.filter(cycle__in=cycles)
        .select_related("cycle__unit", "cycle__stored", "frozen_by__scope", "frozen_by__unit")
        .defer("list_csv")
    )


def with_counts(samples: QuerySet[Sample]) -> QuerySet[Sample]:
    """Each with ``n_checked`` and ``n_false``."""
    return samples.annotate(
        n_checked=Count("items__check_made"),
        n_false=Count("items", filter=Q(items__check_made__result=CheckResult.FALSE)),
    )


def items_visible_to(actor: Actor) -> QuerySet[SampleItem]:
    """Drawn items whose obligation is in sight."""
    return SampleItem.objects.filter(
        obligation__in=obligations_visible_to(actor).values("pk")
    ).select_related(
        "obligation__unit", "sample__cycle__unit", "sample__frozen_by__scope", "check_made__checked_by"
    )


def drawn_ids(sample: Sample) -> list[int]:
    """The ids drawn, in the order drawn."""
    return list(sample.items.order_by("position").values_list("obligation_id", flat=True))


def counts_of(items: Iterable[str | None]) -> dict[str, int]:
    """How many of each result; ``open`` are those not checked yet."""
    counts = dict.fromkeys([*CheckResult.values, "open"], 0)
    for result in items:
        counts[result or "open"] += 1
    return counts


def results_of(sample: Sample) -> dict[str, int]:
    return counts_of(sample.items.values_list("check_made__result", flat=True))


def estimate_of(sample: Sample, counts: dict[str, int]) -> Estimate | None:
    """What the finished checks say of the whole list; None while one is missing."""
    drawn = sum(counts.values())
    if not drawn or counts["open"]:
        return None
    return estimate(
        population=sample.population,
        drawn=drawn,
        false=counts[CheckResult.FALSE],
        unclear=counts[CheckResult.UNCLEAR],
        confidence=sample.confidence,
    )


def frozen_with(sample: Sample) -> dict[str, Any]:
    """What the log said when the list was frozen: the filters, and the digest of the ids alone."""
    entry = history_of(sample).filter(verb="supervision.sample_frozen").first()
    return dict(json.loads(entry.payload)) if entry else {}
