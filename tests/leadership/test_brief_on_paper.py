"""The brief fits two pages of A4 even where everything that it may show is there, at its longest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from conftest import City, SignIn, at
from guantong.leadership.briefing import LONGEST_LINE, LONGEST_TITLE, MOST_ITEMS, MOST_LINES, MOST_UNITS
from guantong.leadership.models import Brief, Meeting
from guantong.obligations.choices import Source
from leadership.meeting_cast import planned

STYLES = Path(__file__).parents[2] / "src" / "guantong" / "ui" / "static"
LINK = re.compile(r'<link rel="stylesheet" href="/static/(ui/[\w.]+)"(?: media="(\w+)")?>')


def fullest(meeting: Meeting) -> dict[str, object]:
    figures = [
        {
            "key": f"{light}-{source}" if source else light,
            "light": light,
            "source": source,
            "n": 9999,
            "refs": [],
        }
        for source in ("", *Source.values)
        for light in ("red", "yellow")
    ]
    items = {
        colour.value: [
            {"obligation": 1, "title": "任" * LONGEST_TITLE, "unit": "鄂尔多斯市高新技术产业园区", "due_on": "2026-03-31", "days": 240}
        ] * most
        for colour, most in MOST_ITEMS.items()
    }  # fmt: skip
    lines = [
        {"line": 1, "wording": "定" * LONGEST_LINE, "task": 1, "standing": "办理中", "tone": "info"}
    ] * MOST_LINES
    return {
        "as_of": "2026-06-10", "unit": meeting.unit_id, "figures": figures, "items": items,
        "units": [{"unit": 1, "name": "鄂尔多斯市高新技术产业园区", "red": 999, "yellow": 999}] * MOST_UNITS,
        "last": {"meeting": 1, "day": "2026-03-10", "lines": lines},
    }  # fmt: skip


def inlined(page: str) -> str:
    """The page with its styles in it, so that it needs no server."""

    def style(match: re.Match[str]) -> str:
        media = f' media="{match[2]}"' if match[2] else ""
        return f"<style{media}>{(STYLES / match[1]).read_text(encoding='utf-8')}</style>"

    return LINK.sub(style, page)


pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_fullest_brief_is_two_pages(chromium: Browser, city: City, as_: SignIn) -> None:
    meeting = planned(city, kind="hearing", title="听取汇报")
    Brief.objects.create(meeting=meeting, content=fullest(meeting), made_at=at(6, 10))
    text = inlined(as_(city.coordinator).get(f"/hearings/{meeting.pk}/brief/").content.decode())
    assert "<style" in text
    page = chromium.new_page()
    page.set_content(text)
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2
