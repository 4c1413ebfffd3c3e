"""What every operation on a case shares: the case held as it is now, each move kept, one log row at the end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from guantong.accounts.acts import Doing
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.audit.models import AuditEntry
from guantong.calendars.queries import calendar_for
from guantong.cases import chain
from guantong.cases.applicant import Doer
from guantong.cases.models import Case, CaseStep
from guantong.cases.terms import CaseTerms, terms_of
from guantong.kernel.refusals import Refusal
from guantong.kernel.workdays import WorkdayCalendar

LONGEST = 500  # characters of a reason and of what the applicant is told
MOST_WORDS = 4000


@dataclass
class Act(Doing):
    """One operation: who acts, when, and every tracked row it changes, so that the log speaks of them all."""

    case: Case
    actor: Doer
    now: dt.datetime
    _changed: dict[tuple[str, int], models.Model] = field(default_factory=dict)

    @property
    def seat(self) -> Office:
        """The office acted for, where the act needs one to answer for it."""
        if self.office is None:
            raise Refusal(_("请以某个岗位的身份办理。"))
        return self.office

    @cached_property
    def terms(self) -> CaseTerms:
        return terms_of(self.case.cycle.package)

    @cached_property
    def calendar(self) -> WorkdayCalendar:
        return calendar_for(self.today.year, self.case.cycle.unit_id)

    @property
    def round(self) -> int:
        """How often the case was taken up: 1, and one more for each reopening."""
        return self.case.reopened + 1

    def move(
        self, verb: str, *, to: str = "", told: str = "", reason: str = "", fields: tuple[str, ...] = ()
    ) -> CaseStep:
        """Move the case along the chain and keep the step; refuses from a stage the table does not name."""
        case = self.case
        before, case.stage = case.stage, chain.stage_after(case, verb, to)
        case.save(update_fields=["stage", *fields])
        step = CaseStep.objects.create(
            case=case,
            verb=verb,
            before=before,
            after=case.stage,
            told=told.strip(),
            reason=reason.strip(),
            office=self.office,
            person=self.person,
            taken_at=self.now,
        )
        self.changed(case, step)
        return step

    def record(self, verb: str, **payload: Any) -> AuditEntry:
        """The one log row of the operation. Nothing anybody said goes into it."""
        rows = self.besides(self.case)
        return audit.record(
            verb, target=self.case, actor=self.actor, at=self.now, payload=payload, states=rows
        )


def held(case: Case) -> Case:
    """The case as it is now, held until the transaction ends."""
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("cycle__stored", "cycle__unit", "unit", "host__unit", "against", "subject")
        .get(pk=case.pk)
    )


def given(text: str, sentence: object, *, most: int = LONGEST) -> str:
    """What was typed without blanks around it, or a refusal: the sentence where it is missing, its length where it
    is too long."""
    text = text.strip()
    if not text:
        raise Refusal(sentence)
    if len(text) > most:
        raise Refusal(_("最多 %(most)s 字，现有 %(n)s 字。") % {"most": most, "n": len(text)})
    return text
