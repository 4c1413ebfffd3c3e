"""Completing a course by its short test, or by credit for the same one taken elsewhere. Never by opening a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import CompletedBy
from guantong.leadership.models import Course, Enrolment
from guantong.leadership.operations.texts import said
from guantong.leadership.rules.study import is_for, may_decide_credit, waits_for_a_decision
from guantong.leadership.terms import MOST_TRIES
from guantong.leadership.tests_of_courses import right_answers
from guantong.records.files import keep_file
from guantong.records.media import tidy_name

RELATED = ("course__school", "course__cycle__unit", "course_class", "office__unit")


@transaction.atomic
def take_test(
    *, course: Course, office: Office, answers: Mapping[int, int], actor: Actor, now: dt.datetime
) -> Enrolment:
    """The enrolled office answers the questions; enough right ones complete the course.

    ``answers`` are places of answers by places of questions. Every question is answered, and there are three tries.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related(*RELATED)
        .filter(course=course, office=office, cancelled_on=None, course_class__isnull=False)
        .first()
    )
    if enrolment is None:
        raise Refusal(_("先报名参加班次，才能测试。"))
    assert enrolment.course_class is not None
    course, today = enrolment.course, clock.today(now)
    if not course.test or course.pass_mark is None:
        raise Refusal(_("这门课程没有测试，修满学时即为完成。"))
    if enrolment.completed_on is not None:
        raise Refusal(_("已经完成，不需要再测试。"))
    if enrolment.course_class.starts_on > today:
        raise Refusal(_("%(day)s 开班以后才能测试。") % {"day": enrolment.course_class.starts_on})
    if enrolment.tries >= MOST_TRIES:
        raise Refusal(_("已经测试 %(n)s 次，请与开课单位联系。") % {"n": enrolment.tries})
    if set(answers) != set(range(len(course.test))):
        raise Refusal(_("还有题目没有选择。"))
    right = right_answers(course.test, answers)
    enrolment.tries += 1
    enrolment.right_answers = max(right, enrolment.right_answers or 0)
    if right >= course.pass_mark:
        enrolment.completed_on, enrolment.completed_by = today, CompletedBy.TEST
    enrolment.save(update_fields=["tries", "right_answers", "completed_on", "completed_by"])
    audit.record(
        "leadership.test_taken",
        target=enrolment,
        actor=actor,
        at=now,
        payload={"right": right, "of": len(course.test), "passed": enrolment.completed_on is not None},
    )
    return enrolment


@transaction.atomic
def ask_credit(
    *,
    course: Course,
    office: Office,
    file: tuple[str, BinaryIO],
    actor: Actor,
    now: dt.datetime,
) -> Enrolment:
    """The same course was completed elsewhere: the certificate goes to the school, another person decides."""
    if not is_for(course, office):
        raise Refusal(_("“%(office)s”不在这门课程的对象范围内。") % {"office": office.title})
    if course.closed_on is not None:
        raise Refusal(_("“%(title)s”已经停开。") % {"title": course.title})
    Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    taking = Enrolment.objects.filter(course=course, office=office, cancelled_on=None).first()
    if taking is not None:
        raise Refusal(_("已经报名、申请认定或完成了这门课程。"))
    stored = keep_file(file[1], name=file[0])
    enrolment = Enrolment.objects.create(
        course=course,
        office=office,
        enrolled_at=now,
        file=stored,
        file_name=tidy_name(file[0], stored.media_type),
        asker=actor.person if isinstance(actor, Acting) else None,
    )
    audit.record(
        "leadership.credit_asked", target=enrolment, actor=actor, at=now, payload={"file": stored.digest}
    )
    return enrolment


@transaction.atomic
def decide_credit(
    *, enrolment: Enrolment, accepted: bool, reason: str, actor: Actor, now: dt.datetime
) -> Enrolment:
    """Accept the certificate, and the course is completed; or refuse it with a reason."""
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=enrolment.pk)
    )
    if not waits_for_a_decision(enrolment):
        raise Refusal(_("这项认定已经有人办过了。"))
    if not may_decide_credit(actor, enrolment):
        raise Refusal(_("须由开课单位或统筹协调单位的另一人认定。"))
    today = clock.today(now)
    if accepted:
        enrolment.completed_on, enrolment.completed_by = today, CompletedBy.FILE
    else:
        enrolment.reason = said(
            reason, most=300, missing=_("不予认定的，请写明理由。"), too_long=_("理由不超过 300 字。")
        )
        enrolment.cancelled_on = today
    enrolment.accepted_by = actor.office if isinstance(actor, Acting) and accepted else None
    enrolment.save(update_fields=["completed_on", "completed_by", "reason", "cancelled_on", "accepted_by"])
    audit.record(
        "leadership.credit_accepted" if accepted else "leadership.credit_refused",
        target=enrolment,
        actor=actor,
        at=now,
    )
    return enrolment
