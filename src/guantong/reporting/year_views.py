"""The year: its phases as a band, closing and reopening them, and moving to a new package version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.changes import ask_package_change, ask_reopening, close_phase
from guantong.mechanisms.models import Cycle, PhaseClosure
from guantong.mechanisms.models import Phase as MechanismPhase
from guantong.mechanisms.operations import read_uploaded_package
from guantong.mechanisms.queries import cycles_visible_to
from guantong.obligations.choices import Light
from guantong.obligations.views import address_of
from guantong.reporting.phases import Gate, phases_with_gates
from guantong.ui import bands

GATE_LINKS = {"lists": "duty-lists", "scores": "scores"}
MAX_PACKAGE_BYTES = 1_000_000


@may("business.read")
@require_GET
def cycles(request: Request) -> HttpResponse:
    """The current cycle's year, or the list of years."""
    found = list(cycles_visible_to(request.acting))
    current = cycle_asked(request)
    context: dict[str, Any] = {"cycles": found, "cycle": current}
    if current:
        context |= _year(request, current)
    return render(request, "reporting/cycle.html", context)


def _year(request: Request, cycle: Cycle) -> dict[str, Any]:
    """The year as a band with today's mark, and each phase with what it waits for."""
    scope = request.acting.scope_path
    path = scope if scope.startswith(cycle.unit.path) else cycle.unit.path
    phases = phases_with_gates(cycle, on=request.today, path=path)
    begins = min([cycle.starts_on, *(phase.starts_on for phase, _gate in phases)])
    ends = max([cycle.ends_on, *(phase.ends_on for phase, _gate in phases)])
    band = bands.band(
        begins_on=begins,
        ends_on=ends,
        today=request.today,
        phases=[
            bands.Phase(
                str(phase.name),
                phase.starts_on,
                phase.ends_on,
                waits_for=gate.sentence,
                url=_gate_url(cycle, gate),
            )
            for phase, gate in phases
        ],
    )
    closed = set(
        PhaseClosure.objects.filter(phase__cycle=cycle, reopened_at__isnull=True).values_list(
            "phase", flat=True
        )
    )
    runs = request.acting.may("cycles.run") and request.acting.sees(cycle.unit.path)
    return {
        "band": band,
        "runs_cycle": runs,
        "phases": [
            {
                "phase": phase,
                "gate": gate,
                "closed": phase.pk in closed,
                "may_close": runs and phase.pk not in closed and request.today >= phase.ends_on,
            }
            for phase, gate in phases
        ],
    }


def _phase(request: Request, pk: int) -> MechanismPhase:
    return get_object_or_404(
        MechanismPhase.objects.select_related("cycle__unit", "cycle__stored").filter(
            cycle__in=cycles_visible_to(request.acting)
        ),
        pk=pk,
    )


@may("cycles.run")
@require_POST
def phase_closure(request: Request, pk: int) -> HttpResponseBase:
    """Declare a phase over."""
    phase = _phase(request, pk)
    close_phase(phase=phase, actor=request.acting, now=request.now, today=request.today)
    messages.success(request, _("阶段已结束，其间到期的期限不再调整。"))
    return redirect("cycles")


@may("cycles.run")
@require_POST
def phase_reopening(request: Request, pk: int) -> HttpResponseBase:
    """Ask for a closed phase to be opened again; another person decides."""
    ask_reopening(
        phase=_phase(request, pk),
        reason=request.POST.get("reason", ""),
        actor=request.acting,
        now=request.now,
    )
    messages.success(request, _("已提出申请，须由另一人批准。"))
    return redirect("cycles")


@may("cycles.run")
@require_POST
def package_change(request: Request, pk: int) -> HttpResponseBase:
    """Ask for the running cycle to go on with a new version of its package; another person decides."""
    cycle = get_object_or_404(cycles_visible_to(request.acting), pk=pk)
    upload = request.FILES.get("package")
    if upload is None:
        raise Refusal(_("请选择机制包文件。"))
    ask_package_change(
        cycle=cycle,
        package=read_uploaded_package(upload.read(MAX_PACKAGE_BYTES + 1)),
        reason=request.POST.get("reason", ""),
        actor=request.acting,
        now=request.now,
    )
    messages.success(request, _("已提出申请，须由另一人批准。"))
    return redirect("cycles")


def _gate_url(cycle: Cycle, gate: Gate) -> str:
    if gate.link == "red":
        return address_of(cycle=cycle.pk, light=Light.RED)
    return reverse(GATE_LINKS[gate.link]) if gate.link in GATE_LINKS else ""
