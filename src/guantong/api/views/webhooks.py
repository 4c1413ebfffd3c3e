"""Addresses of other systems that the coordinating office has told of changes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.api.choices import EventKind, SendOutcome
from guantong.api.forms import WebhookForm
from guantong.api.models import Send, Webhook
from guantong.api.operations.webhooks import ask_test, end_webhook, set_up_webhook
from guantong.api.queries import webhooks_visible_to
from guantong.kernel.refusals import Refusal
from guantong.ui.forms import say_on
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("at", gettext_lazy("时间"), ("event__at",)),
    Column("what", gettext_lazy("变化"), ("event__kind",)),
    Column("outcome", gettext_lazy("结果"), ("outcome",)),
    Column("tries", gettext_lazy("次数"), ("tries",), is_number=True),
]
TONES = {SendOutcome.TAKEN: "good", SendOutcome.FAILED: "bad", SendOutcome.WAITING: "info"}


def _shown(request: Request) -> QuerySet[Webhook]:
    return webhooks_visible_to(request.acting).select_related("scope")


@may("cycles.run")
@require_GET
def webhooks(request: Request) -> HttpResponse:
    """Those in force first."""
    failed = Count("sends", filter=Q(sends__outcome=SendOutcome.FAILED))
    found = _shown(request).annotate(n_failed=failed).order_by("ended_at", "-pk")
    rows = [{"webhook": each, "kinds": kinds_of(each)} for each in found]
    return render(request, "api/webhooks.html", {"rows": rows})


def kinds_of(webhook: Webhook) -> list[str]:
    return [str(EventKind(each).label) for each in webhook.kinds if each in EventKind.values]


@may("cycles.run")
@require_http_methods(["GET", "POST"])
def new_webhook(request: Request) -> HttpResponseBase:
    """Set one up; its signing secret is on the answer and nowhere else."""
    assert request.acting.office is not None
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = set_up_webhook(
                office=request.acting.office, actor=request.acting, now=request.now, **form.cleaned_data
            )
            return render(request, "api/webhook_made.html", {"webhook": made.webhook, "secret": made.secret})
        except Refusal as refusal:
            say_on(form, refusal)
    return render(request, "api/webhook_new.html", {"form": form}, status=422 if form.errors else 200)


@may("cycles.run")
@require_GET
def webhook(request: Request, pk: int) -> HttpResponse:
    """One, with what was sent lately and how it ended."""
    found = get_object_or_404(_shown(request), pk=pk)
    sends = Send.objects.filter(webhook=found).select_related("event")
    listing = Listing.of(sends, request.GET, COLUMNS, id="sends", sort="-at", per_page=30)
    rows: list[dict[str, Any]] = [
        {"send": each, "tone": TONES.get(SendOutcome(each.outcome), "")} for each in listing
    ]
    context = {"webhook": found, "kinds": kinds_of(found), "listing": listing, "rows": rows}
    return render(request, "api/webhook.html", context)


@may("cycles.run")
@require_POST
def webhook_ending(request: Request, pk: int) -> HttpResponseBase:
    """Nothing more is sent there."""
    end_webhook(webhook=get_object_or_404(_shown(request), pk=pk), actor=request.acting, now=request.now)
    messages.success(request, _("已停止通知。"))
    return redirect("webhook", pk=pk)


@may("cycles.run")
@require_POST
def webhook_test(request: Request, pk: int) -> HttpResponseBase:
    """A test in the worker's next round."""
    ask_test(webhook=get_object_or_404(_shown(request), pk=pk), actor=request.acting, now=request.now)
    messages.success(request, _("一分钟内会发出一条测试通知。"))
    return redirect("webhook", pk=pk)
