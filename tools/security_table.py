"""Hold docs/security.md to what is there: ``python tools/security_table.py --check`` says what does not fit.

Without ``--check`` the level and phrase of every row and the counts are rewritten from ``docs/asvs-5.0.tsv``.
Checked: each requirement of levels 1 and 2 has one row; each verdict is one of four; what is met names a test or a
section; every test, file and section named exists.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "security.md"
LIST = ROOT / "docs" / "asvs-5.0.tsv"
PACKAGE = ROOT / "src" / "guantong"
VERDICTS = ("met", "not applicable", "operator's", "not met")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$")
TEST = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|html|js|yaml|toml|tsv))`")
LINK = re.compile(r"\]\(([^)]+)\)")
COUNTS = re.compile(r"(?<=<!-- counts -->\n).*?(?=\n<!-- end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One of the standard's requirements: its number, its level (1 or 2), and what it asks in our words."""

    id: str
    level: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, with the number of the line it stands on."""

    line: int
    id: str
    level: str
    phrase: str
    verdict: str
    how: str
    tests: str


def requirements(text: str) -> list[Requirement]:
    """The list: lines of id, level, phrase with tabs between; ``#`` begins a remark."""
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [Requirement(*cells) for cells in lines]


def rows(document: str) -> list[Row]:
    matches = [(number, ROW.match(line)) for number, line in enumerate(document.splitlines(), start=1)]
    return [Row(number, *match.groups()) for number, match in matches if match]


@cache
def names_in(path: Path) -> frozenset[str]:
    """Test functions, test classes and the tests of a class, as ``name`` or ``Class::name``."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found.add(node.name)
            found |= {f"{node.name}::{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return frozenset(found)


def anchors(document: str) -> set[str]:
    """The anchors that headings get: lower case, blanks to hyphens, other signs dropped."""
    titles = re.findall(r"^#+ (.+)$", document, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def faults(document: str, listed: list[Requirement], *, root: Path = ROOT) -> list[str]:
    """Everything that does not fit, a sentence each; empty if the document holds."""
    return [*_faults_of_table(rows(document), listed), *_faults_of_names(document, root)]


def _faults_of_table(table: list[Row], listed: list[Requirement]) -> Iterator[str]:
    known = {each.id: each for each in listed}
    times = Counter(row.id for row in table)
    for id in known:
        if times[id] != 1:
            yield f"{id} stands {times[id]} times in the table, not once."
    for row in table:
        if row.id not in known:
            yield f"line {row.line}: {row.id} is no requirement of level 1 or 2."
        elif (row.level, row.phrase) != (known[row.id].level, known[row.id].phrase):
            yield f"line {row.line}: {row.id} does not read as in the list."
        if row.verdict not in VERDICTS:
            yield f"line {row.line}: “{row.verdict}” is no verdict."
        if row.verdict == "met" and not TEST.search(row.tests) and not LINK.search(row.how):
            yield f"line {row.line}: {row.id} is called met without a test or a section."
        if row.verdict != "met" and not row.how.strip():
            yield f"line {row.line}: {row.id} is “{row.verdict}” without saying why."


def _faults_of_names(document: str, root: Path) -> Iterator[str]:
    for number, line in enumerate(document.splitlines(), start=1):
        for name, dotted in TEST.findall(line):
            path = root / name
            if not path.is_file() or dotted not in names_in(path):
                yield f"line {number}: there is no test {name}::{dotted}."
        for name in FILE.findall(line):
            if not (root / name).is_file() and not (root / "src" / "guantong" / name).is_file():
                yield f"line {number}: there is no file {name}."
        for target in LINK.findall(line):
            if target.startswith("#"):
                if target[1:] not in anchors(document):
                    yield f"line {number}: there is no section {target}."
            elif "://" not in target and not (root / "docs" / target).exists():
                yield f"line {number}: there is no {target}."


def counted(document: str) -> str:
    """The table of verdicts by level."""
    table = rows(document)
    lines = ["| level | " + " | ".join(VERDICTS) + " | all |", "|---|" + "---|" * (len(VERDICTS) + 1)]
    for level in ("1", "2"):
        mine = [row for row in table if row.level == level]
        numbers = [str(sum(row.verdict == verdict for row in mine)) for verdict in VERDICTS]
        lines.append(f"| {level} | " + " | ".join(numbers) + f" | {len(mine)} |")
    totals = [str(sum(row.verdict == verdict for row in table)) for verdict in VERDICTS]
    lines.append("| both | " + " | ".join(totals) + f" | {len(table)} |")
    return "\n".join(lines)


def rewritten(document: str, listed: list[Requirement]) -> str:
    """The document with levels, phrases and counts as they should be."""
    known = {each.id: each for each in listed}

    def renewed(line: str) -> str:
        match = ROW.match(line)
        if not match or match[1] not in known:
            return line
        id, _level, _phrase, *rest = match.groups()
        return "| " + " | ".join([id, known[id].level, known[id].phrase, *rest]) + " |"

    text = "\n".join(renewed(line) for line in document.splitlines()) + "\n"
    return COUNTS.sub(lambda _match: counted(text), text)


def main(arguments: list[str]) -> int:
    listed = requirements(LIST.read_text(encoding="utf-8"))
    document = DOCUMENT.read_text(encoding="utf-8")
    if "--check" not in arguments:
        document = rewritten(document, listed)
        DOCUMENT.write_text(document, encoding="utf-8")
    wrong = faults(document, listed)
    if COUNTS.findall(document) != [counted(document)]:
        wrong.append("The counts are not those of the table; run tools/security_table.py.")
    print("\n".join(wrong) or counted(document))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
