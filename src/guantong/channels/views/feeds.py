"""The calendar feed itself, and the page on which its address is made and ended."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.adapters import source_of
from guantong.accounts.middleware import Request
from guantong.accounts.policies import public, signed_in
from guantong.channels.feeds.events import events_of
from guantong.channels.feeds.limiting import fetched_too_often, guesses_too_often, note_wrong
from guantong.channels.feeds.writing import calendar_text
from guantong.channels.forms import FeedForm
from guantong.channels.models import Feed
from guantong.channels.operations.feeds import digest_of, end_feed, make_feed
from guantong.ui.forms import valid


@signed_in
@require_GET
def own_feed(request: Request) -> HttpResponse:
    """Whether there is a feed, since when, and how to make or end it."""
    feeds = Feed.objects.filter(person=request.acting.person, ended_at__isnull=True)
    form = FeedForm(initial={"language": get_language() or "zh-hans"})
    return render(request, "channels/feed.html", {"feed": feeds.first(), "form": form})


@signed_in
@require_POST
def new_feed(request: Request) -> HttpResponse:
    """A new address, shown once."""
    assert request.acting.person is not None
    language = valid(FeedForm(request.POST))["language"]
    code = make_feed(person=request.acting.person, language=language, actor=request.acting, now=request.now)
    address = request.build_absolute_uri(reverse("feed", args=[code]))
    return render(request, "channels/feed_made.html", {"address": address})


@signed_in
@require_POST
def feed_end(request: Request, pk: int) -> HttpResponseBase:
    """The address stops working."""
    mine = get_object_or_404(Feed.objects.filter(person=request.acting.person), pk=pk)
    end_feed(feed=mine, actor=request.acting, now=request.now)
    messages.success(request, _("日历订阅已停用。"))
    return redirect("own-feed")


@public
@require_GET
def feed(request: Request, code: str) -> HttpResponse:
    """The calendar of whoever made this address, for as long as it is in force."""
    source = source_of(request)
    if guesses_too_often(source):
        return _plain(429)
    digest = digest_of(code)
    found = Feed.objects.select_related("person").filter(digest=digest, ended_at__isnull=True).first()
    if found is None or not found.person.is_active:
        note_wrong(source)
        return _plain(404)
    if fetched_too_often(digest):
        return _plain(429)
    with override(found.language):
        events = events_of(found.person, on=request.today)
        text = calendar_text(events, stamp=found.made_at, base=request.build_absolute_uri("/"))
    etag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    answer = _plain(304) if etag in known or f"W/{etag}" in known or "*" in known else HttpResponse(text)
    answer["Content-Type"] = "text/calendar; charset=utf-8"
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    answer["Content-Disposition"] = 'inline; filename="guantong.ics"'
    return answer


def _plain(status: int) -> HttpResponse:
    answer = HttpResponse(status=status, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    if status == 429:
        answer["Retry-After"] = "3600"
    return answer
