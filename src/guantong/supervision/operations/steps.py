"""What every operation on a matter shares: the matter held as it is now, each move kept, one log row at the end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.acts import Doing
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.supervision import chain
from guantong.supervision.models import Matter, MatterPart, Step
from guantong.supervision.rules import matters as rules


@dataclass
class Act(Doing):
    """One operation: who acts, when, and every tracked row it changes, so that the log speaks of them all."""

    matter: Matter
    actor: Actor
    now: dt.datetime
    _changed: dict[tuple[str, int], models.Model] = field(default_factory=dict)

    def move(
        self,
        row: Matter | MatterPart,
        verb: str,
        *,
        to: str = "",
        reason: str = "",
        fields: tuple[str, ...] = (),
        about: models.Model | None = None,
    ) -> Step:
        """Move the row along the chain and keep the step; refuses from a stage the table does not name.

        ``about`` is the row it is taken with, where it has one.
        """
        before, row.stage = row.stage, chain.stage_after(row, verb, to)
        row.save(update_fields=["stage", *fields])
        step = Step.objects.create(
            matter=self.matter,
            part=row if isinstance(row, MatterPart) else None,
            verb=verb,
            before=before,
            after=row.stage,
            reason=reason.strip()[:500],
            office=self.office,
            person=self.person,
            taken_at=self.now,
            about=about._meta.label_lower if about else "",
            about_ref=about.pk if about else None,
        )
        self.changed(row, step)
        return step

    def record(self, verb: str, **payload: Any) -> None:
        """The one log row of the operation."""
        rows = self.besides(self.matter)
        audit.record(verb, target=self.matter, actor=self.actor, at=self.now, payload=payload, states=rows)


def held(matter: Matter) -> Matter:
    """The matter as it is now, held until the transaction ends."""
    return (
        Matter.objects.select_for_update(of=("self",))
        .select_related("cycle__stored", "cycle__unit", "issued_by__unit")
        .get(pk=matter.pk)
    )


def parts_of(matter: Matter) -> list[MatterPart]:
    """Every part with what is owed for it, in the order given out; each knows this very matter."""
    parts = list(matter.parts.select_related("unit", "office", "obligation", "parent__unit").order_by("pk"))
    known = {each.pk: each for each in parts}
    for each in parts:
        each.matter = matter
        if each.parent_id:
            each.parent = known[each.parent_id]
    return parts


def reason_given(reason: str, sentence: object) -> str:
    """The reason without blanks around it, or the refusal that asks for one."""
    if not reason.strip():
        raise Refusal(sentence)
    return reason.strip()


def refuse_unless_issuer(act: Act) -> None:
    """The steps of the issuing unit."""
    if not rules.may_issue(act.actor, act.matter):
        raise Refusal(_("这一步由交办单位“%(unit)s”办理。") % {"unit": act.matter.issued_by.unit})
