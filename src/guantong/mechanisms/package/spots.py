"""Values of a package file with the place they stand at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Path = tuple[str | int, ...]


def path_text(path: Path) -> str:
    """``("duties", 3, "cadence")`` as ``duties[3].cadence``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


@dataclass(frozen=True)
class Outline:
    """A whole file: plain values, the line of each path, and the words written without quotes."""

    root: Any
    lines: Mapping[Path, int]
    unquoted: frozenset[Path] = frozenset()

    def line_of(self, path: Path) -> int:
        """The line of the path, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1

    @property
    def top(self) -> Spot:
        return Spot(self.root, (), self)


@dataclass(frozen=True)
class Spot:
    """A value and where it stands. Every question is safe to ask of a value of any type."""

    value: Any
    path: Path
    outline: Outline

    @property
    def line(self) -> int:
        return self.outline.line_of(self.path)

    @property
    def there(self) -> bool:
        return self.value is not None

    def at(self, *keys: str) -> Spot:
        """The spot under these keys; its value is None where there is none."""
        spot = self
        for key in keys:
            value = spot.value.get(key) if isinstance(spot.value, dict) else None
            spot = Spot(value, (*spot.path, key), self.outline)
        return spot

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def each(self) -> Iterator[Spot]:
        """The members of a list; nothing of anything else."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Spot(value, (*self.path, index), self.outline)

    def each_or_one(self) -> Iterator[Spot]:
        """The members of a list, or the single value that stands in its place."""
        if isinstance(self.value, list):
            yield from self.each()
        elif self.value is not None:
            yield self

    def entries(self) -> Iterator[tuple[str, Spot]]:
        """Key and value of a mapping; nothing of anything else."""
        if isinstance(self.value, dict):
            for key, value in self.value.items():
                yield str(key), Spot(value, (*self.path, str(key)), self.outline)

    def walk(self) -> Iterator[Spot]:
        """This spot and all below it."""
        yield self
        for spot in self.each():
            yield from spot.walk()
        for _key, spot in self.entries():
            yield from spot.walk()

    @property
    def text(self) -> str | None:
        return self.value if isinstance(self.value, str) else None

    @property
    def number(self) -> Decimal | None:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            return None
        return Decimal(str(self.value))

    @property
    def whole(self) -> int | None:
        return self.value if isinstance(self.value, int) and not isinstance(self.value, bool) else None

    def words(self) -> list[str]:
        """The texts of a list, or the single text that stands in its place."""
        return [spot.value for spot in self.each_or_one() if isinstance(spot.value, str)]
