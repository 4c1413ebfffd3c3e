"""What rooms above read of a matter, such as a score run: each says so itself, and the matter shows it as a step.

A room above registers a reader at start-up; supervision knows none of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guantong.accounts.acting import Acting


@dataclass(frozen=True, slots=True)
class Reading:
    """A step of the chain that another room took: the verb of the table, when, by whom, about what, and where it is."""

    verb: str
    at: dt.datetime
    what: str
    url: str
    who: str = ""


Reader = Callable[[Sequence[int], Acting], list[Reading]]
_READERS: list[Reader] = []


def register(reader: Reader) -> None:
    """``reader(obligations, acting)``: what was read of these obligations, as far as the office may see it."""
    if reader not in _READERS:
        _READERS.append(reader)


def readings_of(obligations: Sequence[int], acting: Acting) -> list[Reading]:
    """Oldest first."""
    if not obligations:
        return []
    found = [reading for reader in _READERS for reading in reader(obligations, acting)]
    return sorted(found, key=lambda each: each.at)
