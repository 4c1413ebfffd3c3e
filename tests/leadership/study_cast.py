"""A course of the second member unit, which stands for the party school, and short words for what is done to it."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any, BinaryIO

from conftest import City, at
from guantong.accounts.acting import Acting
from guantong.leadership.models import Course, CourseClass
from guantong.leadership.operations import classes, courses
from guantong.leadership.tests_of_courses import questions_in
from leadership.meeting_cast import office_of

SCHOOL = "1506-MU-02"
TEST = """谁对辖区内的工作负总责？
联络员
*第一责任人
专职委员

诉求多少天内办结？
*六十天
九十天

代表的联系方式可以自行登记吗？
可以
*须本人同意"""


def pdf(text: str = "结业") -> tuple[str, BinaryIO]:
    return f"{text}.pdf", io.BytesIO(f"%PDF-1.4 {text} %%EOF".encode())


def school(city: City) -> Acting:
    return city.acting(SCHOOL, "unit_head")


def terms(**changes: Any) -> courses.Terms:
    given: dict[str, Any] = {
        "title": "民营经济政策法规", "hours": Decimal(12), "compulsory": ["policy", "law"],
        "target": ["commissioner", "first_responsible"], "test": questions_in(TEST), "pass_mark": 2,
    }  # fmt: skip
    return courses.Terms(**(given | changes))


def course(city: City, **changes: Any) -> Course:
    return courses.open_course(
        cycle=city.cycle, school=city.units[SCHOOL], terms=terms(**changes), actor=school(city), now=at(3, 2)
    )


def a_class(city: City, made: Course, **changes: Any) -> CourseClass:
    given: dict[str, Any] = {
        "course": made, "name": "第一期", "starts_on": dt.date(2026, 4, 8), "ends_on": dt.date(2026, 4, 9), "capacity": 2,
        "actor": school(city), "now": at(3, 3),
    }  # fmt: skip
    return classes.open_class(**(given | changes))


def enrolled(city: City, made: CourseClass, *people: Acting) -> CourseClass:
    classes.enrol(
        course_class=made, offices=[office_of(each) for each in people], actor=school(city), now=at(3, 4)
    )
    return made
