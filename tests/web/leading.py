"""Of bodies, meetings, study and publicity one object each, for the permission table."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from conftest import CONSOLE, at
from guantong.accounts.models import Office
from guantong.leadership.models import (
    AgendaItem,
    Body,
    Course,
    CourseClass,
    Enrolment,
    Invitation,
    Meeting,
    Membership,
    MinuteLine,
)
from guantong.leadership.operations.briefs import draw_brief
from guantong.leadership.operations.publicity import plan_item
from guantong.leadership.sign_codes import code_for, digest_for
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.records.models import Evidence

if TYPE_CHECKING:
    from web.permissions import World

DAY = dt.date(2026, 12, 10)


def led_at(world: World, unit: Unit, evidence: Evidence) -> None:
    """A body with a member, a hearing with everything about it, and an item of the publicity plan, of the unit alone."""
    cycle, office = world.cycle_of(unit.code), Office.objects.filter(unit=unit).order_by("pk")[0]
    body = Body.objects.create(
        unit=unit, kind="office", name=f"{unit.name}会务组", opened_on=dt.date(2026, 1, 5)
    )
    seat = Membership.objects.create(body=body, office=office, starts_on=dt.date(2026, 1, 5))
    meeting = Meeting.objects.create(
        cycle=cycle, kind="hearing", unit=unit, title=f"听取{unit.name}汇报", pillar="lead_contact", called_by=office,
        day=DAY, stage="called", called_at=at(3, 2),
    )  # fmt: skip
    meeting.sign_code_digest = digest_for(meeting)
    meeting.save()
    item = AgendaItem.objects.create(
        meeting=meeting, order=1, title="情况", paper=evidence.file, paper_name="材料.png"
    )
    asked = Invitation.objects.create(meeting=meeting, office=office)
    line = MinuteLine.objects.create(meeting=meeting, order=1, kind="demand", wording="延长开放时间")
    draw_brief(meeting=meeting, actor=CONSOLE, now=at(3, 2))
    publicity = plan_item(
        cycle=cycle, title="解读", channel="广播", owner=office, due_on=DAY, actor=CONSOLE, now=at(3, 2)
    )
    for kind, row in (
        ("body", body), ("membership", seat), ("meeting", meeting), ("agenda_item", item), ("invitation", asked),
        ("minute_line", line), ("publicity_item", publicity),
    ):  # fmt: skip
        world.put(kind, unit.code, row.pk)
    world.put("brief_figure", unit.code, meeting.pk, "red")
    world.put("sign_code", "own", code_for(meeting))
    world.put("sign_code", "other", "A" * 24)


def taught_in(world: World, code: str, cycle: Cycle) -> None:
    """A course of one of the year's member units, a class under way, somebody in it, and credit asked for."""
    school = world.units[f"{code}-MU-01"]
    first, second = Office.objects.filter(unit=school).order_by("pk")[:2]
    course = Course.objects.create(
        cycle=cycle, school=school, title="政策法规", target=["unit_head"], hours=Decimal(3), pass_mark=1,
        test=[{"question": "问", "answers": ["甲", "乙"], "right": 0}],
    )  # fmt: skip
    made = CourseClass.objects.create(course=course, name="第一期", starts_on=DAY, ends_on=DAY, capacity=3)
    row = Enrolment.objects.create(course=course, course_class=made, office=first, enrolled_at=at(3, 2))
    file = Evidence.objects.filter(file__isnull=False).order_by("pk")[0].file
    credit = Enrolment.objects.create(
        course=course, office=second, enrolled_at=at(3, 2), file=file, file_name="证明.png"
    )
    for kind, each in (("course", course), ("course_class", made), ("enrolment", row), ("credit", credit)):
        world.put(kind, code, each.pk)
