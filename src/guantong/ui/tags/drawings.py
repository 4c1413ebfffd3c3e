"""Charts: coordinates from ``charts``, SVG in the templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guantong.ui import charts
from guantong.ui.tags.registry import register


@register.inclusion_tag("ui/sparkline.html")
def sparkline(values: Sequence[charts.Number | None], label: str = "") -> dict[str, Any]:
    return {"drawing": charts.sparkline(values), "values": values, "label": label}


@register.inclusion_tag("ui/line_chart.html")
def line_chart(
    series: Sequence[tuple[str, Sequence[charts.Number | None]]],
    labels: Sequence[str],
    title: str = "",
    note: str = "",
) -> dict[str, Any]:
    return {"chart": charts.line_chart(series, labels), "title": title, "note": note}


@register.inclusion_tag("ui/bar_chart.html")
def bar_chart(
    rows: Sequence[dict[str, object]], title: str = "", high: charts.Number | None = None, unit: str = ""
) -> dict[str, Any]:
    bars = charts.bars(rows, high=high)
    return {"bars": bars, "title": title, "unit": unit, "has_mark": any(bar.is_marked for bar in bars)}


@register.inclusion_tag("ui/donut.html")
def donut(
    rows: Sequence[dict[str, object]], title: str = "", total: object = "", unit: str = ""
) -> dict[str, Any]:
    return {"slices": charts.donut(rows), "title": title, "total": total, "unit": unit}
