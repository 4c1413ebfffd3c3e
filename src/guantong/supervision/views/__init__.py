"""Pages of supervision, a file for each noun."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from guantong.accounts.acting import Acting
from guantong.accounts.tabs import tabs_of

TABS = (
    ("matters", gettext_lazy("督办事项")),
    ("findings", gettext_lazy("问题认定")),
    ("escalations", gettext_lazy("拟采取措施")),
    ("samples", gettext_lazy("抽查")),
    ("visits", gettext_lazy("督查日程")),
    ("circulars", pgettext_lazy("navigation", "通报")),
)


def tabs(current: str, acting: Acting | None = None) -> list[dict[str, Any]]:
    """The tab bar of the supervision pages, for `supervision/_tabs.html`; ``current`` is an address name.

    A tab that the office acted for may not open is left out.
    """
    return tabs_of(TABS, current, acting)
