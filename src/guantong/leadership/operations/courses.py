"""A course of a school or academy: what it carries, whom it is for, its short test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import Course
from guantong.leadership.operations.texts import said
from guantong.leadership.rules.study import may_keep_course, may_keep_school
from guantong.leadership.terms import compulsory_of
from guantong.leadership.tests_of_courses import Question
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit

LONGEST_HOURS = Decimal(200)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a course is: title, compulsory content it carries, seats it is for, hours, test and pass mark."""

    title: str
    hours: Decimal
    compulsory: Sequence[str] = ()
    target: Sequence[str] = ()
    test: Sequence[Question] = ()
    pass_mark: int | None = None


@transaction.atomic
def open_course(*, cycle: Cycle, school: Unit, terms: Terms, actor: Actor, now: dt.datetime) -> Course:
    """Put a course in the school's curriculum of the year."""
    if not may_keep_school(actor, school):
        raise Refusal(_("课程由开课单位或统筹协调单位设置。"))
    if not school.path.startswith(cycle.unit.path):
        raise Refusal(_("“%(unit)s”不在本周期范围内。") % {"unit": school.name})
    fields = _fields_of(cycle, terms)
    if Course.objects.filter(cycle=cycle, school=school, title=fields["title"]).exists():
        raise Refusal(_("今年已经有名为“%(title)s”的课程。") % {"title": fields["title"]})
    course = Course.objects.create(cycle=cycle, school=school, **fields)
    audit.record(
        "leadership.course_opened", target=course, actor=actor, at=now, payload={"school": school.pk}
    )
    return course


@transaction.atomic
def change_course(*, course: Course, terms: Terms, actor: Actor, now: dt.datetime) -> Course:
    """Other terms, as long as nobody has completed it by the old ones."""
    course = kept(course, actor)
    if course.enrolments.filter(completed_on__isnull=False, cancelled_on=None).exists():
        raise Refusal(_("已有人完成这门课程，内容、学时和测试不能再改。"))
    fields = _fields_of(course.cycle, terms)
    same_title = Course.objects.filter(cycle=course.cycle, school=course.school, title=fields["title"])
    if same_title.exclude(pk=course.pk).exists():
        raise Refusal(_("今年已经有名为“%(title)s”的课程。") % {"title": fields["title"]})
    for name, value in fields.items():
        setattr(course, name, value)
    course.save(update_fields=list(fields))
    audit.record("leadership.course_changed", target=course, actor=actor, at=now)
    return course


def _fields_of(cycle: Cycle, terms: Terms) -> dict[str, Any]:
    title = said(terms.title, most=200, missing=_("请写明课程名称。"), too_long=_("课程名称不超过 200 字。"))
    known, seats = (
        {key for key, _name in compulsory_of(cycle.package)},
        {each.id for each in cycle.package.offices},
    )
    if not set(terms.compulsory) <= known or not set(terms.target) <= seats:
        raise Refusal(_("请从列出的必修内容和岗位中选择。"))
    if not terms.target:
        raise Refusal(_("请选择这门课程面向哪些岗位。"))
    if not 0 < terms.hours <= LONGEST_HOURS:
        raise Refusal(_("学时须大于 0，不超过 %(n)s。") % {"n": LONGEST_HOURS})
    if terms.test and not (terms.pass_mark and 1 <= terms.pass_mark <= len(terms.test)):
        raise Refusal(_("请写明答对几题合格，不超过题数。"))
    return {
        "title": title,
        "compulsory": list(dict.fromkeys(terms.compulsory)),
        "target": list(dict.fromkeys(terms.target)),
        "hours": terms.hours,
        "test": [each.as_plain() for each in terms.test],
        "pass_mark": terms.pass_mark if terms.test else None,
    }


def kept(course: Course, actor: Actor) -> Course:
    """The course as it is now, locked, for whoever keeps it; refused once it is closed."""
    course = (
        Course.objects.select_for_update(of=("self",))
        .select_related("cycle__stored", "cycle__unit", "school")
        .get(pk=course.pk)
    )
    if not may_keep_course(actor, course):
        raise Refusal(_("课程由开课单位或统筹协调单位设置。"))
    if course.closed_on is not None:
        raise Refusal(_("“%(title)s”已经停开。") % {"title": course.title})
    return course


@transaction.atomic
def close_course(*, course: Course, closed_on: dt.date, actor: Actor, now: dt.datetime) -> Course:
    """It is not taught any more; what was completed stays completed."""
    course = kept(course, actor)
    course.closed_on = closed_on
    course.save(update_fields=["closed_on"])
    audit.record("leadership.course_closed", target=course, actor=actor, at=now)
    return course
