"""Coverage by district, day by day, and the list of gaps to act on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.grassroots import drawings
from guantong.grassroots.models import Gap
from guantong.grassroots.queries.coverage import counted_rules
from guantong.grassroots.queries.gaps import gaps_below, gaps_visible_to, units_by_id
from guantong.grassroots.queries.vacancies import Line, Sum, Sums, lines, sums
from guantong.grassroots.views.roster_tabs import day_asked, found_for, rule_chips, tabs
from guantong.grassroots.wording import rule_title
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.organisation.queries import lineage_of
from guantong.ui.tables import Column, Listing

PER_PAGE = 60


@may("business.read")
@require_GET
def districts(request: Request, cycle: int, unit: int, rule: str) -> HttpResponse:
    """A rule in one unit's subtree: the sums, the areas, and a row for each unit directly below."""
    of_cycle, of_unit, found = found_for(request, cycle, unit, rule)
    on = _within_year(of_cycle, day_asked(request))
    added = sums(lines(of_cycle, found, since=of_cycle.starts_on, on=on, within=of_unit))
    rows = _rows(of_cycle, added, rule, on)
    context = {
        **_about(of_cycle, of_unit, rule, on, request, "coverage-districts"),
        "title": rule_title(of_cycle, found),
        "whole": added.at(of_unit.path),
        "rows": rows,
        "full_time": found.full_time,
        "is_office": bool(found.needs_office),
        "tiles": drawings.treemap(
            [
                {"label": row["unit"], "units": row["sum"].units, "met": row["sum"].met, "url": row["url"]}
                for row in rows
            ]
        ),
    }
    return render(request, "grassroots/roster_districts.html", context)


def _within_year(cycle: Cycle, on: dt.date) -> dt.date:
    return max(cycle.starts_on, min(cycle.ends_on, on))


def _about(
    cycle: Cycle, unit: Unit, rule: str, on: dt.date, request: Request, address: str
) -> dict[str, Any]:
    asked = on.isoformat() if on != request.today else ""
    return {
        "tabs": tabs("rosters"),
        "cycle": cycle,
        "unit": unit,
        "rule": rule,
        "on": on,
        "rules": rule_chips(cycle, unit, address, rule, asked),
        "up": _up(cycle, unit, rule, request, asked, address),
        "query": f"?on={asked}" if asked else "",
    }


def _up(
    cycle: Cycle, unit: Unit, rule: str, request: Request, asked: str, address: str
) -> list[dict[str, str]]:
    """The units above within sight and within the cycle, each to the same page."""
    return [
        {"label": str(each), "url": reverse(address, args=[cycle.pk, each.pk, rule]) + (f"?on={asked}" if asked else "")}
        for each in unit.ancestors()
        if request.acting.sees(each.path) and each.path.startswith(cycle.unit.path)
    ]  # fmt: skip


def _rows(cycle: Cycle, added: Sums, rule: str, on: dt.date) -> list[dict[str, Any]]:
    """The units that stood directly below, those with most missing first; a closed one says so."""
    units = {each.path: each for each in Unit.objects.filter(path__in=sorted(added.children)[:5000])}
    rows: list[dict[str, Any]] = []
    for path in sorted(added.children & units.keys()):
        each: Sum = added.at(path)
        deeper = any(other.startswith(path) and other != path for other in added.by_path)
        address = "coverage-districts" if deeper else "coverage-days"
        rows.append(
            {"unit": units[path], "sum": each, "url": reverse(address, args=[cycle.pk, units[path].pk, rule]) + f"?on={on}"}
        )  # fmt: skip
    rows.sort(key=lambda row: (-row["sum"].missing, -row["sum"].vacancy_days, row["unit"].path))
    return rows


