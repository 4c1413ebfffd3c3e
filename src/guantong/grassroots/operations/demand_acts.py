"""What every operation on a demand shares: the demand held as it is now, each move kept, one log row at the end."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.acts import Doing
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.grassroots.demand_chain import stage_after
from guantong.grassroots.models import Demand, DemandStep
from guantong.grassroots.rules import demands as rules
from guantong.kernel.refusals import Refusal

MOST_WORDS, MOST_ANSWER, MOST_NOTE = 500, 1000, 500
NUMBERS = re.compile(r"\d(?:[\s-]?\d){6,}")  # a telephone or an identity number


@dataclass
class Act(Doing):
    """One operation on a demand, and every tracked row it changes."""

    demand: Demand
    actor: Actor
    now: dt.datetime
    _changed: dict[tuple[str, int], models.Model] = field(default_factory=dict)

    def move(
        self, verb: str, *, to: Office | None = None, note: str = "", fields: tuple[str, ...] = ()
    ) -> DemandStep:
        """Move the demand along the table, to an office where it changes hands, and keep the step."""
        demand = self.demand
        before, demand.stage = demand.stage, stage_after(demand, verb)
        source, demand.at_office = demand.at_office, to or demand.at_office
        demand.save(update_fields=["stage", "at_office", *fields])
        return self.step(verb, before, source, demand.at_office, note)

    def step(
        self, verb: str, before: str, source: Office | None, target: Office, note: str = ""
    ) -> DemandStep:
        step = DemandStep.objects.create(
            demand=self.demand,
            verb=verb,
            before=before,
            after=self.demand.stage,
            from_office=source,
            to_office=target,
            note=note,
            person=self.person,
            taken_at=self.now,
        )
        self.changed(step)
        return step

    def record(self, verb: str, **payload: Any) -> None:
        """The one log row. Nothing anybody wrote goes into it."""
        rows = self.besides(self.demand)
        audit.record(
            f"grassroots.{verb}",
            target=self.demand,
            actor=self.actor,
            at=self.now,
            payload=payload,
            states=rows,
        )


def held(demand: Demand) -> Demand:
    """The demand as it is now, held until the transaction ends."""
    return (
        Demand.objects.select_for_update(of=("self",))
        .select_related(
            "cycle__unit", "cycle__stored", "unit", "home__unit", "raised_by__unit", "at_office__unit", "case"
        )
        .get(pk=demand.pk)
    )


def words(text: str, sentence: str, *, most: int) -> str:
    """What was typed, or a refusal: missing, too long, or with numbers that tell who somebody is."""
    text = text.strip()
    if not text:
        raise Refusal(sentence)
    if len(text) > most:
        raise Refusal(_("最多 %(most)s 字，现有 %(n)s 字。") % {"most": most, "n": len(text)})
    if NUMBERS.search(text):
        raise Refusal(_("这里不写姓名、电话和证件号码。要找到本人的，请转为诉求件，联系方式在那里加密保存。"))
    return text


def begun(demand: Demand, verb: str, actor: Actor, now: dt.datetime) -> Act:
    """The act on the locked demand, if the move is this office's; a refusal that says why not."""
    demand = held(demand)
    stage_after(demand, verb)
    if not rules.may_move(actor, demand, verb):
        raise Refusal(_("这件事现在由“%(office)s”办理，您不能办这一步。") % {"office": demand.at_office})
    return Act(demand, actor, now)
