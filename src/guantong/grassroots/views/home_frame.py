"""What the pages of homes share: the tab bar, fetching, and the sentence about open or closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guantong.accounts.acting import Acting
from guantong.accounts.middleware import Request
from guantong.accounts.tabs import tabs_of
from guantong.grassroots.models import Home, HomeHost
from guantong.grassroots.queries.homes import homes_open_to, homes_visible_to
from guantong.grassroots.rules.homes import may_keep
from guantong.grassroots.rules.hours import Hours, open_until, opens_next, shown
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import cycles_visible_to

TABS = (("homes", pgettext_lazy("navigation", "之家")), ("idle-rooms", gettext_lazy("找空闲房间")))
SPANS = (30, 90, 365)


def tabs(current: str, acting: Acting) -> list[dict[str, Any]]:
    return tabs_of(TABS, current, acting)


def open_home(request: Request, pk: int) -> Home:
    """A home in sight or in the neighbourhood."""
    return get_object_or_404(homes_open_to(request.acting), pk=pk)


def visible_home(request: Request, pk: int) -> Home:
    """A home in sight."""
    return get_object_or_404(homes_visible_to(request.acting), pk=pk)


def kept_home(request: Request, pk: int) -> Home:
    """A home in sight, for whoever keeps it."""
    home = visible_home(request, pk)
    if not may_keep(request.acting, home):
        raise Refusal(_("之家由之家负责人或上级管理。"))
    return home


def cycle_on(request: Request, day: dt.date, home: Home) -> Cycle:
    """The cycle of the day that the home is in, the nearest unit's first."""
    fitting = [
        each
        for each in cycles_visible_to(request.acting)
        if each.starts_on <= day <= each.ends_on and home.unit.path.startswith(each.unit.path)
    ]
    if not fitting:
        raise Refusal(_("%(day)s 所在的年度还没有启动。") % {"day": day})
    return max(fitting, key=lambda each: len(each.unit.path))


def standing(hours: Hours, at: dt.datetime) -> dict[str, Any]:
    """Whether it is open at the moment, in words; ``tone`` for the mark."""
    local = timezone.localtime(at)
    if not hours:
        return {"is_open": False, "tone": "warn", "text": _("还没有写开放时间")}
    if until := open_until(hours, local):
        return {
            "is_open": True,
            "tone": "good",
            "text": _("现在开放，%(time)s 关门") % {"time": shown(until)},
        }
    day, time = opens_next(hours, local) or (None, None)
    if day is None or time is None:
        return {"is_open": False, "tone": "", "text": _("现在没有开放")}
    when = _("今天") if day == local.date() else date_format(day, "l")
    return {
        "is_open": False,
        "tone": "",
        "text": _("现在关门，%(day)s %(time)s 开放") % {"day": when, "time": shown(time)},
    }


def host_name(host: HomeHost) -> str:
    """The unit, the organisation, or the kind alone."""
    if host.unit:
        return str(host.unit)
    return host.partner.neutral_name if host.partner else str(host.get_kind_display())


def span_asked(request: Request) -> tuple[dt.date, dt.date, int]:
    """``?days=``: the days looked at, up to today; 90 unless another of the choices is asked for."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdecimal() and int(asked) in SPANS else 90
    return request.today - dt.timedelta(days=days - 1), request.today, days


def span_chips(days: int) -> list[dict[str, Any]]:
    labels = {30: _("近 30 天"), 90: _("近 90 天"), 365: _("近一年")}
    return [{"label": labels[each], "url": f"?days={each}", "current": each == days} for each in SPANS]
