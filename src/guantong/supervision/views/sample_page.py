"""What the page of one sample shows to the office that reads it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.middleware import Request
from guantong.organisation.models import Unit
from guantong.supervision.choices import CheckResult
from guantong.supervision.models import Sample, SampleItem
from guantong.supervision.operations.freezing import ID_ONLY
from guantong.supervision.queries import samples as queries
from guantong.supervision.rules import samples as rules
from guantong.supervision.sample_forms import CheckForm, SeedForm
from guantong.supervision.views import tabs
from guantong.ui.tables import Column, Listing

OPEN = "open"
COLUMNS = [
    Column("place", gettext_lazy("次序"), ("position",), is_number=True),
    Column("title", gettext_lazy("事项")),
    Column("unit", gettext_lazy("单位"), ("obligation__unit__path",)),
    Column("result", gettext_lazy("核查结果")),
]
TONES = {CheckResult.HOLDS: "good", CheckResult.FALSE: "bad", CheckResult.UNCLEAR: "warn"}


def page_of(sample: Sample, request: Request) -> dict[str, Any]:
    """The public part for everybody; items by title where they are in sight; acts where they may be done."""
    acting = request.acting
    counts = queries.results_of(sample)
    seen = queries.items_visible_to(acting).filter(sample=sample)
    wanted = request.GET.get("result", "")
    listing = Listing.of(_with(seen, wanted), request.GET, COLUMNS, id="items", sort="place", per_page=20)
    items = list(listing)
    runs = acting.may("supervision.run") and bool(items)
    barred = rules.not_for(acting, [each.obligation for each in items], on=request.today) if runs else set()
    seed_day = rules.seed_day(sample)
    log = queries.frozen_with(sample)
    return {
        "tabs": tabs("samples", acting),
        "sample": sample,
        "scope": _scope(sample, log),
        "ids_digest": log.get(ID_ONLY, ""),
        "drawn": queries.drawn_ids(sample),
        "counts": counts,
        "checked": sum(counts.values()) - counts["open"],
        "estimate": queries.estimate_of(sample, counts),
        "runs": runs,
        "listing": listing,
        "chips": _chips(queries.counts_of(seen.values_list("check_made__result", flat=True)), wanted),
        "rows": [
            _row(each, may_check=runs and each.obligation_id not in barred, runs=runs) for each in items
        ],
        "sees_whole": rules.may_read_whole(acting, sample),
        "may_seed": rules.may_draw(acting, sample) and not sample.seed,
        "seed_day": seed_day,
        "seed_is_there": request.today >= seed_day,
        "seed_form": SeedForm(),
        "check_form": CheckForm(),
        "share": (sample.share_false * 100).normalize(),
        "confidence": (sample.confidence * 100).normalize(),
    }


def _with(items: QuerySet[SampleItem], result: str) -> QuerySet[SampleItem]:
    if result == OPEN:
        return items.filter(check_made__isnull=True)
    return items.filter(check_made__result=result) if result in CheckResult.values else items


def _chips(counts: dict[str, int], wanted: str) -> list[dict[str, Any]]:
    """The items in sight by result; what nobody had is left out."""
    named = [(str(value), label) for value, label in CheckResult.choices] + [(OPEN, _("待核查"))]
    chips = [{"label": _("全部"), "url": "?", "count": sum(counts.values()), "current": not wanted}]
    for value, label in named:
        if counts[value]:
            url = f"?result={value}"
            chips.append({"label": label, "url": url, "count": counts[value], "current": value == wanted})
    return chips


def _scope(sample: Sample, log: dict[str, Any]) -> str:
    """Which closed items the list was frozen from, in words."""
    unit = Unit.objects.filter(pk=log.get("unit", 0)).first() or sample.cycle.unit
    words = [str(unit)]
    if log.get("pillar"):
        words.append(str(sample.cycle.package.pillar(log["pillar"]).name))
    since, until = log.get("since"), log.get("until")
    if since and until:
        words.append(_("%(since)s 至 %(until)s 办结") % {"since": since, "until": until})
    elif since or until:
        words.append((_("%(day)s 起办结") if since else _("%(day)s 前办结")) % {"day": since or until})
    return " · ".join(words)


def _row(item: SampleItem, *, may_check: bool, runs: bool) -> dict[str, Any]:
    check = getattr(item, "check_made", None)
    finding = ""
    if runs and check is not None and check.result == CheckResult.FALSE:
        finding = f"{reverse('new-finding')}?check={check.pk}"
    return {
        "item": item,
        "check": check,
        "tone": TONES[CheckResult(check.result)] if check else "",
        "may_check": may_check and check is None,
        "finding": finding,
    }
