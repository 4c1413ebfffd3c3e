"""A class: its half-days, who is in it, the hours attended, and its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.calendars.queries import calendar_for
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import CompletedBy
from guantong.leadership.models import Course, CourseClass, Enrolment, Sitting
from guantong.leadership.operations.courses import kept
from guantong.leadership.operations.texts import said
from guantong.leadership.queries.study import hours_of
from guantong.leadership.rules.study import is_for, may_keep_course
from guantong.leadership.terms import HALF_DAY_HOURS
from guantong.records.choices import RecordKind
from guantong.records.operations import enter_record


@transaction.atomic
def open_class(
    *,
    course: Course,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    capacity: int,
    actor: Actor,
    now: dt.datetime,
    place: str = "",
) -> CourseClass:
    """A class of the course on these days; its half-days are laid on working days until the hours are full."""
    course = kept(course, actor)
    name = said(name, most=200, missing=_("请写明班次名称。"), too_long=_("班次名称不超过 200 字。"))
    if ends_on < starts_on:
        raise Refusal(_("结束日期早于开始日期。"))
    if not course.cycle.starts_on <= starts_on <= ends_on <= course.cycle.ends_on:
        raise Refusal(_("开班日期须在 %(year)s 年度内。") % {"year": course.cycle.year})
    if not 1 <= capacity <= 1000:
        raise Refusal(_("名额须在 1 到 1000 之间。"))
    found = CourseClass.objects.filter(course=course, name=name, starts_on=starts_on, ends_on=ends_on).first()
    if found:
        return found
    made = CourseClass.objects.create(
        course=course, name=name, starts_on=starts_on, ends_on=ends_on, capacity=capacity, place=place.strip()
    )
    sittings = [Sitting.objects.create(course_class=made, **each) for each in _half_days(made)]
    audit.record(
        "leadership.class_opened",
        target=made,
        actor=actor,
        at=now,
        payload={"course": course.pk, "half_days": len(sittings)},
        states=sittings,
    )
    return made


def _half_days(made: CourseClass) -> list[dict[str, object]]:
    """Day, half and hours of each half-day. Refuses days too few for the course's hours."""
    calendar, left = calendar_for(made.starts_on.year, made.course.cycle.unit_id), Decimal(made.course.hours)
    found: list[dict[str, object]] = []
    day = made.starts_on
    while day <= made.ends_on and left > 0:
        for half in (1, 2) if calendar.is_workday(day) else ():
            if left > 0:
                hours = min(left, HALF_DAY_HOURS)
                found.append({"day": day, "half": half, "hours": hours})
                left -= hours
        day += dt.timedelta(days=1)
    if left > 0:
        raise Refusal(
            _("这些日子排不下 %(n)s 学时，每半天按 3 学时计，休息日不排课。") % {"n": made.course.hours}
        )
    return found


def _held_open(course_class: CourseClass) -> CourseClass:
    course_class = (
        CourseClass.objects.select_for_update(of=("self",))
        .select_related("course__cycle__stored", "course__cycle__unit", "course__school")
        .get(pk=course_class.pk)
    )
    if course_class.record_id is not None:
        raise Refusal(_("这个班次已经结班。"))
    return course_class


@transaction.atomic
def enrol(
    *, course_class: CourseClass, offices: Sequence[Office], actor: Actor, now: dt.datetime
) -> list[Enrolment]:
    """Put offices into the class: the school any of the target group, an office itself alone.

    Who takes the course already, or has completed it, is left as it is. The places are counted under a lock.
    """
    course_class = _held_open(course_class)
    course = course_class.course
    if not may_keep_course(actor, course) and any(each.pk != actor.office_ref for each in offices):
        raise Refusal(_("只能为自己的岗位报名；其他岗位由开课单位安排。"))
    if course.closed_on is not None or course_class.ends_on < clock.today(now):
        raise Refusal(_("这个班次已不再接受报名。"))
    if not offices:
        raise Refusal(_("请至少选择一个岗位。"))
    if strange := next((each for each in offices if not is_for(course, each)), None):
        raise Refusal(_("“%(office)s”不在这门课程的对象范围内。") % {"office": strange.title})
    taking = set(course.enrolments.filter(cancelled_on=None).values_list("office", flat=True))
    wanted = {each.pk: each for each in offices if each.pk not in taking}
    taken = course_class.enrolments.filter(cancelled_on=None).count()
    if taken + len(wanted) > course_class.capacity:
        raise Refusal(
            _("名额 %(n)s 个，还剩 %(left)s 个。")
            % {"n": course_class.capacity, "left": course_class.capacity - taken}
        )
    rows = [
        Enrolment.objects.create(course=course, course_class=course_class, office=each, enrolled_at=now)
        for each in wanted.values()
    ]
    if rows:
        audit.record(
            "leadership.enrolled",
            target=course_class,
            actor=actor,
            at=now,
            payload={"offices": sorted(wanted)},
            states=rows,
        )
    return rows


