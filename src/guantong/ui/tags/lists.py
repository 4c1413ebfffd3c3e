"""Components that show what they are given: board, band, figures, lists, refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from guantong.ui import lights
from guantong.ui.bands import Band
from guantong.ui.tags.registry import register

Items = Sequence[Any]


@register.inclusion_tag("ui/light_bar.html")
def light_bar(
    counts: Mapping[str, int], label: str = "", urls: Mapping[str, str] | None = None
) -> dict[str, Any]:
    urls = urls or {}
    segments = lights.light_counts(counts)
    return {"segments": [(segment, urls.get(segment.light, "")) for segment in segments], "label": label}


@register.inclusion_tag("ui/board.html")
def board(tiers: Items) -> dict[str, Any]:
    return {"tiers": tiers}


@register.inclusion_tag("ui/board_cell.html")
def board_cell(cell: Any) -> dict[str, Any]:
    return {"cell": cell}


@register.inclusion_tag("ui/progress_band.html")
def progress_band(band: Band, label: str = "") -> dict[str, Any]:
    return {"band": band, "label": label}


@register.inclusion_tag("ui/stat.html")
def stat(
    value: object, label: object, unit: object = "", detail: object = "", url: str = "", tone: str = ""
) -> dict[str, Any]:
    return {"value": value, "label": label, "unit": unit, "detail": detail, "url": url, "tone": tone}


@register.inclusion_tag("ui/action.html")
def action(text: object, url: str, icon: str = "", variant: str = "", small: bool = False) -> dict[str, Any]:
    return {"text": text, "url": url, "icon": icon, "variant": variant, "small": small}


@register.inclusion_tag("ui/steps.html")
def steps(items: Items) -> dict[str, Any]:
    return {"items": items}


@register.inclusion_tag("ui/facts.html")
def facts(rows: Items) -> dict[str, Any]:
    return {"rows": rows}


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Items, label: str = "", variant: str = "tabs") -> dict[str, Any]:
    return {"items": items, "label": label, "variant": variant}


@register.inclusion_tag("ui/chips.html")
def chips(items: Items, label: str = "") -> dict[str, Any]:
    return {"items": items, "label": label}


@register.inclusion_tag("ui/task_card.html")
def task_card(item: Any) -> dict[str, Any]:
    return {"item": item}


@register.inclusion_tag("ui/file_list.html")
def file_list(files: Items) -> dict[str, Any]:
    return {"files": files}


@register.inclusion_tag("ui/search_box.html")
def search_box(
    url: str = "", name: str = "q", value: str = "", label: str = "", placeholder: str = ""
) -> dict[str, Any]:
    return {"url": url, "name": name, "value": value, "label": label, "placeholder": placeholder}


@register.inclusion_tag("ui/check_list.html")
def check_list(
    name: str, items: Items, legend: object = "", help: object = "", error: object = ""
) -> dict[str, Any]:
    return {"name": name, "items": items, "legend": legend, "help": help, "error": error}


@register.inclusion_tag("ui/refusal.html")
def refusal(reasons: Sequence[object] | str, title: str = "") -> dict[str, Any]:
    return {"reasons": [reasons] if isinstance(reasons, str) else reasons, "title": title}
