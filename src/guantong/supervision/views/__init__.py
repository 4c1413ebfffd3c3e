"""Pages of supervision, a file for each noun."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext_lazy

from guantong.accounts.acting import Acting
from guantong.accounts.policies import PUBLIC, SIGNED_IN, policy_of

TABS = (
    ("matters", gettext_lazy("督办事项")),
    ("findings", gettext_lazy("问题认定")),
    ("escalations", gettext_lazy("拟采取措施")),
    ("samples", gettext_lazy("抽查")),
    ("visits", gettext_lazy("督查日程")),
    ("circulars", gettext_lazy("通报")),
)


def tabs(current: str, acting: Acting | None = None) -> list[dict[str, Any]]:
    """The tab bar of the supervision pages, for `supervision/_tabs.html`; ``current`` is an address name.

    A tab whose address does not exist is left out, and so is one that the office acted for may not open.
    """
    items = []
    for name, label in TABS:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        policy = policy_of(resolve(url).func)
        if acting is not None and policy not in (None, PUBLIC, SIGNED_IN) and not acting.may(str(policy)):
            continue
        items.append({"label": label, "url": url, "current": name == current})
    return items
