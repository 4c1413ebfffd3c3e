"""Who moves next in which case: asked through a notice, once, while it is so. Part of the daily sweep.

What units and hosts owe is an obligation and is asked for as every obligation is; here is the rest.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from guantong.accounts.acting import Actor
from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.cases.choices import CaseStage, ClockKind
from guantong.cases.models import Answer, CallBackDraw, Case, Clock, Closure, Dispute, ReviewRequest
from guantong.cases.operations.waist import title_of
from guantong.cases.queries.lists import to_be_taken_over
from guantong.cases.terms import terms_of
from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.models import Notice
from guantong.notices.operations import Asked, Change, ask_only
from guantong.notices.said import Said, say

CASE, DISPUTE, REVIEW, CLOSURE, DRAW = (
    "cases.case", "cases.dispute", "cases.reviewrequest", "cases.closure", "cases.callbackdraw",
)  # fmt: skip
TO_CHECK = say("请审查是否受理，并告知当事人。")
TO_ASSIGN = say("已受理，还没有单位办理：请交办，或者直接答复。")
TO_DECIDE = say("承办单位提出管辖异议，请答复：成立的改交其他单位，不成立的写明理由。")
TO_REVIEW = say("当事人申请复查或复核，请由没有答复过的岗位办理。")
TO_CLOSE = say("已答复，当事人在期限内没有表示：请单方办结并写明理由，或者重新办理。")
TO_HOST = say("已逾期或当事人重复反映，按规定建议由领导包案，请确定是否包案、由谁包案。")
TO_CALL = say("已抽中回访，请联系当事人，记下是否解决。")
TO_SEED = say("约定的种子已经产生，请登记种子并抽取回访名单。")


@dataclass(frozen=True, slots=True)
class Seat:
    pk: int
    role: str
    unit_path: str
    scope: str


@dataclass(frozen=True, slots=True)
class Seats:
    """The coordinating offices and leaders of a cycle, to find whose move it is."""

    seats: list[Seat]

    @classmethod
    def of(cls, cycle: Cycle) -> Seats:
        path = cycle.unit.path
        rows = Office.objects.filter(
            role__in=[Role.COORDINATOR, Role.LEADER], closed_on__isnull=True,
            unit__path__gte=path, unit__path__lt=path + "~",
        )  # fmt: skip
        return cls([Seat(*row) for row in rows.order_by("number", "pk").values_list(
            "pk", "role", "unit__path", "scope__path")])  # fmt: skip

    def runner(self, case: Case, *, without: frozenset[str] = frozenset()) -> int | None:
        """The nearest coordinating office over the body that registered it, else a leader; never of the party
        complained of, nor of the units (by path) that are to stand aside."""
        against = case.against.path if case.against else None
        fitting = [
            each
            for each in self.seats
            if case.unit.path.startswith(each.scope)
            and each.unit_path not in without
            and not (against and each.unit_path.startswith(against))
        ]
        fitting.sort(key=lambda each: (each.role != Role.COORDINATOR, -len(each.scope)))
        return fitting[0].pk if fitting else None


@transaction.atomic
def ask_about_cases(*, cycle: Cycle, on: dt.date, now: dt.datetime, actor: Actor) -> Change:
    """Recompute who is asked for what about the cases of a cycle; a fixed number of queries."""
    change = ask_only(_asked(cycle, on), among=notices_about_cases(cycle), on=on)
    if change:
        audit.record(
            "cases.notices_refreshed", target=cycle, actor=actor, at=now,
            payload=change.payload(on),
        )  # fmt: skip
    return change


def notices_about_cases(cycle: Cycle) -> QuerySet[Notice]:
    """The notices that speak of cases of this cycle."""
    spoken_of: tuple[tuple[str, QuerySet[Any]], ...] = (
        (CASE, Case.objects.filter(cycle=cycle)),
        (DISPUTE, Dispute.objects.filter(handling__case__cycle=cycle)),
        (REVIEW, ReviewRequest.objects.filter(case__cycle=cycle)),
        (CLOSURE, Closure.objects.filter(case__cycle=cycle)),
        (DRAW, CallBackDraw.objects.filter(cycle=cycle)),
    )
    among = Q(pk__in=[])
    for about, rows in spoken_of:
        among |= Q(about=about, about_ref__in=rows.values("pk"))
    return Notice.objects.filter(among)


def _asked(cycle: Cycle, on: dt.date) -> Iterator[Asked]:
    seats = Seats.of(cycle)
    yield from _to_check(cycle, seats, on)
    yield from _to_assign(cycle, seats)
    yield from _to_decide(cycle, on)
    yield from _to_review(cycle, seats, on)
    yield from _to_close(cycle, seats, on)
    yield from _to_host(cycle, seats, on)
    yield from _to_call_back(cycle, seats)
    yield from _to_seed(cycle, on)


def _title(case: Case) -> Said:
    title = title_of(case)
    return {"zh": title.zh, "en": title.en}


def _url(case: Case) -> str:
    return reverse("case", args=[case.pk])


def _late(due_on: dt.date, on: dt.date) -> str:
    return NoticeKind.OVERDUE if due_on < on else NoticeKind.DUE


def _to_check(cycle: Cycle, seats: Seats, on: dt.date) -> Iterator[Asked]:
    running = Clock.objects.filter(
        case__cycle=cycle, kind=ClockKind.NOTIFY, met_on__isnull=True, dropped_on__isnull=True
    ).select_related("case__unit", "case__against")
    for each in running:
        office = seats.runner(each.case)
        if office is not None:
            yield Asked(
                office, _late(each.due_on, on), CASE, each.case_id, _title(each.case), TO_CHECK, 5, _url(each.case), each.due_on
            )  # fmt: skip


def _to_assign(cycle: Cycle, seats: Seats) -> Iterator[Asked]:
    waiting = Case.objects.filter(cycle=cycle, stage=CaseStage.ACCEPTED).select_related("unit", "against")
    for each in waiting:
        office = each.host_id or seats.runner(each)
        if office is not None:
            yield Asked(office, NoticeKind.DISPATCH, CASE, each.pk, _title(each), TO_ASSIGN, 3, _url(each))


def _to_decide(cycle: Cycle, on: dt.date) -> Iterator[Asked]:
    disputes = Dispute.objects.filter(
        handling__case__cycle=cycle, upheld__isnull=True, handling__assigned_by__isnull=False
    ).select_related("handling__case__against", "handling__unit")
    for each in disputes:
        case = each.handling.case
        words = say("%(unit)s：%(title)s", unit=each.handling.unit.name, title=_title(case))
        office = each.handling.assigned_by_id
        assert office is not None
        yield Asked(
            office, NoticeKind.OBJECTION, DISPUTE, each.pk, words, TO_DECIDE, 3, _url(case), each.due_on
        )


def _to_review(cycle: Cycle, seats: Seats, on: dt.date) -> Iterator[Asked]:
    waiting = list(
        ReviewRequest.objects.filter(case__cycle=cycle, answer__isnull=True).select_related(
            "case__unit", "case__against"
        )
    )
    cases = [each.case_id for each in waiting]
    answered: dict[int, set[str]] = defaultdict(set)
    for case, path in Answer.objects.filter(case__in=cases).values_list("case", "answered_by__unit__path"):
        answered[case].add(path)
    days = dict(
        Clock.objects.filter(
            case__in=cases, kind__in=[ClockKind.REVIEW, ClockKind.SECOND_REVIEW], met_on__isnull=True,
            dropped_on__isnull=True,
        ).values_list("case", "due_on")
    )  # fmt: skip
    for each in waiting:
        office = seats.runner(each.case, without=frozenset(answered[each.case_id]))
        due_on = days.get(each.case_id)
        if office is not None and due_on is not None:
            yield Asked(
                office, _late(due_on, on), REVIEW, each.pk, _title(each.case), TO_REVIEW, 15, _url(each.case), due_on
            )  # fmt: skip


def _to_close(cycle: Cycle, seats: Seats, on: dt.date) -> Iterator[Asked]:
    """Answered, and the applicant let their time to say something go by."""
    over = Clock.objects.filter(
        case__cycle=cycle, case__stage=CaseStage.ANSWERED, kind=ClockKind.ASK_REVIEW, met_on__isnull=True,
        dropped_on__isnull=True, due_on__lt=on,
    ).select_related("case__unit", "case__against")  # fmt: skip
    for each in over:
        office = seats.runner(each.case)
        if office is not None:
            yield Asked(
                office, NoticeKind.STRIKE_OFF, CASE, each.case_id, _title(each.case), TO_CLOSE, 3, _url(each.case)
            )  # fmt: skip


def _to_host(cycle: Cycle, seats: Seats, on: dt.date) -> Iterator[Asked]:
    cases = to_be_taken_over(Case.objects.filter(cycle=cycle), terms_of(cycle.package), on)
    for each in cases.select_related("unit", "against"):
        office = seats.runner(each)
        if office is not None:
            yield Asked(office, NoticeKind.ESCALATION, CASE, each.pk, _title(each), TO_HOST, 3, _url(each))


def _to_call_back(cycle: Cycle, seats: Seats) -> Iterator[Asked]:
    drawn = Closure.objects.filter(
        case__cycle=cycle, case__stage=CaseStage.CLOSED, drawn_in__isnull=False, called_back__isnull=True
    ).select_related("case__unit", "case__against")
    for each in drawn:
        office = seats.runner(each.case)
        if office is not None and each.round == each.case.reopened + 1:
            yield Asked(
                office, NoticeKind.CHECK, CLOSURE, each.pk, _title(each.case), TO_CALL, 5, _url(each.case)
            )  # fmt: skip


def _to_seed(cycle: Cycle, on: dt.date) -> Iterator[Asked]:
    for each in CallBackDraw.objects.filter(cycle=cycle, seed="", seed_on__lte=on, frozen_by__isnull=False):
        title = say("诉求回访抽取 %(days)s", days=str(each))
        url = reverse("call-back-draw", args=[each.pk])
        assert each.frozen_by_id is not None
        yield Asked(each.frozen_by_id, NoticeKind.SEED, DRAW, each.pk, title, TO_SEED, 3, url, each.seed_on)
