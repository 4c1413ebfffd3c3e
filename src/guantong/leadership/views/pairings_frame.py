"""What the pages of paired contact share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from guantong.accounts.acting import Acting
from guantong.accounts.middleware import Request
from guantong.kernel.refusals import Refusal
from guantong.leadership.views import tabs
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit

TABS = (
    ("pairings", gettext_lazy("联系分工"), "partners.read"),
    ("partners", gettext_lazy("联系对象"), "partners.read"),
    ("pairing-quality", gettext_lazy("联系成效"), "partners.read"),
    ("pairing-proposal", gettext_lazy("分工建议"), "leadership.run"),
)


def bars(current: str, acting: Acting) -> dict[str, Any]:
    """The tab bars of the room and of paired contact; what the office may not open is left out."""
    items = [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label, function in TABS
        if acting.may(function)
    ]
    return {"tabs": tabs("pairings", acting), "pairing_tabs": items}


def cycle_or_refuse(request: Request) -> Cycle:
    cycle = cycle_asked(request)
    if cycle is None:
        raise Refusal(gettext_lazy("还没有启动年度周期。"))
    return cycle


def areas_for(acting: Acting) -> Any:
    """The places a partner can be in, from the visible subtree."""
    units = Unit.objects.filter(kind="territory", closed_on__isnull=True)
    assert acting.office is not None
    return (
        units.filter(pk__in=Unit.objects.below(acting.office.scope)).exclude(level="village").order_by("path")
    )
