"""Pages of leadership, a file for each noun."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guantong.accounts.acting import Acting
from guantong.accounts.middleware import Request
from guantong.accounts.tabs import tabs_of
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import current_cycle

TABS = (
    ("meetings", pgettext_lazy("navigation", "会议活动")),
    ("hearings", pgettext_lazy("navigation", "听取汇报")),
    ("courses", pgettext_lazy("navigation", "学习培训")),
    ("publicity", gettext_lazy("宣传计划")),
    ("pairings", pgettext_lazy("navigation", "结对联系")),
    ("bodies", gettext_lazy("机构")),
    ("meeting-load", gettext_lazy("会议负担")),
)


def tabs(current: str, acting: Acting) -> list[dict[str, Any]]:
    """The tab bar of the leadership pages, for `leadership/_tabs.html`; ``current`` is an address name.

    A tab that the office acted for may not open is left out.
    """
    return tabs_of(TABS, current, acting)


def running_cycle(request: Request) -> Cycle:
    """The year something is planned in. Refuses while none was opened."""
    cycle = current_cycle(request.acting, on=request.today)
    if cycle is None:
        raise Refusal(_("还没有启动年度周期。"))
    return cycle