@may("business.read")
@require_GET
def days(request: Request, cycle: int, unit: int, rule: str) -> HttpResponse:
    """The year day by day, a strip for each unit at or below this one, the longest vacancies first."""
    of_cycle, of_unit, found = found_for(request, cycle, unit, rule)
    on = _within_year(of_cycle, day_asked(request))
    every = list(lines(of_cycle, found, since=of_cycle.starts_on, on=on, within=of_unit))
    every.sort(key=lambda line: (-line.vacancy_days, line.path))
    listing = Listing.of(every, request.GET, [], id="strips", per_page=PER_PAGE)
    shown: list[Line] = list(listing)
    units = units_by_id(line.unit for line in shown)
    context = {
        **_about(of_cycle, of_unit, rule, on, request, "coverage-days"),
        "title": rule_title(of_cycle, found),
        "listing": listing,
        "months": drawings.months(of_cycle.starts_on, of_cycle.ends_on),
        "today": drawings.place_of(on, starts_on=of_cycle.starts_on, ends_on=of_cycle.ends_on),
        "rows": [
            {
                "unit": units[line.unit],
                "line": line,
                "strip": drawings.strip(line, starts_on=of_cycle.starts_on, ends_on=of_cycle.ends_on),
            }
            for line in shown
        ],
        "lineage": lineage_of(of_unit),
    }
    return render(request, "grassroots/roster_days.html", context)


GAP_COLUMNS = [
    Column("unit", _("单位"), ("unit__path",)),
    Column("what", _("缺什么"), ("rule",)),
    Column("since", _("空缺自"), ("since",)),
    Column("days", _("已空缺"), is_number=True),
    Column("owner", _("由谁补齐"), ("obligation__office__unit__path",)),
    Column("due", _("期限"), ("obligation__due_on",)),
]


@may("business.read")
@require_GET
def gaps(request: Request) -> HttpResponse:
    """What is missing now within sight, the oldest first, whose it is and by when."""
    cycle = cycle_asked(request)
    found = gaps_visible_to(request.acting).filter(cycle=cycle, closed_on__isnull=True)
    rules = {rule.id: rule for rule in counted_rules(cycle)} if cycle else {}
    counts = {rule: found.filter(rule=rule).count() for rule in rules}
    asked = request.GET.get("rule", "")
    if asked in rules:
        found = found.filter(rule=asked)
    listing = Listing.of(found, request.GET, GAP_COLUMNS, id="gaps", sort="since", per_page=30)
    context = {
        "tabs": tabs("gaps"),
        "cycle": cycle,
        "listing": listing,
        "rows": [_gap_row(gap, cycle, rules, request) for gap in listing] if cycle else [],
        "rules": _gap_chips(cycle, rules, counts, asked, request),
    }
    return render(request, "grassroots/roster_gaps.html", context)


def _gap_row(gap: Gap, cycle: Cycle, rules: dict[str, Any], request: Request) -> dict[str, Any]:
    rule, owed = rules.get(gap.rule), gap.obligation
    return {
        "gap": gap,
        "what": rule_title(cycle, rule) if rule else gap.rule,
        "days": (request.today - gap.since).days + 1,
        "owed": owed,
        "may_open": owed is not None and request.acting.sees(owed.unit_path),
        "url": reverse("coverage-days", args=[cycle.pk, gap.unit_id, gap.rule]) if rule else "",
    }


def _gap_chips(
    cycle: Cycle | None, rules: dict[str, Any], counts: dict[str, int], asked: str, request: Request
) -> list[dict[str, Any]]:
    if cycle is None:
        return []
    keep = f"&cycle={cycle.pk}" if request.GET.get("cycle") else ""
    whole = {
        "label": _("全部"),
        "url": f"?rule={keep}",
        "count": sum(counts.values()),
        "current": asked not in rules,
    }
    each = [
        {
            "label": str(rule_title(cycle, rule)),
            "url": f"?rule={identifier}{keep}",
            "count": counts[identifier],
            "current": identifier == asked,
        }
        for identifier, rule in rules.items()
    ]
    return [whole, *each]


def open_below(cycle: Cycle, unit: Unit) -> int:
    """How many gaps are open in a unit's subtree."""
    return gaps_below(Gap.objects.filter(cycle=cycle, closed_on__isnull=True), unit.path).count()
