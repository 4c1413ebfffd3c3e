"""Reception in the demonstration year: days held and to come, bookings, a waiting list, appointments, a walk-in.

Every name and number is made up and says so.
"""

from __future__ import annotations

import datetime as dt
import random

from guantong.accounts.acting import Acting, Console
from guantong.accounts.models import Holding, Office
from guantong.calendars.queries import calendar_for
from guantong.cases.applicant import Applicant
from guantong.cases.choices import CaseKind, Outcome
from guantong.cases.models import Case
from guantong.cases.operations.accepting import accept_case
from guantong.cases.operations.answering import answer_case, rate_answer
from guantong.config.demo.samples import coordinator_of
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.reception.models import Booking, ReceptionDay, Slot
from guantong.reception.operations.acts import moment
from guantong.reception.operations.appointments import accept_appointment, ask_appointment
from guantong.reception.operations.bookings import Said, book_slot
from guantong.reception.operations.days import edit_day, publish_days
from guantong.reception.operations.holding import check_in, close_day, record_walk_in
from guantong.reception.operations.layout import lay_out_days
from guantong.reception.queries.days import hosts_in, units_that_receive
from guantong.reception.terms import Terms, first_terms

ACTOR = Console("load-demo")
DAY = dt.timedelta(days=1)
PLACE, PLACE_EN = "市民服务中心一楼接待室", "Reception room, ground floor, Citizens’ Service Centre"
PORTFOLIOS = (
    ("民营经济、招商引资", "private economy, investment"),
    ("教育、卫生、民政", "education, health, civil affairs"),
    ("城乡建设、供暖、交通", "construction, heating, transport"),
    ("农牧业、乡村振兴", "farming and herding, the countryside"),
)
DEMANDS = (
    (CaseKind.DIFFICULTY, "小区供暖温度不够", "小区有 6 栋楼供暖温度不到 18 度，多次报修没有解决，希望协调换热站检修。", "已协调供热企业检修换热站，温度达标。"),
    (CaseKind.DIFFICULTY, "企业用工补贴没有到账", "去年申报的用工补贴一直没有到账，希望帮助查问。", "补贴已核定拨付。"),
    (CaseKind.QUESTION, "转学材料怎么准备", "孩子转学需要哪些材料，在哪里办。", "已一次性告知材料清单和办理窗口。"),
    (CaseKind.SUGGESTION, "增加夜间公交班次", "园区下夜班的人多，建议增加晚上的公交班次。", "自下月起增加两个班次。"),
    (CaseKind.DIFFICULTY, "村道破损出行难", "通村路破损两公里，雨天不能通车，希望列入维修计划。", "已列入年度养护计划，先行填补坑槽。"),
)  # fmt: skip


