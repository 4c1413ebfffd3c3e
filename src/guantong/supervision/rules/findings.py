"""Who may do what about a finding, and when: told first, heard, ruled on by another, looked at again by a third.

Regulation on government supervision (State Council decree 733): feedback of the conclusion, article 16; a recheck
asked within 30 days, decided within 30, without those who drew the conclusion, article 17. Days of the law run past
weekends; only those written as working days use the calendar.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Absence, Office
from guantong.calendars.queries import calendar_for
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Package
from guantong.organisation.models import Unit
from guantong.supervision.choices import FindingStage, LadderStep
from guantong.supervision.models import Finding, Recheck, Ruling

REPLY_WORKDAYS = 10
SHORTEST_REPLY_WORKDAYS = 5
RECHECK_DAYS = 30

# verb: (stages it is possible from, the stage it leads to)
MOVES: dict[str, tuple[frozenset[str], str]] = {
    "notify": (frozenset({FindingStage.DRAFTED}), FindingStage.NOTIFIED),
    "reply": (frozenset({FindingStage.NOTIFIED}), FindingStage.REPLIED),
    "rule": (frozenset({FindingStage.NOTIFIED, FindingStage.REPLIED}), FindingStage.RULED),
    "ask_recheck": (frozenset({FindingStage.RULED}), FindingStage.RECHECKING),
    "decide_recheck": (frozenset({FindingStage.RECHECKING}), FindingStage.FINAL),
    "lapse": (frozenset({FindingStage.RULED}), FindingStage.FINAL),
}


def stage_after(finding: Finding, verb: str) -> str:
    """Where the verb leads from the present stage, or a refusal that says where the finding stands."""
    before, after = MOVES[verb]
    if finding.stage not in before:
        raise Refusal(
            _("这项问题现在是“%(stage)s”，不能再这样办理。") % {"stage": finding.get_stage_display()}
        )
    return after


@dataclass(frozen=True, slots=True)
class RecheckDays:
    """Within how many days the unit may ask for a recheck, and within how many it is decided."""

    ask: int = RECHECK_DAYS
    answer: int = RECHECK_DAYS


def recheck_days(package: Package) -> RecheckDays:
    rechecks = package.supervision.get("rechecks") or {}
    term = rechecks.get("finding_dispute") or {}
    return RecheckDays(int(term.get("ask_days", RECHECK_DAYS)), int(term.get("answer_days", RECHECK_DAYS)))


def ladder_of(package: Package) -> tuple[str, ...]:
    """The steps that the package allows a ruling to choose, lowest first."""
    steps = package.accountability.get("ladder") or package.supervision.get("ladder") or ()
    return tuple(str(step) for step in steps if step in LadderStep.values)


def finding_kinds(package: Package) -> dict[str, str]:
    """The kinds of finding that an indicator counts or a veto names, each with what it means for the assessment."""
    kinds: dict[str, str] = {}
    for indicator in package.indicators:
        count = indicator.measure.get("count")
        if isinstance(count, dict) and "findings" in count:
            kinds[str(count["findings"])] = str(indicator.title)
    for card in package.scorecards:
        for veto in card.vetoes:
            when = veto.get("when") if isinstance(veto, dict) else None
            if isinstance(when, dict) and "finding" in when:
                kinds.setdefault(str(when["finding"]), _("等次限制情形 %(id)s") % {"id": veto["id"]})
    return kinds


def default_reply_by(cycle: Cycle, today: dt.date) -> dt.date:
    return calendar_for(cycle.year, cycle.unit_id).add_workdays(today, REPLY_WORKDAYS)


def earliest_reply_by(cycle: Cycle, today: dt.date) -> dt.date:
    """A window shorter than this would be no hearing."""
    return calendar_for(cycle.year, cycle.unit_id).add_workdays(today, SHORTEST_REPLY_WORKDAYS)


def recheck_until(ruling: Ruling, package: Package) -> dt.date:
    """The last day on which the unit may ask for a recheck."""
    return ruling.ruled_on + dt.timedelta(days=recheck_days(package).ask)


def is_overdue(recheck: Recheck, on: dt.date) -> bool:
    """The recheck itself should have been decided by now."""
    return recheck.kept is None and on > recheck.decide_by


def may_find(actor: Actor, unit: Unit) -> bool:
    """The coordinating office, over another unit in its sight."""
    return actor.may("supervision.run") and actor.sees(unit.path) and not _is_of(actor, unit.pk)


def may_answer(actor: Actor, finding: Finding) -> bool:
    """The unit it was found at."""
    return actor.may("supervision.answer") and (
        not isinstance(actor, Acting) or _is_of(actor, finding.unit_id)
    )


def may_decide(actor: Actor, finding: Finding) -> bool:
    """The coordinating office or a leader over the unit, never somebody of the unit itself."""
    has_function = actor.may("supervision.run") or actor.may("supervision.sign")
    return has_function and actor.sees(finding.unit.path) and not _is_of(actor, finding.unit_id)


def may_rule(actor: Actor, finding: Finding) -> bool:
    """Whoever may decide, by somebody else than the finder."""
    return may_decide(actor, finding) and not _stands_behind(actor, _finders(finding))


def may_recheck(actor: Actor, finding: Finding, ruling: Ruling) -> bool:
    """Whoever may decide, by somebody else than the finder and the ruler."""
    return may_rule(actor, finding) and not _stands_behind(actor, _rulers(ruling))


def _is_of(actor: Actor, unit: int) -> bool:
    return isinstance(actor, Acting) and actor.office is not None and actor.office.unit_id == unit


def _stands_behind(actor: Actor, people: set[int]) -> bool:
    return actor.shares_a_person_with(*people)


def _finders(finding: Finding) -> set[int]:
    return people_behind(finding.finder_id, finding.found_by, finding.found_at)


def _rulers(ruling: Ruling) -> set[int]:
    return people_behind(ruling.ruler_id, ruling.ruled_by, ruling.ruled_at)


def people_behind(person: int | None, office: Office | None, at: dt.datetime) -> set[int]:
    """Who acted, and the holders of that office for whom the person stood in on that day."""
    if person is None or office is None:
        return set() if person is None else {person}
    day = clock.today(at)
    stood_in_for = Absence.objects.filter(
        Q(stand_in=person), holding__office=office, starts_on__lte=day, ends_on__gte=day
    ).values_list("holding__person", flat=True)
    return {person, *stood_in_for}