@transaction.atomic
def leave_class(*, enrolment: Enrolment, reason: str, actor: Actor, now: dt.datetime) -> Enrolment:
    """Take an office out, by itself or by the school, with a reason; the place is free again."""
    enrolment = Enrolment.objects.select_for_update(of=("self",)).select_related(
        "course__school", "course__cycle__unit", "course_class"
    ).get(pk=enrolment.pk)  # fmt: skip
    if not may_keep_course(actor, enrolment.course) and enrolment.office_id != actor.office_ref:
        raise Refusal(_("只能取消自己岗位的报名。"))
    if enrolment.cancelled_on is not None:
        return enrolment
    if enrolment.completed_on is not None:
        raise Refusal(_("已经完成，不能取消。"))
    enrolment.reason = said(reason, most=300, missing=_("请写明原因。"), too_long=_("原因不超过 300 字。"))
    enrolment.cancelled_on = clock.today(now)
    enrolment.save(update_fields=["reason", "cancelled_on"])
    audit.record("leadership.enrolment_cancelled", target=enrolment, actor=actor, at=now)
    return enrolment


@transaction.atomic
def count_hours(
    *, course_class: CourseClass, hours: Mapping[int, Decimal], actor: Actor, now: dt.datetime
) -> list[Enrolment]:
    """Write down the hours each enrolment (by key) attended in all. Counted, not tracked: no who was where when."""
    course_class = _held_open(course_class)
    if not may_keep_course(actor, course_class.course):
        raise Refusal(_("学时由开课单位登记。"))
    if course_class.starts_on > clock.today(now):
        raise Refusal(_("%(day)s 才开班。") % {"day": course_class.starts_on})
    most = Decimal(str(hours_of(course_class)))
    if any(not 0 <= each <= most for each in hours.values()):
        raise Refusal(_("学时须在 0 到 %(n)s 之间。") % {"n": most.normalize()})
    changed = []
    for each in course_class.enrolments.filter(cancelled_on=None, pk__in=hours).order_by("pk"):
        if each.hours != hours[each.pk]:
            each.hours = hours[each.pk]
            each.save(update_fields=["hours"])
            changed.append(each)
    if changed:
        audit.record("leadership.hours_counted", target=course_class, actor=actor, at=now, states=changed)
    return changed


@transaction.atomic
def end_class(
    *, course_class: CourseClass, entered_by: Office, actor: Actor, now: dt.datetime
) -> CourseClass:
    """Once, on or after its last day: a record for everybody who attended; full hours are completion."""
    course_class = _held_open(course_class)
    course, today = course_class.course, clock.today(now)
    if not may_keep_course(actor, course):
        raise Refusal(_("班次由开课单位结班。"))
    if today < course_class.ends_on:
        raise Refusal(_("%(day)s 才结束，不能提前结班。") % {"day": course_class.ends_on})
    there = list(
        course_class.enrolments.filter(cancelled_on=None, hours__gt=0)
        .select_related("office__unit")
        .order_by("pk")
    )
    if not there:
        raise Refusal(_("还没有登记任何人的学时。"))
    completed = [each for each in there if each.completed_on is None and each.hours >= course.hours]
    for each in completed:
        each.completed_on, each.completed_by = course_class.ends_on, CompletedBy.ATTENDANCE
        each.save(update_fields=["completed_on", "completed_by"])
    record = enter_record(
        kind=RecordKind.STUDY,
        happened_on=course_class.ends_on,
        summary=_("%(course)s（%(name)s）：%(n)s 人参加，%(done)s 人修满学时。")
        % {"course": course.title, "name": course_class.name, "n": len(there), "done": len(completed)},
        entered_by=entered_by,
        actor=actor,
        now=now,
        today=today,
        place=course_class.place,
        participants=[each.office for each in there],
    )
    if entered_by.pk not in {each.office_id for each in there}:
        record.participations.filter(office=entered_by).delete()
    course_class.record = record
    course_class.save(update_fields=["record"])
    audit.record(
        "leadership.class_ended",
        target=course_class,
        actor=actor,
        at=now,
        payload={"record": record.pk, "completed": len(completed)},
        states=completed,
    )
    return course_class
