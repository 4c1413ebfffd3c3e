"""Components around a body, which the template writes between the tag and its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template import Context
from django.template.loader import render_to_string

from guantong.ui.saving import save_url
from guantong.ui.tables import Listing, is_narrowed
from guantong.ui.tags.registry import register

Items = Sequence[Any]


@register.simple_block_tag(end_name="end_page_header")
def page_header(
    content: str,
    title: object,
    lead: object = "",
    crumbs: Items = (),
    up_label: object = "",
    up_url: str = "",
) -> str:
    """The head of a page; the body holds its actions."""
    if up_url:
        crumbs = [*crumbs, {"label": up_label, "url": up_url}]
    return render_to_string(
        "ui/page_header.html",
        {"title": title, "lead": lead, "crumbs": crumbs, "actions": content.strip() and content},
    )


@register.simple_block_tag(end_name="end_panel")
def panel(content: str, title: object = "", lead: object = "", id: str = "") -> str:
    """A white sheet with an optional heading."""
    return render_to_string("ui/panel.html", {"title": title, "lead": lead, "id": id, "content": content})


@register.simple_block_tag(end_name="end_disclosure")
def disclosure(content: str, summary: object, is_open: bool = False) -> str:
    """An explanation that opens in place."""
    return render_to_string(
        "ui/disclosure.html", {"summary": summary, "is_open": is_open, "content": content}
    )


@register.simple_block_tag(end_name="end_drawer")
def drawer(
    content: str, summary: object, title: object = "", icon: str = "", variant: str = "secondary"
) -> str:
    """A button that opens a side panel (a sheet from below on phones)."""
    context = {
        "summary": summary,
        "title": title or summary,
        "icon": icon,
        "variant": variant,
        "content": content,
    }
    return render_to_string("ui/drawer.html", context)


@register.simple_block_tag(end_name="end_callout")
def callout(content: str, title: object = "", tone: str = "info") -> str:
    """A remark beside the content. Tones: info, good, warn, bad."""
    return render_to_string("ui/callout.html", {"title": title, "tone": tone, "content": content})


@register.simple_block_tag(end_name="end_empty_state")
def empty_state(content: str, title: object, text: object = "", icon: str = "inbox") -> str:
    """What to say when there is nothing; the body holds what to do about it."""
    context = {"title": title, "text": text, "icon": icon, "actions": content.strip() and content}
    return render_to_string("ui/empty_state.html", context)


@register.simple_block_tag(end_name="end_data_table")
def data_table(
    content: str, listing: Listing, caption: object = "", empty_title: object = "", empty_text: object = ""
) -> str:
    """A listing's table; the body holds its ``<tr>`` rows."""
    context = {
        "listing": listing,
        "caption": caption,
        "empty_title": empty_title,
        "empty_text": empty_text,
        "rows": content,
    }
    return render_to_string("ui/data_table.html", context)


@register.simple_block_tag(takes_context=True, end_name="end_filters")
def filters(context: Context, content: str, listing: Listing, label: object = "") -> str:
    """The form above a listing; the body holds its fields."""
    request = context["request"]
    return render_to_string(
        "ui/filters.html",
        {
            "listing": listing,
            "label": label,
            "path": request.path,
            "fields": content,
            "is_on": is_narrowed(request.GET),
            "save_url": save_url(request),
        },
    )
