"""What a kind of row tells the index, and how it is shown when it is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from guantong.accounts.acting import Acting

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Said:
    """The words of a row: what it is called, its number among them, and whatever else is looked for in it."""

    title: str
    text: str


@dataclass(frozen=True)
class Seen:
    """In which units' subtrees a row lies, by their paths, and which offices see it besides."""

    paths: frozenset[str]
    offices: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Kind:
    """One kind of row. ``number`` stands in the index and never changes.

    ``visible`` is the scoped query of the room: nothing is shown that it does not give. ``seen_by`` must name everybody
    to whom it would; it may name more. ``reads`` names the fields whose text is indexed, all of them business. ``follows``
    names the models of the log after whose change a row is read anew, and the way from the row to them.
    """

    number: int
    name: str
    label: Any
    icon: str
    policy: str
    visible: Callable[[Acting], Rows]
    rows: Callable[[], Rows]
    with_words: Callable[[Rows], Rows]
    said: Callable[[Any], Said]
    seen_by: Callable[[Any], Seen]
    address: Callable[[Any], str]
    remarks: Callable[[Any], list[str]]
    reads: Mapping[type[Model], str]
    follows: Mapping[str, str]
    newest_first: bool = True


def joined(*parts: object) -> str:
    """The parts that say something, one a line."""
    return "\n".join(str(part) for part in parts if part)


def day(value: Any) -> str:
    """A day as lists show it."""
    return f"{value:%Y-%m-%d}" if value else ""
