"""The what-if bench: other weights, an item dropped, who changes grade; and how firm the order is. Never a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.assessment import queries
from guantong.assessment.bench import DRAWS, SPREADS, Trial, compare, keeping
from guantong.assessment.bench.loading import cards_of, trial_of
from guantong.assessment.models import Run
from guantong.assessment.standing import card_name
from guantong.assessment.views import bench_tables, tabs
from guantong.assessment.views.bench_forms import SHOWN, DrawForm, WeightsForm
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Scorecard
from guantong.mechanisms.queries import current_cycle
from guantong.ui.forms import valid


@dataclass(frozen=True)
class Chosen:
    """The card of a run that the address asks for."""

    cycle: Cycle
    run: Run
    cards: list[Scorecard]
    card: Scorecard
    trial: Trial

    @property
    def where(self) -> dict[str, Any]:
        return {"run": self.run.pk, "card": self.card.id}

    def tabs(self, name: str) -> list[dict[str, Any]]:
        """One for each card that can be tried."""
        return [
            {
                "label": card_name(card.of, queries.package_of(self.run)),
                "url": address(name, {"run": self.run.pk, "card": card.id}),
                "current": card is self.card,
                "count": None,
            }
            for card in self.cards
        ]


def address(name: str, params: dict[str, Any]) -> str:
    return f"{reverse(name)}?{urlencode(params)}"


def _chosen(request: Request, params: Any) -> Chosen | None:
    """The newest run of the cycle, or the one named; None where there is nothing to try."""
    cycle = current_cycle(request.acting, on=request.today)
    if cycle is None or not request.acting.sees(cycle.unit.path):
        return None
    runs = Run.objects.select_related("cycle__stored", "cycle__unit")
    named = params.get("run", "")
    number = int(named) if named.isdecimal() and len(named) < 19 else None
    latest = queries.latest_run(cycle) if number is None else None
    if number is None and latest is None:
        return None
    run = get_object_or_404(runs.filter(cycle=cycle), pk=number or (latest.pk if latest else 0))
    cards = cards_of(queries.package_of(run))
    if not cards:
        return None
    card = next((each for each in cards if each.id == params.get("card")), cards[0])
    return Chosen(run.cycle, run, cards, card, trial_of(run, card.id))


@may("assessment.read")
@require_GET
def bench(request: Request) -> HttpResponse:
    """Weights in, everybody before and after out. By GET alone, so that an address can be passed on."""
    chosen = _chosen(request, request.GET)
    context: dict[str, Any] = {"chosen": chosen, "room_tabs": tabs(request, "bench")}
    if chosen is None:
        return render(request, "assessment/bench.html", context)
    form = WeightsForm(chosen.trial.card, request.GET)
    weights = form.weights
    changes = compare(chosen.trial, chosen.trial.amounts(weights))
    group = request.GET.get("group", "")
    show = "all" if request.GET.get("show") == "all" else "changed"
    wanted = [
        each
        for each in changes.rows
        if (show == "all" or each.changes) and (not group or each.group == group)
    ]
    context |= {
        "form": form,
        "changes": changes,
        "is_own": weights == form.own,
        "sum": sum(weights.values()),
        "own_sum": sum(form.own.values()),
        "listing": bench_tables.changes(chosen.trial, wanted, request.GET),
        "groups": bench_tables.group_names(chosen.card, chosen.trial.card),
        "group": group,
        "shown": SHOWN,
        "show": show,
        "tabs": chosen.tabs("bench"),
        "pages": _pages(chosen, "bench"),
    }
    return render(request, "assessment/bench.html", context)


@may("assessment.read")
@require_GET
def stability(request: Request) -> HttpResponse:
    """How firm the order is under drawn weights. A large card is drawn by the worker, when asked."""
    chosen = _chosen(request, request.GET)
    context: dict[str, Any] = {"chosen": chosen, "room_tabs": tabs(request, "bench")}
    if chosen is None:
        return render(request, "assessment/bench_stability.html", context)
    form, spread, seed = _drawing(chosen, request.GET)
    found = keeping.kept_stability(chosen.run, chosen.card.id, spread=spread, seed=seed)
    if found is None and keeping.is_quick(len(chosen.trial.card.entrants)):
        found = keeping.stability(chosen.run, chosen.card.id, spread=spread, seed=seed)
    group = request.GET.get("group", "")
    context |= {
        "form": form,
        "spread": spread,
        "seed": seed,
        "draws": DRAWS,
        "found": found,
        "groups": bench_tables.group_names(chosen.card, chosen.trial.card),
        "group": group,
        "tabs": chosen.tabs("bench-stability"),
        "pages": _pages(chosen, "bench-stability"),
    }
    if found:
        context |= bench_tables.steadiness(chosen.trial, found, request.GET, group=group)
    else:
        context["is_asked"] = keeping.is_asked(chosen.run, chosen.card.id, spread=spread, seed=seed)
    return render(request, "assessment/bench_stability.html", context)


@may("assessment.read")
@require_POST
def draws(request: Request) -> HttpResponseBase:
    """Ask the worker to draw. Asking twice is asking once."""
    chosen = _chosen(request, request.POST)
    if chosen is None:
        raise Refusal(_("还没有计分结果，无从试算。"))
    form, spread, seed = _drawing(chosen, request.POST)
    if form.is_bound:
        valid(form)
    if keeping.ask_stability(chosen.run, chosen.card.id, spread=spread, seed=seed):
        messages.success(request, _("已开始试算，稍后刷新即可看到结果。"))
    return redirect(address("bench-stability", chosen.where | {"spread": spread, "seed": seed}))


def _drawing(chosen: Chosen, params: Any) -> tuple[DrawForm, int, int]:
    """The form, the spread and the seed; without a seed in the address it follows from the run's result."""
    own = {"spread": SPREADS[0], "seed": int(chosen.run.result_digest[:8], 16)}
    form = DrawForm(params if "seed" in params else None, initial=own)
    given = form.cleaned_data if form.is_bound and form.is_valid() else own
    return form, int(given["spread"]), int(given["seed"])


def _pages(chosen: Chosen, current: str) -> list[dict[str, Any]]:
    """The two pages of the bench, for the same card."""
    return [
        {"label": label, "url": address(name, chosen.where), "current": name == current}
        for name, label in (("bench", _("改权重")), ("bench-stability", _("排名稳不稳")))
    ]
