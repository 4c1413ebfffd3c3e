"""What an office can write down quickly, each list prefilled from where the office sits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from guantong.accounts.acting import Acting
from guantong.accounts.models import Office
from guantong.grassroots.models import Home, ServiceItem
from guantong.grassroots.queries.homes import homes_visible_to
from guantong.grassroots.queries.services import SERVES, items_offered, villages_served_by
from guantong.grassroots.quick.kinds import ON_PAPER, WORK, QuickKind
from guantong.grassroots.rules.demands import RAISES, places_of
from guantong.mechanisms.models import Cycle
from guantong.obligations.models import Obligation
from guantong.obligations.origins import is_answered_on_its_page
from guantong.obligations.queries import owed_by
from guantong.organisation.models import Unit
from guantong.records.choices import RecordKind
from guantong.records.models import Record

MOST = 60  # of each list; an office with more has a desk and the full form
MOST_SAID = 3


@dataclass(frozen=True)
class Offer:
    """For whoever acts: ``office`` is whose work it is, another than the acting one where a paper is entered."""

    acting: Acting
    office: Office
    cycle: Cycle | None
    today: dt.date

    @property
    def on_paper(self) -> bool:
        return self.acting.office_ref != self.office.pk

    @cached_property
    def items(self) -> list[ServiceItem]:
        if self.cycle is None or self.office.role not in SERVES:
            return []
        return list(items_offered(self.cycle, self.today).select_related("cycle__unit")[:MOST])

    @cached_property
    def villages(self) -> list[Unit]:
        return list(villages_served_by(self.office, self.today)[:MOST])

    @cached_property
    def places(self) -> list[Unit]:
        """Of which a demand may be; the office's own unit first."""
        if self.cycle is None or self.acting.office is None or self.acting.office.role not in RAISES:
            return []
        found = list(places_of(self.office, self.today)[:MOST])
        return sorted(found, key=lambda each: each.pk != self.office.unit_id)

    @cached_property
    def homes(self) -> list[Home]:
        if self.cycle is None:
            return []
        found = homes_visible_to(self.acting).filter(unit__closed_on__isnull=True).order_by("unit__path")
        homes = list(found[: MOST + 1])
        return homes if len(homes) <= MOST else []

    @cached_property
    def unchanged(self) -> list[Obligation]:
        """What may be answered with "nothing new" today."""
        owed = owed_by(self.office).filter(starts_on__lte=self.today).select_related("unit", "cycle__stored")
        return [
            each
            for each in owed[:200]
            if "progress_line" in each.evidence and not is_answered_on_its_page(each)
        ][:MOST]

    @cached_property
    def _said(self) -> list[tuple[str, str]]:
        mine = Record.objects.filter(entered_by=self.office, kind__in=list(WORK.values()))
        return list(mine.order_by("-happened_on", "-pk").values_list("kind", "summary")[:40])

    def said(self, kind: RecordKind) -> list[str]:
        """The office's own last words for this kind, to be said again with one tap."""
        short = [text for of, text in self._said if of == kind and len(text) <= 60 and "\n" not in text]
        return list(dict.fromkeys(short))[:MOST_SAID]

    @cached_property
    def kinds(self) -> list[QuickKind]:
        """The kinds that have something to choose from."""
        missing = {
            QuickKind.SERVICE: not (self.items and self.villages),
            QuickKind.DEMAND: not self.places,
            QuickKind.ACTIVITY: not self.homes,
            QuickKind.NOTHING_NEW: not self.unchanged,
        }
        kinds = [each for each in QuickKind if not missing.get(each)]
        return [each for each in kinds if each in ON_PAPER] if self.on_paper else kinds
