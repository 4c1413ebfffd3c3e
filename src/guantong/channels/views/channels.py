"""The system administrator's pages: channels, their test messages, and the delivery log."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.tabs import tabs_of
from guantong.channels.choices import ChannelKind, Outcome
from guantong.channels.forms import ChannelForm, of_channel
from guantong.channels.operations.channels import (
    ask_test_message,
    change_channel,
    set_up_channel,
    switch_channel,
)
from guantong.channels.queries.channels import channels_visible_to, deliveries_visible_to
from guantong.channels.views.outcomes import with_tones
from guantong.kernel.refusals import Refusal
from guantong.ui.forms import say_on, valid
from guantong.ui.tables import Column, Listing

PAGES = (("channels", gettext_lazy("提醒渠道")), ("deliveries", gettext_lazy("发送记录")))
BASES = {
    ChannelKind.WECOM: "https://qyapi.weixin.qq.com",
    ChannelKind.DINGTALK: "https://oapi.dingtalk.com",
    ChannelKind.FEISHU: "https://open.feishu.cn",
}
COLUMNS = [
    Column("planned", gettext_lazy("时间")),
    Column("channel", gettext_lazy("渠道")),
    Column("outcome", gettext_lazy("结果")),
    Column("tries", gettext_lazy("次数"), is_number=True),
]


@may("system.read")
@require_GET
def channels(request: Request) -> HttpResponse:
    """Every channel, and the kinds that can be set up."""
    context = {
        "tabs": tabs_of(PAGES, "channels", request.acting),
        "channels": channels_visible_to(request.acting),
        "kinds": ChannelKind.choices if request.acting.may("system.run") else [],
        "inner": settings.INNER_HOSTS,
    }
    return render(request, "channels/channels.html", context)


@may("system.run")
@require_http_methods(["GET", "POST"])
def new_channel(request: Request, kind: str) -> HttpResponseBase:
    """Set one up; it stays off."""
    if kind not in ChannelKind.values:
        raise Http404
    known = ChannelKind(kind)
    initial = {"server": BASES.get(known, ""), "link_base": request.build_absolute_uri("/").rstrip("/")}
    form = ChannelForm(request.POST or None, kind=kind, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = set_up_channel(kind=kind, terms=form.terms(), actor=request.acting, now=request.now)
        except Refusal as refusal:
            say_on(form, refusal)
        else:
            messages.success(request, _("渠道已建立，还没有启用。先发一条测试消息看看。"))
            return redirect("channel", pk=made.pk)
    context = {"form": form, "kind": known}
    return render(request, "channels/new.html", context, status=422 if form.errors else 200)


@may("system.read")
@require_GET
def channel(request: Request, pk: int) -> HttpResponse:
    """One channel with its latest sendings."""
    found = get_object_or_404(channels_visible_to(request.acting), pk=pk)
    latest = deliveries_visible_to(request.acting).filter(channel=found)
    context = {
        "channel": found,
        "form": ChannelForm(kind=found.kind, channel=found, initial=of_channel(found)),
        "latest": with_tones(latest[:10]),
        "runs": request.acting.may("system.run"),
    }
    return render(request, "channels/channel.html", context)


@may("system.run")
@require_POST
def channel_terms(request: Request, pk: int) -> HttpResponseBase:
    """Change it."""
    found = get_object_or_404(channels_visible_to(request.acting), pk=pk)
    form = ChannelForm(request.POST, kind=found.kind, channel=found)
    valid(form)
    change_channel(channel=found, terms=form.terms(), actor=request.acting, now=request.now)
    messages.success(request, _("已保存。"))
    return redirect("channel", pk=pk)


@may("system.run")
@require_POST
def channel_switch(request: Request, pk: int) -> HttpResponseBase:
    """On or off."""
    found = get_object_or_404(channels_visible_to(request.acting), pk=pk)
    on = request.POST.get("on") == "1"
    switch_channel(channel=found, on=on, actor=request.acting, now=request.now)
    messages.success(request, _("渠道已启用。") if on else _("渠道已停用。"))
    return redirect("channel", pk=pk)


@may("system.run")
@require_POST
def channel_test(request: Request, pk: int) -> HttpResponseBase:
    """A test message, sent by the worker."""
    found = get_object_or_404(channels_visible_to(request.acting), pk=pk)
    ask_test_message(channel=found, actor=request.acting, now=request.now)
    messages.success(request, _("测试消息将在一分钟左右发出，结果见下面的发送记录。"))
    return redirect("channel", pk=pk)


@may("system.read")
@require_GET
def deliveries(request: Request) -> HttpResponse:
    """What went out and how it ended; for whom is not shown."""
    found = deliveries_visible_to(request.acting)
    outcome = request.GET.get("outcome", "")
    if outcome in Outcome.values:
        found = found.filter(outcome=outcome)
    listing = Listing.of(found, request.GET, COLUMNS, id="deliveries", per_page=50)
    chips = [{"label": _("全部"), "url": "?", "current": not outcome}]
    chips += [
        {"label": each.label, "url": f"?outcome={each.value}", "current": outcome == each.value}
        for each in Outcome
    ]
    context = {
        "tabs": tabs_of(PAGES, "deliveries", request.acting),
        "listing": listing,
        "rows": with_tones(listing),
        "chips": chips,
    }
    return render(request, "channels/deliveries.html", context)
