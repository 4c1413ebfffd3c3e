"""What the rooms above hold about a representative, put on that person's own page.

A room registers a panel from ``AppConfig.ready``; the page shows each under its own heading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from guantong.partners.models import Partner


@dataclass(frozen=True, slots=True)
class Panel:
    """``context(partner, today)`` is what ``template`` shows; an empty one leaves the panel out."""

    id: str
    template: str
    context: Callable[[Partner, dt.date], Mapping[str, Any]]


PANELS: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    PANELS[panel.id] = panel


def panels_for(partner: Partner, today: dt.date) -> list[tuple[str, Mapping[str, Any]]]:
    """(template, context) of each panel that has something to show."""
    found = [(each.template, each.context(partner, today)) for each in PANELS.values()]
    return [(template, context) for template, context in found if context]
