"""The directive ``shot``: a picture of a page, drawn anew for each build and kept by nobody.

::

    ```{shot} village /quick/
    :width: 360
    :language: zh
    :follow: /obligations/
    What stands under the picture.
    ```

User and path say which page of the demonstration (``-`` signs nobody in); ``follow`` opens the first link on it that
leads below that prefix to a number. Where the configuration value ``shots_folder`` names no folder with the picture,
only the caption stands there, so that the pages build anywhere.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

DRAWN = "_shots"
FENCE = re.compile(r"^```\{shot\} (\S+) (\S+)\n((?::\w+:.*\n)*)", re.MULTILINE)
NOBODY = "-"


@dataclass(frozen=True)
class Shot:
    """One page as one user sees it."""

    user: str
    path: str
    width: int = 1200
    language: str = "zh"
    follow: str = ""

    @property
    def name(self) -> str:
        words = re.sub(r"[^a-z0-9]+", "-", f"{self.path} {self.follow}".lower()).strip("-") or "home"
        user = "anybody" if self.user == NOBODY else self.user
        return f"{user}-{words}-{self.width}-{self.language}.png"


def shot_of(user: str, path: str, options: dict[str, str]) -> Shot:
    return Shot(
        user,
        path,
        int(options.get("width") or Shot.width),
        options.get("language") or Shot.language,
        options.get("follow") or Shot.follow,
    )


def shots_in(folder: Path) -> Iterator[Shot]:
    """Every picture that the pages in a folder ask for, once."""
    found = {}
    for file in sorted(folder.rglob("*.md")):
        for user, path, lines in FENCE.findall(file.read_text(encoding="utf-8")):
            options = dict(re.findall(r"^:(\w+):\s*(.*?)\s*$", lines, re.MULTILINE))
            shot = shot_of(user, path, options)
            found[shot.name] = shot
    yield from found.values()


class Picture(nodes.General, nodes.Element):
    """Where a picture stands."""


class ShotDirective(SphinxDirective):
    required_arguments = 2
    has_content = True
    option_spec = {
        "width": directives.positive_int,
        "language": lambda each: directives.choice(each, ("zh", "en")),
        "follow": directives.path,
    }

    def run(self) -> list[nodes.Node]:
        given = {name: str(value) for name, value in self.options.items()}
        return [Picture(shot=shot_of(*self.arguments, given), caption=" ".join(self.content))]


def visit_picture(writer: Any, node: Any) -> None:
    shot: Shot = node["shot"]
    caption = writer.encode(node["caption"])
    writer.body.append('<figure class="shot">')
    folder = writer.builder.config.shots_folder
    if folder and (Path(folder) / shot.name).is_file():
        source = "../" * writer.builder.current_docname.count("/") + f"{DRAWN}/{shot.name}"
        picture = f'<img src="{source}" width="{min(shot.width, 760)}" alt="{caption}" loading="lazy">'
        writer.body.append(f'<a href="{source}">{picture}</a>')
    writer.body.append(f"<figcaption>{caption}</figcaption></figure>")
    raise nodes.SkipNode


def copy_pictures(app: Any, exception: Exception | None) -> None:
    folder = app.config.shots_folder
    if exception is not None or not folder or app.builder.format != "html":
        return
    target = Path(app.outdir) / DRAWN
    target.mkdir(exist_ok=True)
    for shot in shots_in(Path(app.srcdir)):
        if (Path(folder) / shot.name).is_file():
            shutil.copy(Path(folder) / shot.name, target)


def setup(app: Any) -> dict[str, Any]:
    app.add_config_value("shots_folder", "", "env", types=[str])
    app.add_node(Picture, html=(visit_picture, None))
    app.add_directive("shot", ShotDirective)
    app.connect("build-finished", copy_pictures)
    return {"version": "1", "parallel_read_safe": True}
