"""The six lights as words and shapes, so that nobody has to tell them apart by colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

LABELS = {
    "red": _("逾期"),
    "yellow": _("滞后"),
    "blue": _("临近"),
    "green": _("按期"),
    "grey": _("暂停"),
    "none": _("未亮灯"),
}
"""Worst first: the order in which bars, legends and tables show them."""


@dataclass(frozen=True, slots=True)
class LightCount:
    """One light of a bar: how many, and where its segment lies, in percent of the bar."""

    light: str
    label: str
    count: int
    x: str
    width: str


def light_counts(counts: Mapping[str, int]) -> list[LightCount]:
    """Segments of a bar from ``{"red": 3, "green": 20, …}``, worst first; lights without count left out.

    Raises KeyError for a light that does not exist.
    """
    for light in counts:
        LABELS[light]
    total = sum(counts.values())
    segments, x = [], 0.0
    for light, label in LABELS.items():
        count = counts.get(light, 0)
        if count > 0:
            width = 100 * count / total
            segments.append(LightCount(light, str(label), count, f"{x:.2f}", f"{width:.2f}"))
            x += width
    return segments
