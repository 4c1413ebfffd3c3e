"""Pages of assessment, a file for each noun; and the tabs that lead from one to the other."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

TABS = (
    ("scores", gettext_lazy("得分")),
    ("round", gettext_lazy("自评与申诉")),
    ("bench", gettext_lazy("试算")),
    ("result-uses", gettext_lazy("结果运用")),
)


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The pages of assessment; ``current`` is the name of the one shown. Show with ``assessment/_tabs.html``.

    A page that the acting office may not use is left out.
    """
    found = []
    for name, label in TABS:
        url = _address(name)
        if url and (name != "bench" or request.acting.may("assessment.read")):  # type: ignore[attr-defined]
            found.append({"label": label, "url": url, "current": name == current, "count": None})
    return found


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
