"""A valid package, and the same package with one fault put into it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from guantong.mechanisms.package import Finding, Reading, read_package

DATA = Path(__file__).parent / "data"
VALID = (DATA / "valid.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Seeded:
    """The reading of the faulty text, and the line the fault stands on."""

    reading: Reading
    line: int

    def on_the_line(self, rule: int) -> Finding:
        """The one error of that rule on the fault's line."""
        found = [
            each
            for each in self.reading.findings
            if (each.rule, each.line, each.severity) == (rule, self.line, "error")
        ]
        assert len(found) == 1, [(each.rule, each.line, each.message) for each in self.reading.findings]
        return found[0]


def _same_letters(old: str, new: str) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))))


def seeded(old: str, new: str, *, line_of: str = "") -> Seeded:
    """Replace ``old``, which stands once in the valid text.

    The fault's line is that of the first changed letter, or the first with ``line_of``.
    """
    assert VALID.count(old) == 1, (old, VALID.count(old))
    text = VALID.replace(old, new)
    at = text.index(line_of) if line_of else VALID.index(old) + _same_letters(old, new)
    return Seeded(read_package(text, name="seeded.yaml"), text[:at].count("\n") + 1)
