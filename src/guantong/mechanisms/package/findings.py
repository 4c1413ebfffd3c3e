"""Findings: what is wrong in a package file, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from guantong.mechanisms.package.spots import Spot, path_text

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. ``rule`` is the number of the lint rule, 0 where the file cannot be read at all."""

    rule: int
    severity: Severity
    file: str
    line: int
    path: str
    message: str
    suggestion: str

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "path": self.path,
            "message": self.message,
            "suggestion": self.suggestion,
        }


class Findings:
    """Collects the findings of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Finding] = []

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._found)

    def error(self, rule: int, spot: Spot, message: str, suggestion: str) -> None:
        self.at_line(rule, spot.line, path_text(spot.path), message, suggestion)

    def warning(self, rule: int, spot: Spot, message: str, suggestion: str) -> None:
        self.at_line(rule, spot.line, path_text(spot.path), message, suggestion, severity="warning")

    def at_line(
        self,
        rule: int,
        line: int,
        path: str,
        message: str,
        suggestion: str,
        *,
        severity: Severity = "error",
    ) -> None:
        self._found.append(Finding(rule, severity, self.file, max(line, 1), path, message, suggestion))

    @property
    def errors(self) -> int:
        return sum(1 for each in self._found if each.severity == "error")

    def in_order(self) -> list[Finding]:
        """By line, each once."""
        return sorted(dict.fromkeys(self._found), key=lambda each: (each.line, each.rule))