def play_reception(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> int:
    """The year's days through the ordinary operations; returns how many bookings were made."""
    terms, acting = first_terms(cycle), coordinator_of(cycle, now)
    unit = units_that_receive(cycle, terms).first() if terms else None
    if terms is None or acting is None or unit is None or terms.monthly_day is None:
        return 0
    opened = moment(dt.date(cycle.year, 1, 5), dt.time(10))
    if opened >= now:
        return 0
    lay_out_days(
        cycle=cycle, unit=unit, terms=terms, first=cycle.starts_on, last=cycle.ends_on, place=PLACE, place_en=PLACE_EN,
        actor=acting, now=opened,
    )  # fmt: skip
    _name_portfolios(cycle, hosts_in(unit, terms), acting, opened)
    days = list(ReceptionDay.objects.filter(cycle=cycle).order_by("day", "pk"))
    coming = [each for each in days if each.day > clock.today(now)]
    draft = coming[-len(hosts_in(unit, terms)) :] if len(coming) > len(hosts_in(unit, terms)) else []
    publish_days(days=[each for each in days if each not in draft], actor=acting, now=opened)
    for day in [each for each in days if each.day <= clock.today(now) - 2 * DAY][-9:]:
        _held(day, chooser)
    for number, day in enumerate(each for each in coming[:4] if each not in draft):
        _to_come(day, now, chooser, full=number == 0)
    _at_any_time(cycle, hosts_in(unit, terms), now, terms, chooser)
    return Booking.objects.filter(case__cycle=cycle).count()


def _name_portfolios(cycle: Cycle, hosts: list[Office], acting: Acting, now: dt.datetime) -> None:
    for day in ReceptionDay.objects.filter(cycle=cycle).select_related("host"):
        zh, en = PORTFOLIOS[hosts.index(day.host) % len(PORTFOLIOS)]
        edit_day(
            day=day, host=day.host, starts_at=day.starts_at, ends_at=day.ends_at, place=day.place,
            place_en=day.place_en, portfolio=zh, portfolio_en=en, actor=acting, now=now,
        )  # fmt: skip


def _demand(chooser: random.Random) -> tuple[Said, str, str]:
    """What somebody asks, its neutral title, and how it was answered."""
    kind, title, wording, answer = chooser.choice(DEMANDS)
    number = chooser.randint(10_000_000, 99_999_999)
    name = f"{chooser.choice('王李张刘陈杨赵白包')}{chooser.choice(('先生', '女士'))}（演示）"
    return Said(name=name, contact=f"000{number}", kind=kind, wording=wording), title, answer


def _booked(slot: Slot, now: dt.datetime, chooser: random.Random) -> tuple[Booking, str, str] | None:
    said, title, answer = _demand(chooser)
    try:
        booking, _code = book_slot(slot=slot, said=said, actor=Applicant(), now=now)
    except Refusal:
        return None
    return booking, title, answer


def _leader(office: Office, on: dt.date) -> Acting | None:
    holding = Holding.objects.on(on).filter(office=office).select_related("person", "office__unit").first()
    return Acting(holding.person, holding.office) if holding else None


def _held(day: ReceptionDay, chooser: random.Random) -> None:
    """A day that is over: a few came, one may not have, the demands were answered and mostly solved."""
    came_at = moment(day.day, dt.time(9, 40))
    for slot in chooser.sample(list(day.slots.all()), 2):
        made = _booked(slot, came_at - chooser.randint(4, 9) * DAY, chooser)
        if made is None:
            continue
        came = chooser.random() < 0.85
        check_in(booking=made[0], came=came, actor=ACTOR, now=came_at)
        _answered(made[0].case, day, made[1], made[2], chooser)
    receiver = _leader(day.host, day.day)
    close_day(day=day, actor=receiver or ACTOR, now=moment(day.day, dt.time(17)))


def _answered(case: Case, day: ReceptionDay, title: str, answer: str, chooser: random.Random) -> None:
    """The demand is taken up at once, answered some days after the meeting, and rated."""
    received = moment(case.received_on, dt.time(15))
    answered = moment(day.day, dt.time(16)) + chooser.randint(1, 8) * DAY
    if answered > clock.now():
        return
    try:
        accept_case(case=case, title=title, actor=ACTOR, now=received)
        answer_case(case=case, wording=answer, outcome=Outcome.SOLVED, actor=ACTOR, now=answered)
        if chooser.random() < 0.8:
            rate_answer(
                case=case,
                stars=chooser.choice((5, 5, 4, 3)),
                solved=True,
                actor=Applicant(case.pk),
                now=answered + DAY,
            )
    except Refusal:  # the year's last days: what is not answered yet stays open
        return


def _to_come(day: ReceptionDay, now: dt.datetime, chooser: random.Random, *, full: bool) -> None:
    """A day to come: some places taken; its first slot overbooked where a waiting list is to be seen."""
    slots = list(day.slots.all())
    for slot in [slots[0]] * (5 if full else 1) + chooser.sample(slots[1:], 2):
        _booked(slot, now - dt.timedelta(hours=chooser.randint(2, 60)), chooser)


def _at_any_time(
    cycle: Cycle, hosts: list[Office], now: dt.datetime, terms: Terms, chooser: random.Random
) -> None:
    """One appointment agreed on, one waiting for its answer, one walk-in of this week."""
    if not terms.any_time:
        return
    for number, host in enumerate(hosts[:2]):
        said, _title, _answer = _demand(chooser)
        booking, _code = ask_appointment(
            cycle=cycle, host=host, said=said, actor=Applicant(), now=now - 2 * DAY
        )
        if number == 0:
            day = calendar_for(cycle.year, cycle.unit_id).add_workdays(clock.today(now), 2)
            accept_appointment(
                booking=booking, day=day, time=dt.time(15, 30), place="三楼会客室", actor=ACTOR, now=now - DAY
            )
    said, _title, _answer = _demand(chooser)
    on = max(clock.today(now) - DAY, cycle.starts_on)
    record_walk_in(cycle=cycle, host=hosts[-1], on=on, said=said, actor=ACTOR, now=now)
