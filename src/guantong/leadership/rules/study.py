"""Who keeps a course, who is in it, and who may accept credit for one taken elsewhere."""

from __future__ import annotations

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.leadership.models import Course, Enrolment
from guantong.leadership.rules.meetings import may_call_at
from guantong.organisation.models import Unit


def may_keep_school(actor: Actor, school: Unit) -> bool:
    """The school itself, or the coordinating office above it."""
    return may_call_at(actor, school)


def may_keep_course(actor: Actor, course: Course) -> bool:
    return may_keep_school(actor, course.school)


def is_for(course: Course, office: Office) -> bool:
    """Whether the office is of the target group, within the cycle."""
    return office.seat in course.target and office.unit.path.startswith(course.cycle.unit.path)


def may_decide_credit(actor: Actor, enrolment: Enrolment) -> bool:
    """The school or the coordinating office, another person than asked, for another office than its own."""
    if not may_keep_course(actor, enrolment.course):
        return False
    if not isinstance(actor, Acting):
        return True
    return actor.office_ref != enrolment.office_id and not actor.shares_a_person_with(enrolment.asker_id)


def waits_for_a_decision(enrolment: Enrolment) -> bool:
    """Credit that nobody has accepted or refused yet."""
    return (
        enrolment.course_class_id is None
        and enrolment.completed_on is None
        and enrolment.cancelled_on is None
    )
