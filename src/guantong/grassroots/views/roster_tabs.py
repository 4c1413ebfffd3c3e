"""What the pages of roster and coverage share: the tab bar, the day looked at, the cycle and the unit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guantong.accounts.middleware import Request
from guantong.accounts.queries import units_visible_to
from guantong.grassroots.queries.coverage import counted_rules
from guantong.grassroots.wording import rule_title
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import CoverageRule
from guantong.mechanisms.queries import cycles_visible_to
from guantong.organisation.models import Unit

TABS = (
    ("rosters", _("花名册")),
    ("gaps", _("待补空缺")),
    ("term-ends", _("任期将满")),
    ("certificates", _("学时和证书")),
)


def tabs(current: str) -> list[dict[str, Any]]:
    """The tab bar of these pages; ``current`` is the name of an address."""
    return [{"label": label, "url": reverse(name), "current": name == current} for name, label in TABS]


def day_asked(request: Request) -> dt.date:
    """``?on=``: the day the page speaks of, today at the latest; what cannot be read is today."""
    try:
        return min(dt.date.fromisoformat(request.GET.get("on", "")), request.today)
    except ValueError:
        return request.today


def scope_of(request: Request) -> Unit:
    """The unit whose subtree the office acted for sees."""
    assert request.acting.office is not None
    return request.acting.office.scope


def found_for(request: Request, cycle: int, unit: int, rule: str) -> tuple[Cycle, Unit, CoverageRule]:
    """The cycle, the unit and the countable rule of an address, each only if it may be seen."""
    of_cycle = get_object_or_404(cycles_visible_to(request.acting), pk=cycle)
    of_unit = get_object_or_404(units_visible_to(request.acting), pk=unit)
    for each in counted_rules(of_cycle):
        if each.id == rule:
            return of_cycle, of_unit, each
    raise Http404


def rule_chips(cycle: Cycle, unit: Unit, address: str, current: str, on: str = "") -> list[dict[str, Any]]:
    """A link for each countable rule to the page at ``address``."""
    return [
        {
            "label": str(rule_title(cycle, rule)),
            "url": reverse(address, args=[cycle.pk, unit.pk, rule.id]) + (f"?on={on}" if on else ""),
            "current": rule.id == current,
        }
        for rule in counted_rules(cycle)
    ]
