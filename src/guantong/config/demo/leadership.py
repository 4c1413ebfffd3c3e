"""Bodies, meetings and hearings of the demonstration year: held with minutes, called for the coming weeks, planned."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from django.utils import timezone

from guantong.accounts.acting import Acting
from guantong.accounts.models import Office
from guantong.calendars.queries import calendar_for
from guantong.config.demo.samples import coordinator_of
from guantong.config.demo.studying import play_publicity, play_study
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.kernel.workdays import WorkdayCalendar
from guantong.leadership.models import Body, Meeting
from guantong.leadership.operations import agenda, bodies, invitations, meetings, minutes
from guantong.leadership.operations.briefs import draw_brief
from guantong.leadership.operations.decided import make_task
from guantong.leadership.operations.heard import Asked, make_case
from guantong.leadership.operations.holding import hold_meeting
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import PAST, Unit

DAY = dt.timedelta(days=1)
BODIES: tuple[tuple[str, str, str, tuple[str, ...], int | None, str], ...] = (
    # kind, name, English, what it handles, how often it meets
    ("leading_group", "市委工作领导小组", "Leading Group", ("年度工作要点审定", "考核办法审定", "重大事项决策"), 1, "quarter"),
    ("deliberation", "民营经济工作联席会议", "Joint Conference on Private Enterprise", ("政策落实协调", "企业诉求研究"), 1, "month"),
    ("office", "领导小组办公室", "Group Office", ("日常协调", "督办落实", "数据汇总"), None, ""),
)  # fmt: skip
# kind, which body, title, days from today, hour, minutes
PLAYED = (
    ("deployment", 0, "领导小组第一次全体会议", -285, 9, 120),
    ("deliberation", 1, "联席会议：梳理企业诉求清单", -240, 15, 90),
    ("study", 0, "专题学习：民营经济促进法", -215, 9, 150),
    ("deployment", 0, "领导小组第二次全体会议", -180, 9, 120),
    ("deliberation", 1, "联席会议：政策兑现情况", -150, 15, 90),
    ("field_visit", 0, "到苏木乡镇街道调研之家建设", -120, 9, 240),
    ("symposium", 0, "民营企业代表座谈会", -95, 15, 150),
    ("study", 0, "专题学习：基层减负规定", -70, 9, 120),
    ("deliberation", 1, "联席会议：清理拖欠账款", -45, 15, 90),
    ("deployment", 0, "领导小组第三次全体会议", -25, 9, 120),
)
LINES = {
    "deployment": (
        ("decision", "市发展改革委牵头，年底前完成政策兑现情况自查并报领导小组办公室。"),
        ("decision", "市财政局牵头，提出拖欠账款清偿计划，明确每月清偿额度。"),
    ),
    "deliberation": (("decision", "市工业和信息化局牵头，建立企业诉求台账，逐项明确责任单位。"),),
    "field_visit": (("problem", "部分之家晚间和周末不开放，群众下班后用不上。"),),
    "symposium": (("demand", "希望加快项目审批中的并联办理"), ("decision", "市市场监督管理局牵头，一个月内公布并联审批事项清单。")),
    "study": (),
}  # fmt: skip
LEADS = ("发展和改革", "财政局", "工业和信息化", "市场监督", "民政局")
AGENDA = ("通报工作进展", "研究存在的问题", "部署下一步工作")
MINUTES = "会议通报了前一阶段工作进展，研究了存在的问题，明确了下一步任务、责任单位和完成期限。会议要求，各责任单位按期办结，办理情况在系统中报告，不另行报送书面材料。"


def play_leadership(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> dict[str, int]:
    """Play the year's meetings, hearings, courses and publicity. Called before the day's lights are swept."""
    acting = coordinator_of(cycle, now)
    if acting is None or acting.office is None:
        return {"meetings": 0}
    made = _bodies(cycle, acting)
    if made:
        for kind, place, title, offset, hour, length in PLAYED:
            _held(cycle, acting, made[place], (kind, title, offset, hour, length), now, chooser)
        _coming(cycle, acting, made, now, chooser)
        _hearings(cycle, acting, now, chooser)
    play_study(cycle, now, chooser)
    play_publicity(cycle, acting, now, chooser)
    return {"meetings": Meeting.objects.filter(cycle=cycle).count()}


def _at(day: dt.date, hour: int = 10) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def _bodies(cycle: Cycle, acting: Acting) -> list[Body]:
    """The three bodies, with the offices that sit in them since the year began."""
    city = cycle.unit
    group = Unit.objects.filter(parent=city, kind="leading_group").first()
    office = Unit.objects.filter(parent=city, kind="group_office").first()
    if group is None or office is None:
        return []
    since, found = dt.date(cycle.year, 1, 5), []
    heads = Office.objects.filter(
        unit__parent=city, unit__kind="member_unit", seat="unit_head", closed_on=None
    )
    leaders = list(Office.objects.filter(unit=group, closed_on=None).order_by("seat", "number"))
    rounds = (
        leaders,
        list(heads.order_by("unit__path")[:8]),
        [*([acting.office] if acting.office else []), *heads.order_by("unit__path")[:2]],
    )
    for (kind, name, english, handles, count, per), seats in zip(BODIES, rounds, strict=True):
        terms = bodies.Terms(kind, name, english, handles, count, per)
        body = bodies.set_up_body(
            unit=office if kind == "office" else group,
            terms=terms,
            opened_on=since,
            actor=acting,
            now=_at(since),
        )
        bodies.seat_members(
            body=body, offices=seats, part="member", since=since, actor=acting, now=_at(since)
        )  # fmt: skip
        bodies.name_first_responsible(
            body=body,
            office=leaders[0],
            since=since,
            basis=f"市委〔{cycle.year}〕1号",
            actor=acting,
            now=_at(since),
        )
        found.append(body)
    return found


def _townships(cycle: Cycle, chooser: random.Random, number: int) -> list[Office]:
    path = cycle.unit.path
    offices = Office.objects.filter(
        unit__path__gte=path, unit__path__lt=path + PAST, unit__level="township", seat="first_responsible"
    )
    return chooser.sample(list(offices.order_by("pk")), number)


def _planned(
    cycle: Cycle,
    acting: Acting,
    body: Body,
    spoken: tuple[str, str, int, int, int],
    now: dt.datetime,
    chooser: random.Random,
) -> tuple[Meeting, list[Office]] | None:
    """A meeting called ten days before, with its agenda and everybody asked; None outside the year."""
    kind, title, offset, hour, length = spoken
    calendar = calendar_for(cycle.year, cycle.unit_id)
    day = calendar.next_workday(clock.today(now) + offset * DAY)
    if not cycle.starts_on + 20 * DAY <= day <= cycle.ends_on:
        return None
    before = min(_at(day - 10 * DAY), now)
    first = body.first_responsible.get(ends_on=None).office
    terms = meetings.Terms(
        kind, title, day, dt.time(hour), (dt.datetime.combine(day, dt.time(hour)) + dt.timedelta(minutes=length)).time(),
        "市委一会议室", first, body,
    )  # fmt: skip
    assert acting.office is not None
    meeting = meetings.plan_meeting(
        cycle=cycle, unit=body.unit, terms=terms, called_by=acting.office, actor=acting, now=before
    )
    offices = [each.office for each in body.memberships.select_related("office__unit")]
    if kind in ("deployment", "field_visit"):
        offices += _townships(cycle, chooser, 12)
    invitations.ask_offices(meeting=meeting, offices=offices, actor=acting, now=before)
    for words in AGENDA:
        agenda.add_item(meeting=meeting, title=words, minutes=length // 3, actor=acting, now=before)
    return meetings.call_meeting(meeting=meeting, actor=acting, now=before), offices


def _held(
    cycle: Cycle,
    acting: Acting,
    body: Body,
    spoken: tuple[str, str, int, int, int],
    now: dt.datetime,
    chooser: random.Random,
) -> None:
    called = _planned(cycle, acting, body, spoken, now, chooser)
    if called is None:
        return
    meeting, _offices = called
    rows = list(meeting.invitations.values_list("pk", "office"))
    there = {pk for pk, office in rows if office == meeting.chair_id or chooser.random() < 0.88}
    then = _at(meeting.day, 17)
    assert acting.office is not None
    invitations.sign_from_list(meeting=meeting, present=there, actor=acting, now=then)
    outside = chooser.randint(8, 30) if meeting.kind in ("symposium", "field_visit") else None
    hold_meeting(
        meeting=meeting,
        summary=meeting.title,
        entered_by=acting.office,
        outside=outside,
        actor=acting,
        now=then,
    )
    minutes.write_minutes(
        meeting=meeting, text=MINUTES, minuted_by=acting.office, actor=acting, now=then + DAY
    )
    for kind, wording in LINES[meeting.kind]:
        _line(cycle, acting, meeting, kind, wording, chooser)


def _line(
    cycle: Cycle, acting: Acting, meeting: Meeting, kind: str, wording: str, chooser: random.Random
) -> None:
    then = _at(meeting.day + DAY, 11)
    line = minutes.add_line(meeting=meeting, kind=kind, wording=wording, actor=acting, now=then)
    if kind == "demand":
        asked = Asked("suggestion", "我们一个项目要跑好几个部门，材料重复交，能不能一次收齐、并联审批？")
        make_case(line=line, asked=asked, actor=acting, now=then)
        return
    units = Unit.objects.filter(parent=cycle.unit, kind="member_unit")
    named = next(
        (each for words in LEADS if words[:2] in wording for each in units.filter(name__contains=words)), None
    )
    others = list(units.order_by("path")[:6])
    make_task(
        line=line,
        lead=named or others[0],
        cooperating=[each for each in chooser.sample(others, 2) if each != named],
        due_on=min(meeting.day + chooser.choice((30, 60, 90)) * DAY, cycle.ends_on),
        actor=acting,
        now=then,
    )


def _coming(
    cycle: Cycle, acting: Acting, made: Sequence[Body], now: dt.datetime, chooser: random.Random
) -> None:
    """Two called for the coming days that could go together, and one that is only planned."""
    for spoken in (
        ("deliberation", "联席会议：年底账款清偿", 5, 9, 90),
        ("deliberation", "联席会议：明年政策清单", 6, 9, 90),
        ("symposium", "民营企业代表年底座谈会", 12, 15, 120),
    ):
        called = _planned(cycle, acting, made[1], spoken, now, chooser)
        if called is not None and spoken[2] == 5:
            meeting, offices = called
            for office in offices[:4]:
                invitations.reply(meeting=meeting, office=office, answer="coming", actor=acting, now=now)
            invitations.reply(
                meeting=meeting, office=offices[4], answer="leave", reason="外出开会", actor=acting, now=now
            )


def _hearings(cycle: Cycle, acting: Acting, now: dt.datetime, chooser: random.Random) -> None:
    """Each district heard reports in the last months; one hearing is called with its brief drawn."""
    calendar = calendar_for(cycle.year, cycle.unit_id)
    heads = Office.objects.filter(unit__parent=cycle.unit, unit__level="county", seat="first_responsible")
    for number, office in enumerate(heads.select_related("unit").order_by("unit__path")):
        for offset in (-130, -40, 8):
            _hearing(cycle, acting, office, offset + 3 * number, now, calendar, chooser)


def _hearing(
    cycle: Cycle,
    acting: Acting,
    office: Office,
    offset: int,
    now: dt.datetime,
    calendar: WorkdayCalendar,
    chooser: random.Random,
) -> None:
    day = calendar.next_workday(clock.today(now) + offset * DAY)
    if not cycle.starts_on + 20 * DAY <= day <= cycle.ends_on:
        return
    before = min(_at(day - 10 * DAY), now)
    title = f"听取{office.unit.name}工作汇报"
    terms = meetings.Terms("hearing", title, day, dt.time(15), dt.time(16, 30), "", office)
    assert acting.office is not None
    meeting = meetings.plan_meeting(
        cycle=cycle, unit=office.unit, terms=terms, called_by=acting.office, actor=acting, now=before
    )
    below = Office.objects.filter(unit__parent=office.unit, unit__level="township", seat="commissioner")
    invitations.ask_offices(
        meeting=meeting, offices=[office, *below.order_by("pk")[:8]], actor=acting, now=before
    )
    meetings.call_meeting(meeting=meeting, actor=acting, now=before)
    try:
        draw_brief(meeting=meeting, actor=acting, now=min(now, _at(day, 9)))
        if day < clock.today(now):
            present = set(meeting.invitations.values_list("pk", flat=True))
            invitations.sign_from_list(meeting=meeting, present=present, actor=acting, now=_at(day, 17))
            hold_meeting(
                meeting=meeting, summary=title, entered_by=acting.office, actor=acting, now=_at(day, 17)
            )
            line = minutes.add_line(
                meeting=meeting, kind="decision", wording="逾期事项逐项明确责任人，一个月内销号。", actor=acting,
                now=_at(day, 18),
            )  # fmt: skip
            make_task(
                line=line, lead=office.unit, due_on=min(day + 30 * DAY, cycle.ends_on), actor=acting, now=_at(day, 18)
            )  # fmt: skip
    except Refusal:
        return
