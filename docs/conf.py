"""How the pages are built; `make docs` draws the pictures and calls this."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "贯通 Guantong"
author = copyright = ""
language = "zh_CN"
extensions = ["myst_parser", "shots", "settings_list"]
exclude_patterns = ["_ext", "_static"]
root_doc = "index"

myst_heading_anchors = 4  # every heading can be linked to
myst_enable_extensions = ["colon_fence"]
nitpicky = True

html_theme = "furo"
html_title = "贯通 Guantong"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_copy_source = html_show_sourcelink = html_show_copyright = html_show_sphinx = False
html_use_index = False
html_theme_options: dict[str, Any] = {
    "footer_icons": [],
    "light_css_variables": {"color-brand-primary": "#a11d21", "color-brand-content": "#a11d21"},
    "dark_css_variables": {"color-brand-primary": "#ff9d94", "color-brand-content": "#ff9d94"},
}
templates_path: list[str] = []

IN_CHINESE = ("zh/", "index")


def say_the_language(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """So that a screen reader pronounces an English page in English."""
    if not page.startswith(IN_CHINESE):
        context["language"] = "en"


def setup(app: Any) -> None:
    app.connect("html-page-context", say_the_language)
