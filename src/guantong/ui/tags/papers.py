"""Links to the documents that are made of an object."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join

from guantong.ui import papers
from guantong.ui.tags.marks import icon
from guantong.ui.tags.registry import register


@register.simple_tag(name="papers")
def paper_links(page: str, item: object) -> str:
    """A button for each document that a room above offers of the object; nothing where there is none."""
    drawing = icon("document-arrow-down")
    return format_html_join(
        "",
        '<a class="btn btn--secondary" href="{}">{}{}</a>',
        ((each.url, format_html("{}", drawing), each.label) for each in papers.offered(str(page), item)),
    )
