"""Which lists can be saved with their filter, and what of their address is kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from guantong.accounts.acting import Acting
from guantong.accounts.policies import policy_of

# url name: what the list is called. Only pages that name no object: the filter is all there is to keep.
LISTS: dict[str, Any] = {
    "search": _("查找"),
    "matters": _("督办事项"),
    "findings": _("问题认定"),
    "visits": _("督查日程"),
    "obligations": _("事项"),
    "tasks": _("任务"),
    "duty-lists": _("责任清单"),
    "records": _("工作记录"),
    "cases": _("诉求"),
    "meetings": _("会议活动"),
    "publicity": _("宣传计划"),
    "pairings": _("联系分工"),
    "bookings": _("预约"),
    "homes": _("之家"),
    "field-requests": _("填报要求"),
}
NOT_KEPT = frozenset({"page", "csrfmiddlewaretoken"})
LONGEST = 900


def list_at(address: str) -> str:
    """The name of the list at an address of this site; empty where there is none."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return ""
    try:
        match = resolve(parts.path)
    except Resolver404:
        return ""
    return match.url_name if match.url_name in LISTS and not match.kwargs else ""


def kept_of(address: str) -> str:
    """The address without what belongs to one look at the list only."""
    parts = urlsplit(address)
    asked = [(name, value) for name, value in parse_qsl(parts.query) if value and name not in NOT_KEPT]
    return f"{parts.path}?{urlencode(asked)}" if asked else parts.path


def may_open(acting: Acting, address: str) -> bool:
    """Whether an office may use the page at all; what it shows there is the page's own to decide."""
    policy = policy_of(resolve(urlsplit(address).path).func)
    return bool(policy and acting.may(policy))


def address_to_save(request: HttpRequest) -> str:
    """Where the list of a request is saved under a name; empty where it cannot be."""
    acting = getattr(request, "acting", None)
    match = request.resolver_match
    if acting is None or not acting.may("business.read") or match is None or match.url_name not in LISTS:
        return ""
    return f"{reverse('new-view')}?{urlencode({'of': request.get_full_path()})}"
