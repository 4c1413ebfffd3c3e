"""Home pages: the 3x3 board, or what one owes, by when, and what it takes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.duties.models import DutyList, ListState
from guantong.grassroots.quick.kinds import buttons, kinds_for
from guantong.mechanisms.queries import current_cycle
from guantong.notices.queries import open_notices_of
from guantong.obligations.choices import State
from guantong.obligations.models import Obligation
from guantong.obligations.queries import claims_awaiting_review, light_counts, owed_by
from guantong.reporting.views import board_context
from guantong.tasks.queries import open_questions_visible_to

SOON = dt.timedelta(days=31)


def board_home(request: Request) -> HttpResponse:
    """The office's home: the board of the year, and the few things that wait for the office itself."""
    assert request.acting.office is not None
    cycle = current_cycle(request.acting, on=request.today)
    if cycle is None:
        return render(request, "web/home_without_cycle.html")
    context = board_context(request, cycle, cycle.unit)
    context["waiting"] = _waiting_for(request)
    return render(request, "web/home_board.html", context)


def _waiting_for(request: Request) -> list[dict[str, Any]]:
    """What waits for this office, each with its number and where it is done."""
    waiting = [
        (_("待办提醒"), open_notices_of(request.acting).count(), reverse("notices")),
        (_("待审核申报"), claims_awaiting_review(request.acting).count(), reverse("reviews")),
    ]
    if request.acting.may("tasks.issue"):
        questions = open_questions_visible_to(request.acting).count()
        waiting.append((_("待确定问题"), questions, reverse("task-questions")))
    return [{"label": label, "value": number, "url": url} for label, number, url in waiting]


def office_home(request: Request) -> HttpResponse:
    """What I owe, by when, what it takes; the list to sign; the quick way to record."""
    context = _office_context(request, limit=8)
    context["quick_kinds"] = buttons(kinds_for(request.acting))
    return render(request, "web/home_office.html", context)


@may("business.read")
@require_GET
def inbox(request: Request) -> HttpResponse:
    """Everything the office acted for still owes."""
    return render(request, "web/inbox.html", _office_context(request, limit=200))


def _office_context(request: Request, *, limit: int) -> dict[str, Any]:
    office = request.acting.office
    assert office is not None
    cycle = current_cycle(request.acting, on=request.today)
    owed = owed_by(office).select_related("unit", "cycle__stored")
    now_owed = owed.filter(
        Q(starts_on__lte=request.today) & (Q(due_on__isnull=True) | Q(due_on__lte=request.today + SOON))
    )
    later = owed.exclude(pk__in=now_owed.values("pk"))
    lists = DutyList.objects.filter(unit=office.unit_id, cycle=cycle).select_related("unit", "cycle")
    mine = Obligation.objects.filter(office=office, cycle=cycle)
    return {
        "cycle": cycle,
        "cards": [card(each, request.today) for each in now_owed[:limit]],
        "n_owed": now_owed.count(),
        "later": [card(each, request.today) for each in later.order_by("due_on", "pk")[:limit]],
        "n_later": later.count(),
        "minutes": now_owed.aggregate(n=Sum("minutes"))["n"] or 0,
        "duty_list": lists.first(),
        "to_sign": lists.filter(state=ListState.ISSUED).first()
        if request.acting.may("duties.sign")
        else None,
        "lights": light_counts(mine),
        "n_notices": open_notices_of(request.acting).count(),
        "n_done": mine.filter(state=State.FULFILLED).count(),
        "returned": owed.filter(state=State.RETURNED).count(),
        "n_reviews": claims_awaiting_review(request.acting).count()
        if request.acting.may("obligations.review")
        else None,
    }


def card(obligation: Obligation, today: dt.date) -> dict[str, Any]:
    """An obligation as a card of the inbox."""
    return {
        "title": str(obligation),
        "url": reverse("obligation", args=[obligation.pk]),
        "due": due_in_words(obligation.due_on, today),
        "light": obligation.light,
        "minutes": obligation.minutes,
        "source": obligation.get_source_display(),
        "unit": obligation.get_part_display() if obligation.source == "task" else "",
    }


def due_in_words(due_on: dt.date | None, today: dt.date) -> str:
    """How far off the due day is: "今天到期", "还有 3 天", "逾期 2 天"."""
    if due_on is None:
        return _("没有期限")
    days = (due_on - today).days
    if days == 0:
        return _("今天到期")
    if days > 0:
        return ngettext("%(day)s 到期，还有 %(n)s 天", "%(day)s 到期，还有 %(n)s 天", days) % {
            "day": due_on,
            "n": days,
        }
    return ngettext("%(day)s 到期，逾期 %(n)s 天", "%(day)s 到期，逾期 %(n)s 天", -days) % {
        "day": due_on,
        "n": -days,
    }


def administrator_home(request: Request) -> HttpResponse:
    assert request.acting.office is not None
    return render(request, "web/home_administrator.html", {"office": request.acting.office})
