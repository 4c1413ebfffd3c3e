"""Planning, writing down and cancelling contacts: short forms for a phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.accounts.queries import offices_visible_to
from guantong.cases.codes import grouped
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import ContactMode
from guantong.leadership.operations import contact_notes
from guantong.leadership.operations import contacts as operations
from guantong.leadership.pairing_forms import DoneForm, NoteForm, PlanForm
from guantong.leadership.queries import contacts as queries
from guantong.leadership.queries.pairings import shown_to
from guantong.leadership.rules.pairings import Cap
from guantong.leadership.views.pairings_frame import bars, cycle_or_refuse
from guantong.leadership.views.pairings_partners import visible_partner
from guantong.mechanisms.models import Cycle
from guantong.partners.models import Partner
from guantong.partners.rules import refuse_more_than
from guantong.ui.forms import say_on

JOIN = "join-"


def _offices(request: Request) -> QuerySet[Office] | None:
    """For the coordinating office: every office of the leaders and departments in its sight."""
    if not request.acting.may("leadership.run"):
        return None
    wanted = offices_visible_to(request.acting).filter(closed_on__isnull=True)
    return wanted.filter(unit__kind__in=["leading_group", "member_unit", "group_office"]).order_by(
        "unit__path", "seat", "number"
    )


def _office(request: Request, given: dict[str, Any]) -> Office:
    office = given.get("office") or request.acting.office
    assert isinstance(office, Office)
    return office


def _ways(partner: Partner, cap: Cap, request: Request) -> list[tuple[str, str]]:
    """A visit of one's own while there is room, along with another office's, or a call."""
    assert request.acting.office is not None
    ways = []
    if not cap.is_spent or request.acting.may("leadership.run"):
        ways.append((ContactMode.VISIT.value, _("走访，计一次（本期还剩 %(n)s 次）") % {"n": cap.left}))
    own = request.acting.office
    ways += [
        (
            f"{JOIN}{each.pk}",
            _("%(day)s 和%(office)s一起去，不另计次数") % {"day": each.day, "office": each.office},
        )
        for each in queries.visits_to_join(partner, by=own, today=request.today)
    ]
    return [*ways, (ContactMode.PHONE.value, _("电话联系，不计次数"))]


@may("partners.read")
@require_http_methods(["GET", "POST"])
def new_contact(request: Request, pk: int) -> HttpResponseBase:
    """Plan a contact. When the partner has been visited enough, only joining and calling are left."""
    partner, cycle = visible_partner(request, pk), cycle_or_refuse(request)
    cap = queries.cap_of(partner, cycle.package, day=request.today)
    own = request.acting.may("leadership.run")
    terms: dict[str, Any] = {
        "ways": _ways(partner, cap, request),
        "offices": _offices(request),
        "over_cap": own,
    }
    if request.method == "POST":
        form = PlanForm(request.POST, **terms)
        refuse_more_than(request.POST, ["csrfmiddlewaretoken", *form.fields])
        if form.is_valid():
            try:
                return _planned(request, cycle, partner, form.cleaned_data)
            except Refusal as refusal:
                say_on(form, refusal)
    else:
        form = PlanForm(initial={"office": request.acting.office_ref}, **terms)
    context = _frame(request, partner) | {"form": form, "cap": cap}
    return render(request, "leadership/contact_new.html", context, status=422 if form.errors else 200)


def _frame(request: Request, partner: Partner) -> dict[str, Any]:
    shown = shown_to(request.acting, [partner])[partner.pk]
    return {**bars("partners", request.acting), "partner": partner, "shown": shown}


def _planned(request: Request, cycle: Cycle, partner: Partner, given: dict[str, Any]) -> HttpResponse:
    who: dict[str, Any] = {"office": _office(request, given), "actor": request.acting, "now": request.now}
    if given["how"].startswith(JOIN):
        host = get_object_or_404(
            queries.contacts_visible_to(request.acting).filter(partner=partner),
            pk=given["how"].removeprefix(JOIN),
        )
        operations.join_contact(contact=host, purpose=given["purpose"], **who)
        messages.success(request, _("已并入，一起去，不另计次数。"))
    else:
        operations.plan_contact(
            cycle=cycle, partner=partner, mode=given["how"], day=given["day"], purpose=given["purpose"],
            over_cap_reason=given.get("over_cap_reason", ""), **who,
        )  # fmt: skip
        messages.success(request, _("已列入这个对象的日程，其他岗位也能看到。"))
    return redirect("partner", pk=partner.pk)


@may("partners.read")
@require_http_methods(["GET", "POST"])
def note(request: Request, pk: int) -> HttpResponseBase:
    """Write down a planned contact as done: one record, for all the offices that went."""
    contact = get_object_or_404(queries.contacts_visible_to(request.acting), pk=pk)
    cycle = cycle_or_refuse(request)
    if contact.record_id:
        return redirect("partner", pk=contact.partner_id)
    if request.method == "POST":
        form = NoteForm(request.POST)
        refuse_more_than(request.POST, ["csrfmiddlewaretoken", *form.fields])
        if form.is_valid():
            given = {key: form.cleaned_data[key] for key in ("day", "summary", "place")}
            try:
                noted = contact_notes.note_contact(
                    cycle=cycle,
                    contact=contact,
                    demands=form.demands,
                    actor=request.acting,
                    now=request.now,
                    **given,
                )
                return _noted(request, contact.partner, noted)
            except Refusal as refusal:
                say_on(form, refusal)
    else:
        form = NoteForm(initial={"day": min(contact.day, request.today)})
    context = _frame(request, contact.partner) | {"form": form, "contact": contact}
    return render(request, "leadership/contact_note.html", context, status=422 if form.errors else 200)


@may("partners.read")
@require_http_methods(["GET", "POST"])
def done(request: Request, pk: int) -> HttpResponseBase:
    """Write down a contact that nobody had planned."""
    partner, cycle = visible_partner(request, pk), cycle_or_refuse(request)
    spent = queries.cap_of(partner, cycle.package, day=request.today).is_spent
    terms: dict[str, Any] = {"offices": _offices(request), "over_cap": spent}
    if request.method == "POST":
        form = DoneForm(request.POST, **terms)
        refuse_more_than(request.POST, ["csrfmiddlewaretoken", *form.fields])
        if form.is_valid():
            given = {
                key: form.cleaned_data.get(key, "") for key in ("mode", "day", "purpose", "summary", "place")
            }
            given["over_cap_reason"] = form.cleaned_data.get("over_cap_reason", "")
            try:
                noted = contact_notes.note_unplanned_contact(
                    cycle=cycle, partner=partner, office=_office(request, form.cleaned_data), demands=form.demands,
                    actor=request.acting, now=request.now, **given,
                )  # fmt: skip
                return _noted(request, partner, noted)
            except Refusal as refusal:
                say_on(form, refusal)
    else:
        form = DoneForm(
            initial={"day": request.today, "mode": "phone", "office": request.acting.office_ref}, **terms
        )
    context = _frame(request, partner) | {"form": form}
    return render(request, "leadership/contact_note.html", context, status=422 if form.errors else 200)


def _noted(request: Request, partner: Partner, noted: contact_notes.Noted) -> HttpResponse:
    """To the partner's page; first the codes of new cases, which are shown this once."""
    if not noted.cases:
        messages.success(request, _("已登记一次，同时用于 %(n)s 项应联系的事项。") % {"n": len(noted.claims)})
        return redirect("partner", pk=partner.pk)
    context = _frame(request, partner) | {
        "noted": noted,
        "cases": [{"case": case, "code": grouped(code)} for case, code in noted.cases],
        "track": request.build_absolute_uri(reverse("track")),
    }
    answer = render(request, "leadership/contact_noted.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


@may("partners.read")
@require_POST
def cancellation(request: Request, pk: int) -> HttpResponseBase:
    """Take a planned contact out of the calendar."""
    contact = get_object_or_404(queries.contacts_visible_to(request.acting), pk=pk)
    operations.cancel_contact(contact=contact, actor=request.acting, now=request.now)
    messages.success(request, _("已取消。"))
    return redirect("partner", pk=contact.partner_id)
