"""Merged cells: their value stands in every row that they cover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Spread:
    """Values of merged cells for every row that they cover; rows come in their order."""

    def __init__(self, merged: Sequence[Any]) -> None:
        self._waiting = sorted(
            ((first[0], first[1], last[0]) for first, last in merged if last[0] > first[0]), reverse=True
        )
        self._open: dict[int, tuple[int, Any]] = {}

    def over(self, row: int, cells: list[Any]) -> list[Any]:
        if not self._waiting and not self._open:
            return cells
        for column, (last, value) in list(self._open.items()):
            if row > last:
                del self._open[column]
            elif column >= len(cells) or cells[column] in ("", None):
                cells = [*cells, *[""] * (column + 1 - len(cells))]
                cells[column] = value
        while self._waiting and self._waiting[-1][0] <= row:
            first, column, last = self._waiting.pop()
            if first == row and column < len(cells):
                self._open[column] = (last, cells[column])
        return cells
