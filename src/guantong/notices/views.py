"""What the office acted for is asked to do next, and the person's digest of the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may, signed_in
from guantong.kernel.refusals import Refusal
from guantong.notices import digests, queries
from guantong.notices.choices import NoticeKind
from guantong.notices.models import Notice
from guantong.ui.forms import first_error
from guantong.ui.tables import Column, Listing

COLUMNS = [Column("notice", gettext_lazy("请办理"))]
PER_PAGE = 30


class HourForm(forms.Form):
    hour = forms.TypedChoiceField(
        label=gettext_lazy("每日提醒时间"),
        choices=[(hour, f"{hour}:00") for hour in range(24)],
        coerce=int,
    )


def card(notice: Notice, today: dt.date) -> dict[str, Any]:
    """A notice with how long it still has, in words."""
    light, words = "none", ""
    if notice.due_on is not None:
        days = (notice.due_on - today).days
        if days < 0:
            light, words = "red", ngettext("已过期限 %(n)s 天", "已过期限 %(n)s 天", -days) % {"n": -days}
        elif days == 0:
            light, words = "yellow", _("今天到期")
        else:
            light = "blue" if days <= 7 else "green"
            words = ngettext("还有 %(n)s 天", "还有 %(n)s 天", days) % {"n": days}
    return {"notice": notice, "light": light, "due": words}


@may("business.read")
@require_GET
def notices(request: Request) -> HttpResponse:
    """What this office is asked to do next, most urgent first."""
    waiting = queries.open_notices_of(request.acting)
    kind = request.GET.get("kind", "")
    shown = waiting.filter(kind=kind) if kind in NoticeKind.values else waiting
    listing = Listing.of(shown, request.GET, COLUMNS, id="notices", per_page=PER_PAGE)
    counts = dict(waiting.order_by().values_list("kind").annotate(n=Count("pk")))
    chips = [{"label": _("全部"), "url": "?", "current": not kind, "count": sum(counts.values())}]
    chips += [
        {
            "label": NoticeKind(each).label,
            "url": f"?kind={each}",
            "current": kind == each,
            "count": counts[each],
        }
        for each in NoticeKind.values
        if each in counts
    ]
    context = {
        "listing": listing,
        "cards": [card(each, request.today) for each in listing],
        "chips": chips if len(chips) > 2 else [],
        "minutes": waiting.aggregate(n=Sum("minutes"))["n"] or 0,
        "total": sum(counts.values()),
    }
    return render(request, "notices/notices.html", context)


@signed_in
@require_GET
def digest(request: Request) -> HttpResponse:
    """Today's digest: what waits for all offices the person may act for, in one message."""
    person = request.acting.person
    assert person is not None
    found = queries.digest_of(person, on=request.today)
    told = list(queries.told_in(found, on=request.today)) if found else []
    hour = queries.hour_of(person)
    offices: dict[int, dict[str, Any]] = {}
    for each in told:
        group = offices.setdefault(each.office_id, {"office": each.office, "cards": []})
        group["cards"].append(card(each, request.today))
    context = {
        "digest": found,
        "offices": list(offices.values()),
        "open": sum(each.closed_on is None for each in told),
        "total": len(told),
        "minutes": sum(each.minutes for each in told if each.closed_on is None),
        "hour": hour,
        "form": HourForm(initial={"hour": hour}),
        "acting_office": request.acting.office_ref,
    }
    return render(request, "notices/digest.html", context)


@signed_in
@require_POST
def digest_hour(request: Request) -> HttpResponseBase:
    """Choose the hour."""
    form = HourForm(request.POST)
    if not form.is_valid():
        raise Refusal(first_error(form))
    assert request.acting.person is not None
    digests.choose_hour(person=request.acting.person, hour=form.cleaned_data["hour"])
    messages.success(request, _("每日提醒时间已改为 %(hour)s:00。") % {"hour": form.cleaned_data["hour"]})
    return redirect("digest")
