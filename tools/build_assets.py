"""Build what a checkout needs to run: compiled translations and, where npm is there, the chart library.

Without npm the pages use server-side SVG; nothing else changes.
"""

from __future__ import annotations

import shutil
import subprocess
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


def main() -> int:
    compile_translations()
    if not shutil.which("npm") or not (ROOT / "package.json").exists():
        return 0
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=ROOT)
    if done.returncode:
        print("npm could not fetch the chart library; charts stay server-side SVG.", file=sys.stderr)
        return 0
    target = PACKAGE / "ui" / "static" / "vendor" / "echarts"
    target.mkdir(parents=True, exist_ok=True)
    library = ROOT / "node_modules" / "echarts"
    shutil.copyfile(library / "dist" / "echarts.simple.min.js", target / "echarts.min.js")
    shutil.copyfile(library / "LICENSE", target / "LICENSE")
    return 0


if __name__ == "__main__":
    sys.exit(main())
