"""Cells of tables that a spreadsheet will open: none may start a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: object) -> str:
    """A cell that no spreadsheet takes for a formula; plain numbers stay numbers.

    What already has the mark before a formula gets another, so that `as_meant` gives back what was put in.
    """
    said = str(text)
    if said.lstrip("'").startswith(STARTS_A_FORMULA) and not NUMBER.fullmatch(said):
        return f"'{said}"
    return said


def as_meant(text: str) -> str:
    """A cell without the mark that `harmless` put before it."""
    if text.startswith("'") and text.lstrip("'").startswith(STARTS_A_FORMULA):
        return text[1:]
    return text


def harmless_row(cells: Iterable[object]) -> list[str]:
    return [harmless(each) for each in cells]
