"""May this office do this to this case? No writes here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from guantong.accounts.acting import Acting
from guantong.accounts.choices import FUNCTIONS, Role
from guantong.accounts.models import Office
from guantong.cases.applicant import Applicant, Doer
from guantong.cases.choices import AnswerKind
from guantong.cases.conflicts import keeps_away
from guantong.cases.models import Answer, Case, Dispute, Handling
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit

# Who answers for a unit, in this order.
ANSWERS = (Role.UNIT_HEAD, Role.CLERK, Role.COMMISSIONER, Role.LIAISON, Role.LEADER)
FIRST_SEAT = "unit_head"  # where a unit has a first responsible person besides


def may_run(actor: Doer, case: Case) -> bool:
    """Accept, assign, decide: the coordinating office over the body that registered it.

    Where that office is complained of and the case lies with the body above it, a leader.
    """
    if isinstance(actor, Applicant) or not actor.sees(case.unit.path) or keeps_away(actor, case):
        return False
    above = case.against is not None and case.unit_id == case.cycle.unit_id
    return actor.may("cases.run") or (above and actor.may("cases.host"))


def is_host(actor: Doer, case: Case) -> bool:
    return isinstance(actor, Acting) and actor.office is not None and actor.office.pk == case.host_id


def leads(actor: Doer, case: Case) -> bool:
    """Whether the actor works for the unit that leads the case now."""
    if not isinstance(actor, Acting) or actor.office is None or not actor.may("cases.handle"):
        return False
    live = case.handlings.filter(unit=actor.office.unit_id, released_on__isnull=True)
    return live.filter(part=Part.LEAD).exists() and not keeps_away(actor, case)


def may_carry(actor: Doer, case: Case) -> bool:
    """Whoever runs the case, or the leader who carries it."""
    return may_run(actor, case) or (is_host(actor, case) and not keeps_away(actor, case))


def may_answer(actor: Doer, case: Case) -> bool:
    return may_carry(actor, case) or leads(actor, case)


def may_extend(actor: Doer, case: Case) -> bool:
    """The head of the leading unit approves it (信访工作条例 第34条), or whoever runs or carries the case."""
    if may_carry(actor, case):
        return True
    is_head = isinstance(actor, Acting) and actor.office is not None and actor.office.role == Role.UNIT_HEAD
    return is_head and leads(actor, case)


def may_dispute(actor: Doer, handling: Handling) -> bool:
    """The unit that was given the case."""
    return (
        isinstance(actor, Acting)
        and actor.office is not None
        and actor.may("cases.handle")
        and actor.office.unit_id == handling.unit_id
        and handling.released_on is None
    )


def may_decide_dispute(actor: Doer, dispute: Dispute) -> bool:
    """The office that assigned the case, or whoever runs it where that office sits in the same unit; another person
    than raised it."""
    if isinstance(actor, Applicant) or actor.shares_a_person_with(dispute.raiser_id):
        return False
    case, assigned_by = dispute.handling.case, dispute.handling.assigned_by
    if isinstance(actor, Acting) and assigned_by is not None and actor.office is not None:
        if actor.office.pk == assigned_by.pk:
            return not keeps_away(actor, case)
        return may_run(actor, case) and actor.office.unit_id == assigned_by.unit_id
    return may_run(actor, case)


def may_close(actor: Doer, case: Case) -> bool:
    """One-sidedly: whoever runs or carries the case, but not the unit or the person that answered it."""
    return may_carry(actor, case) and not _answered(actor, _answers(case))


def may_review(actor: Doer, case: Case) -> bool:
    """Another office of another unit than answered before, and another person; above the body that registered."""
    if isinstance(actor, Applicant) or keeps_away(actor, case) or not actor.sees(case.unit.path):
        return False
    return (actor.may("cases.run") or actor.may("cases.host")) and not _answered(actor, _answers(case))


def may_call_back(actor: Doer, case: Case) -> bool:
    """The coordinating office, but nobody who answered."""
    return may_run(actor, case) and not _answered(actor, _answers(case))


def _answers(case: Case) -> list[Answer]:
    return list(case.answers.filter(round=case.reopened + 1).select_related("answered_by"))


def _answered(actor: Doer, answers: Iterable[Answer]) -> bool:
    """Whether one of the answers came from the actor's unit or from somebody behind the act."""
    if not isinstance(actor, Acting) or actor.office is None:
        return False
    return any(
        each.answered_by.unit_id == actor.office.unit_id or actor.shares_a_person_with(each.answerer_id)
        for each in answers
    )


def answering_office(unit: Unit) -> Office | None:
    """The office that owes for its unit: its head, else whoever works for it."""
    offices = list(
        Office.objects.filter(unit=unit, closed_on__isnull=True, role__in=ANSWERS)
        .select_related("unit")
        .order_by("number", "pk")
    )
    offices.sort(key=lambda each: each.seat != FIRST_SEAT)
    return next((each for role in ANSWERS for each in offices if each.role == role), None)


def may_host(office: Office) -> bool:
    return "cases.host" in FUNCTIONS.get(office.role, frozenset()) and office.closed_on is None


def last_answer(case: Case) -> Answer | None:
    """The first answer of the round the case is in."""
    return case.answers.filter(kind=AnswerKind.ANSWER, round=case.reopened + 1).first()


def is_overdue(due_on: dt.date | None, on: dt.date) -> bool:
    return due_on is not None and due_on < on
