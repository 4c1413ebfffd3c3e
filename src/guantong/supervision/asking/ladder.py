"""Steps of the ladder: proposals to decide, reminders, talks and circulars that were confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.urls import reverse

from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.operations import Asked
from guantong.notices.said import say, say_counted
from guantong.supervision.addressing import Directory, name_of
from guantong.supervision.asking.obligations import missing_of, named
from guantong.supervision.choices import LadderStep
from guantong.supervision.models import Escalation
from guantong.supervision.queries.ladder import still_owed, talks_held, to_list, waiting

ESCALATION, CYCLE = "supervision.escalation", "mechanisms.cycle"
TO_DECIDE = say("请逐项确认或说明不采取的理由。系统不会自动采取措施。")
TO_ATTEND = say("请按通知参加约谈，并带上办理情况。")
TO_HOLD = say("请安排约谈，谈后登记时间、情况和商定的措施。")
TO_LIST = say("请起草一期通报，把经确认的逾期事项列进去，核对后印发。")
MINUTES_EACH, MOST_MINUTES, TALK_MINUTES, LIST_MINUTES = 1, 30, 30, 20


def asked_to_decide(cycle: Cycle, directory: Directory) -> Iterator[Asked]:
    """Each coordinating office once, with the number of proposals in its subtree."""
    paths = Counter(waiting(Escalation.objects.filter(cycle=cycle)).values_list("unit__path", flat=True))
    for seat in directory.runners():
        number = sum(n for path, n in paths.items() if path.startswith(seat.scope))
        if number:
            title = say_counted("%(n)s 项建议措施等待确认", "%(n)s 项建议措施等待确认", number)
            minutes = min(MOST_MINUTES, number * MINUTES_EACH)
            url = reverse("escalations")
            yield Asked(
                seat.pk, NoticeKind.ESCALATION, CYCLE, cycle.pk, title, TO_DECIDE, minutes, url
            )  # fmt: skip


def asked_to_list(cycle: Cycle, directory: Directory) -> Iterator[Asked]:
    """The office that confirmed it: what is to stand in a circular and stands in none yet."""
    numbers: Counter[int | None] = Counter()
    for office, path in to_list(cycle):
        numbers[office or directory.runner(path)] += 1
    for office, number in numbers.items():
        if office is not None:
            title = say_counted("%(n)s 项逾期事项等待列入通报", "%(n)s 项逾期事项等待列入通报", number)
            url = reverse("circulars")
            yield Asked(office, NoticeKind.LIST, CYCLE, cycle.pk, title, TO_LIST, LIST_MINUTES, url)


def confirmed_and_open(cycle: Cycle) -> QuerySet[Escalation]:
    """Confirmed reminders and talks about what is still overdue."""
    confirmed = Escalation.objects.filter(
        cycle=cycle, step__in=[LadderStep.REMIND, LadderStep.TALK], confirmed=True
    )
    return still_owed(confirmed).select_related("obligation", "unit")


def asked_of_confirmed(escalations: Iterable[Escalation], directory: Directory) -> list[Asked]:
    """The unit: what it is reminded of or talked to about; the deciding office: the talk it has to hold.

    A reminder gives way to the talk about the same obligation.
    """
    found = list(escalations)
    talks = [each for each in found if each.step == LadderStep.TALK]
    held = talks_held([each.pk for each in talks])
    to_hold = {each.obligation_id for each in talks if each.pk not in held}
    asked = []
    for each in found:
        if each.step == LadderStep.REMIND and each.obligation_id not in to_hold:
            asked.append(_reminder(each, directory))
        elif each.step == LadderStep.TALK and each.pk not in held:
            asked += _talk(each, directory)
    return asked


def _reminder(escalation: Escalation, directory: Directory) -> Asked:
    owed = escalation.obligation
    return Asked(
        directory.answerer(escalation.unit_id) or owed.office_id,
        NoticeKind.REMINDED,
        ESCALATION,
        escalation.pk,
        say("提醒：%(title)s", title=named(owed.title, owed.title_en, owed.period_zh, owed.period_en)),
        missing_of(owed.evidence),
        owed.minutes or 1,
        reverse("obligation", args=[owed.pk]),
        owed.due_on,
    )


def _talk(escalation: Escalation, directory: Directory) -> Iterator[Asked]:
    owed, url = escalation.obligation, reverse("escalation", args=[escalation.pk])
    title = named(owed.title, owed.title_en, owed.period_zh, owed.period_en)
    yield Asked(
        directory.answerer(escalation.unit_id) or owed.office_id,
        NoticeKind.TALK,
        ESCALATION,
        escalation.pk,
        say("约谈：%(title)s", title=title),
        TO_ATTEND,
        TALK_MINUTES,
        url,
        owed.due_on,
    )
    holder = escalation.decided_by_id or directory.runner(escalation.unit.path)
    if holder is not None:
        yield Asked(
            holder,
            NoticeKind.HOLD_TALK,
            ESCALATION,
            escalation.pk,
            say("约谈%(unit)s：%(title)s", unit=name_of(escalation.unit), title=title),
            TO_HOLD,
            TALK_MINUTES,
            url,
        )
