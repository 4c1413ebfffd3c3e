"""Courses of the party school and the publicity plan of the demonstration year."""

from __future__ import annotations

import datetime as dt
import io
import random
from decimal import Decimal

from django.utils import timezone

from guantong.accounts.acting import Acting, Console
from guantong.accounts.models import Office
from guantong.accounts.queries import first_office
from guantong.calendars.queries import calendar_for
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import Course
from guantong.leadership.operations import classes, completion, courses
from guantong.leadership.operations.publicity import plan_item, report_item
from guantong.leadership.queries.study import target_offices
from guantong.leadership.tests_of_courses import questions_in
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit

ACTOR = Console("load-demo")
DAY = dt.timedelta(days=1)
TEST = """诉求应当在受理之日起多少天内办结？
*六十天
九十天
半年

被投诉的单位能不能看到投诉内容？
可以
*不可以

联系代表时，个人信息怎样登记？
由联系人代为登记
*须本人同意，只登记称呼和联系方式"""
COURSES = (
    # title, compulsory content, seats, hours, with a test, days from today of its class
    ("政策理论专题班", ("theory", "policy"), ("first_responsible",), 12, False, -100),
    ("专职委员业务培训班", ("policy",), ("commissioner",), 12, True, -1),
    ("联络员能力提升班", (), ("liaison",), 6, True, 20),
)
ITEMS = (
    ("民营经济促进法系列解读", "市级公众号", "宣传部", -200, 46200),
    ("年度工作要点图解", "市级公众号", "市委办公室", -170, 18300),
    ("之家开放服务宣传周", "社区海报和广播", "民政局", -120, None),
    ("基层减负规定宣讲", "进机关宣讲", "组织部", -80, 1260),
    ("企业诉求办理案例", "本地报纸", "工业和信息化局", -40, None),
    ("账款清偿进展发布", "新闻发布会", "财政局", -10, None),
    ("联络员风采专栏", "广播电视台", "宣传部", 15, None),
    ("来年政策清单预告", "市级公众号", "发展和改革委员会", 25, None),
)


def _at(day: dt.date, hour: int = 10) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def play_study(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> int:
    """Three courses: one taught and ended, one under way, one open for enrolment. Returns how many."""
    school = Unit.objects.filter(parent=cycle.unit, name__contains="党校").first()
    keeper = first_office(school, "unit_head") if school else None
    if school is None or keeper is None:
        return 0
    made = 0
    for title, compulsory, target, hours, tested, offset in COURSES:
        test = questions_in(TEST) if tested else []
        terms = courses.Terms(title, Decimal(hours), compulsory, target, test, 2 if test else None)
        then = _at(dt.date(cycle.year, 2, 10))
        course = courses.open_course(cycle=cycle, school=school, terms=terms, actor=ACTOR, now=then)
        made += 1
        first = calendar_for(cycle.year, cycle.unit_id).next_workday(clock.today(now) + offset * DAY)
        try:
            opened = classes.open_class(
                course=course, name=f"{cycle.year}年第一期", starts_on=first, ends_on=first + 4 * DAY, capacity=80,
                place="市委党校", actor=ACTOR, now=min(now, _at(first - 20 * DAY)),
            )  # fmt: skip
        except Refusal:
            continue
        offices = list(target_offices(course).order_by("pk"))
        chosen = chooser.sample(offices, min(len(offices), 60))
        classes.enrol(course_class=opened, offices=chosen, actor=ACTOR, now=min(now, _at(first - 10 * DAY)))
        if first <= clock.today(now):
            rows = opened.enrolments.order_by("pk")
            attended = {row.pk: Decimal(chooser.choice((hours, hours, hours, hours - 3))) for row in rows}
            classes.count_hours(course_class=opened, hours=attended, actor=ACTOR, now=now)
        if opened.ends_on < clock.today(now):
            classes.end_class(
                course_class=opened, entered_by=keeper, actor=ACTOR, now=_at(opened.ends_on, 18)
            )
        _credit(course.pk, offices, chosen, now)
    return made


def _credit(course: int, offices: list[Office], chosen: list[Office], now: dt.datetime) -> None:
    """One of those who are in no class took the same course elsewhere, and waits for an answer."""
    left = [each for each in offices if each not in chosen]
    if left:
        completion.ask_credit(
            course=Course.objects.select_related("cycle__unit").get(pk=course),
            office=left[0],
            file=("省委党校结业证书.pdf", io.BytesIO(b"%PDF-1.4 demonstration %%EOF")),
            actor=ACTOR,
            now=now,
        )


def play_publicity(cycle: Cycle, acting: Acting, now: dt.datetime, chooser: random.Random) -> int:
    """The plan: done with a number, done and not measured, late, and still to come. Returns how many items."""
    made = 0
    for title, channel, unit_name, offset, reach in ITEMS:
        due_on = clock.today(now) + offset * DAY
        unit = Unit.objects.filter(parent=cycle.unit, name__contains=unit_name).first()
        owner = first_office(unit, "unit_head") if unit else None
        if owner is None or not cycle.starts_on + 40 * DAY <= due_on <= cycle.ends_on:
            continue
        item = plan_item(
            cycle=cycle, title=title, channel=channel, owner=owner, due_on=due_on, actor=acting,
            now=min(_at(due_on - 30 * DAY), now),
        )  # fmt: skip
        made += 1
        if offset < -20:
            done = due_on - chooser.randint(0, 5) * DAY
            report_item(
                item=item, done_on=done, summary="按计划完成", entered_by=owner, reach=reach,
                reach_source="后台阅读数或签到人数" if reach is not None else "", not_measured=reach is None, actor=ACTOR,
                now=_at(done, 16),
            )  # fmt: skip
    return made
