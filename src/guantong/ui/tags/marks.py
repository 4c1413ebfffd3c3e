"""Small marks inside a line: icon, light, state, moment."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.html import format_html
from heroicons.templatetags import heroicons

from guantong.ui import lights
from guantong.ui.tags.registry import register

ICON_STYLES = {
    "outline": heroicons.heroicon_outline,
    "solid": heroicons.heroicon_solid,
    "mini": heroicons.heroicon_mini,
    "micro": heroicons.heroicon_micro,
}


@lru_cache(maxsize=256)
def _icon(name: str, size: int, style: str, css: str) -> str:
    attributes: dict[str, object] = {"aria-hidden": "true", "focusable": "false"}
    if css:
        attributes["class"] = css
    return str(ICON_STYLES[style](name, size=size, **attributes))


@register.simple_tag
def icon(name: str, size: int = 20, style: str = "outline", css: str = "") -> str:
    """A heroicon by name, decorative: the words beside it carry the meaning."""
    return _icon(str(name), size, str(style), str(css))


@register.simple_tag
def light(value: str, text: object = "", url: str = "", badge: bool = False) -> str:
    """A light: shape, colour and words. ``text`` replaces the plain word ("逾期 3 天")."""
    value = str(value or "none")
    label = text or lights.LABELS[value]
    css = f"light light--{value}{' light--badge' if badge else ''}"
    drawing = format_html('<svg viewBox="0 0 16 16" aria-hidden="true"><use href="#light-{}"/></svg>', value)
    if url:
        return format_html('<a class="{}" href="{}">{}<span>{}</span></a>', css, url, drawing, label)
    return format_html('<span class="{}">{}<span>{}</span></span>', css, drawing, label)


@register.simple_tag
def state_tag(text: object, tone: str = "") -> str:
    """A state in words. Tones: (none), info, good, warn, bad, accent."""
    return format_html('<span class="state{}">{}</span>', f" state--{tone}" if tone else "", text)


@register.filter
def moment(value: object) -> str:
    """A day or an instant as figures: 2026-03-31, 2026-03-31 09:30. Text passes through."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return formats.date_format(value, "Y-m-d H:i")
    return formats.date_format(value, "Y-m-d") if isinstance(value, dt.date) else str(value or "")
