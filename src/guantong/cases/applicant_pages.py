"""What other rooms show on the page of a case that its applicant follows by code.

A room above registers a :class:`Panel` in its ``AppConfig.ready``; the tracking page asks each for its words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from guantong.accounts.middleware import Request
from guantong.cases.models import Case


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the tracking page.

    ``template`` is rendered with what ``context(request, case, code)`` gives; None leaves the panel out. ``order``
    sorts the panels, lowest first; the page's own stand around them.
    """

    id: str
    template: str
    context: Callable[[Request, Case, str], Mapping[str, Any] | None]
    order: int = 50


PANELS: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    PANELS[panel.id] = panel


def shown(request: Request, case: Case, code: str) -> list[str]:
    """Every panel that has something to say about this case, ready to stand on the page."""
    found: list[str] = []
    for panel in sorted(PANELS.values(), key=lambda each: (each.order, each.id)):
        context = panel.context(request, case, code)
        if context is not None:
            found.append(render_to_string(panel.template, dict(context), request))
    return found
