"""Which score runs read a matter: for its page, where each is a dated step with a link to a line that counts it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.assessment.queries import lines_visible_to
from guantong.supervision.readings import Reading

FAMILIES = ("tasks", "duties")
RUN = (
    "score__run", "score__run__as_of", "score__run__computed_at", "score__run__publication__published_at",
)  # fmt: skip


def runs_that_read(obligations: Sequence[int], acting: Acting) -> list[Reading]:
    """Published runs, and the newest of those that are not; as far as the office may see their lines. One query."""
    lines = lines_visible_to(acting).filter(
        provenance__source__in=FAMILIES, provenance__object_ref__in=list(obligations)
    )
    runs = lines.order_by().values_list(*RUN).annotate(line=Min("pk")).order_by("score__run")
    found = list(runs)
    newest = found[-1][0] if found else None
    readings = []
    for run, as_of, computed_at, published_at, line in found:
        if published_at is None and run != newest:
            continue
        what = (
            _("考评计入（截至 %(day)s，已公布）") if published_at else _("考评计入（截至 %(day)s，未公布）")
        )
        url = reverse("score-line", args=[line])
        readings.append(Reading("score", published_at or computed_at, what % {"day": as_of}, url))
    return readings
