"""Pages of the burden meter, the field dictionary and the requests: a file for each noun."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from guantong.accounts.acting import Acting
from guantong.accounts.middleware import Request
from guantong.accounts.tabs import tabs_of
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle

TABS = (
    ("burden", gettext_lazy("本单位")),
    ("burden-table", gettext_lazy("各单位要求的")),
    ("field-requests", pgettext_lazy("navigation", "填报要求")),
    ("fields", gettext_lazy("填报项目录")),
    ("paper-answers", gettext_lazy("纸质代录")),
    ("burden-signatures", gettext_lazy("签批")),
)


def tabs(current: str, acting: Acting) -> list[dict[str, Any]]:
    """The tab bar of these pages, for `burden/_tabs.html`, without what the office acted for may not open."""
    return tabs_of(TABS, current, acting)


def cycle_or_404(request: Request) -> Cycle:
    found = cycle_asked(request)
    if found is None:
        raise Http404
    return found


def rows_address(**filters: object) -> str:
    """Where the rows of a figure are."""
    wanted = {key: str(value) for key, value in filters.items() if value}
    return f"{reverse('burden-rows')}?{urlencode(wanted)}"
