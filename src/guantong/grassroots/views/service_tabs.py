"""The tab bar of services, demands, catalogue and campaigns."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guantong.accounts.acting import Acting
from guantong.accounts.middleware import Request
from guantong.accounts.tabs import tabs_of
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle

TABS = (
    ("services", pgettext_lazy("navigation", "联络服务")),
    ("demands", pgettext_lazy("navigation", "群众诉求")),
    ("campaigns", _("提升行动")),
    ("service-items", _("服务目录")),
)


def tabs(current: str, acting: Acting) -> list[dict[str, Any]]:
    """For `grassroots/_service_tabs.html`, without what the office acted for may not open."""
    return tabs_of(TABS, current, acting)


def cycle_or_404(request: Request) -> Cycle:
    found = cycle_asked(request)
    if found is None:
        raise Http404
    return found
