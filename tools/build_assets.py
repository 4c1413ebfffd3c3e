"""Build what a checkout needs to run and git does not keep: the compiled translations.

Scripts and icons come inside PyPI packages (django-htmx, heroicons); charts are drawn on the server as SVG.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "guantong"


def compile_translations() -> int:
    """Compile every ``.po`` beside itself; returns how many."""
    made = 0
    for source in sorted((PACKAGE / "locale").glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
        made += 1
    return made


if __name__ == "__main__":
    print(f"{compile_translations()} catalogue compiled")
    sys.exit(0)
