"""What the pages of a campaign show: figures as words, boxes to draw, and the rows behind a unit's figure."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.grassroots.campaign_terms import CRITERIA, Criterion, Terms
from guantong.grassroots.models import Campaign, Home
from guantong.grassroots.queries.campaigns import Line, Picture
from guantong.grassroots.queries.demands import demands_visible_to
from guantong.grassroots.queries.measures import POSTED, activities_on, answered_on, trained_on
from guantong.grassroots.spread import Spread, box
from guantong.organisation.models import Unit
from guantong.records.queries import records_visible_to

Row = dict[str, Any]


def criterion_chips(terms: Terms, chosen: str) -> list[Row]:
    return [
        {
            "label": CRITERIA[each].label if each in CRITERIA else each,
            "url": f"?criterion={each}",
            "current": each == chosen,
        }
        for each in terms.criteria
    ]


def figure(value: Decimal | None, criterion: Criterion | None) -> str:
    """Such as ``66.7%``; a dash where there is nothing."""
    if value is None or criterion is None:
        return "—"
    rounded = value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    text = f"{rounded.normalize():f}" if rounded else "0"
    return f"{text}%" if criterion.is_share else text


def signed(value: Decimal | None, criterion: Criterion | None) -> str:
    """A change with its sign."""
    if value is None or criterion is None:
        return "—"
    return ("+" if value > 0 else "") + figure(value, criterion)


def top_of(shown: Picture) -> Decimal:
    """The right end of the drawing: 100 % for shares, else the greatest value."""
    if shown.criterion is None or shown.criterion.is_share:
        return Decimal(100)
    found = [each.most for group in shown.groups for each in (group.before, group.after) if each is not None]
    return max([Decimal(1), *found])


def drawn(shown: Picture) -> list[Row]:
    """Treated, then beside; before, then after: the box and the numbers in words."""
    top = top_of(shown)
    names = {True: _("开展的单位"), False: _("没有开展的单位")}
    groups = []
    for group in shown.groups:
        sides = [
            _side(_("之前"), group.before, shown.criterion, top),
            _side(_("之后"), group.after, shown.criterion, top),
        ]
        groups.append({"name": names[group.is_treated], "group": group, "sides": sides})
    return groups


def _side(name: str, found: Spread | None, criterion: Criterion | None, top: Decimal) -> Row:
    if found is None:
        return {"name": name, "spread": None}
    numbers = {
        key: figure(getattr(found, key), criterion)
        for key in ("least", "low", "middle", "high", "most", "mean")
    }
    return {"name": name, "spread": found, "box": box(found, top), "numbers": numbers}


def line_of(line: Line, campaign: Campaign, shown: Picture) -> Row:
    return {
        "line": line,
        "url": f"{reverse('campaign-unit', args=[campaign.pk, line.unit.pk])}?criterion={shown.id}",
        "before": figure(line.before, shown.criterion),
        "after": figure(line.after, shown.criterion),
        "change": signed(line.change, shown.criterion),
        "tone": "" if not line.change else "good" if line.change > 0 else "warn",
    }


def behind(
    campaign: Campaign, criterion: str, unit: Unit, day: dt.date, terms: Terms, which: str, acting: Acting
) -> list[Row]:
    """The rows a unit's figure was made from on the day: {what, when, url, is_good}."""
    if criterion in POSTED:
        return _posted(campaign, criterion, unit, which)
    if criterion == "activity_per_quarter":
        held = activities_on([unit.pk], day).select_related("record").order_by("day", "pk")
        seen = set(records_visible_to(acting).filter(home_activity__in=held).values_list("pk", flat=True))
        return [
            {
                "what": each.title,
                "when": each.day,
                "url": reverse("record", args=[each.record_id]) if each.record_id in seen else "",
                "is_good": True,
            }
            for each in held
        ]
    if criterion == "training_once_a_year":
        return [row for each in trained_on([unit.pk], day, terms.seats) for row in _trained(each, acting)]
    if criterion == "requests_answered_on_time":
        found = answered_on([unit.pk], day, terms.answer_days)
        seen = set(demands_visible_to(acting).filter(pk__in=[each.demand.pk for each in found]).values_list("pk", flat=True))  # fmt: skip
        return [
            {
                "what": str(each.demand),
                "when": each.due_on,
                "url": reverse("demand", args=[each.demand.pk]) if each.demand.pk in seen else "",
                "is_good": each.is_in_time,
            }
            for each in found
        ]
    return []


def _posted(campaign: Campaign, criterion: str, unit: Unit, which: str) -> list[Row]:
    """From the reading kept on the day, else from the register as it is."""
    kept = campaign.readings.get(which, {})
    home = Home.objects.filter(unit=unit).first()
    met = unit.pk in kept[criterion] if criterion in kept else bool(home and getattr(home, POSTED[criterion]))
    what = _("登记中已公示") if met else _("登记中没有公示") if home else _("没有登记")
    return [{"what": what, "when": None, "url": "", "is_good": met}]


def _trained(each: Any, acting: Acting) -> list[Row]:
    url = reverse("holding-certificates", args=[each.holding]) if acting.may("records.write") else ""
    if not each.titles:
        what = _("%(office)s：一年内没有经确认的培训") % {"office": each.office}
        return [{"what": what, "when": None, "url": url, "is_good": False}]
    return [
        {"what": f"{each.office}：{title.title}", "when": title.issued_on, "url": url, "is_good": True}
        for title in each.titles
    ]
