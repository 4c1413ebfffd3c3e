"""The directive ``settings-list``: the settings, from the very list that ``guantong settings`` prints.

Without content each setting is explained by the program's own words (English). With content, a line
``GUANTONG_HOME: …`` for each gives them in the language of the page; one that is missing, or unknown, is a warning.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

log = logging.getLogger(__name__)

SOURCE = Path(__file__).parents[2] / "src" / "guantong" / "config" / "commands.py"


def known_settings() -> dict[str, str]:
    """Variable and purpose, read from the source and not by starting the program."""
    for node in ast.parse(SOURCE.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "SETTINGS":
            return {variable: purpose for variable, purpose, _name in ast.literal_eval(node.value)}
    raise LookupError(f"no SETTINGS in {SOURCE}")


def explained(lines: list[str]) -> dict[str, str]:
    """What the page itself says of each."""
    pairs = (line.partition(":") for line in lines if line.strip())
    return {name.strip(): text.strip() for name, _colon, text in pairs}


class SettingsList(SphinxDirective):
    has_content = True

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(SOURCE))
        known = known_settings()
        told = explained(list(self.content)) if self.content else known
        for name in sorted(known.keys() ^ told.keys()):
            what = "is not explained" if name in known else "is no setting"
            log.warning("%s %s", name, what, location=self.get_location())
        rows = nodes.definition_list()
        for name in known:
            term = nodes.term("", "", nodes.literal(text=name), ids=[name.lower().replace("_", "-")])
            text = nodes.definition("", nodes.paragraph(text=told.get(name, "")))
            rows += nodes.definition_list_item("", term, text)
        return [rows]


def setup(app: Any) -> dict[str, Any]:
    app.add_directive("settings-list", SettingsList)
    return {"version": "1", "parallel_read_safe": True}
