"""What a document says, before it is laid out: the values of its fields, and every number with its source."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit

BETWEEN = re.compile(r"(?<=[\u3000-\u9fff]) (?=[\d+−-])|(?<=[\d%]) (?=[\u3000-\u9fff])")
Row = Mapping[str, str]
Value = str | Sequence[Row]


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a template may use. ``label`` is its Chinese name, which a template may use just as well.

    ``rows`` are the fields of one row where the field is a list; a document without a ``must`` field says too little.
    ``eg`` is what it may say, for trying a template; ``is_free``: somebody types it, and names may come in with it;
    ``is_optional``: an object may have nothing to say in it.
    """

    name: str
    label: str
    rows: tuple[Field, ...] = ()
    must: bool = False
    eg: str = ""
    is_free: bool = False
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the document, and the page on which it opens down to its rows: ``page`` names an address."""

    key: str
    label: str
    value: str
    page: str
    args: tuple[int | str, ...]


@dataclass(frozen=True)
class Content:
    """``values`` by the names of the kind's fields; ``unit`` is whose document it is, for the choice of a template."""

    title: str
    unit: Unit
    cycle: Cycle
    values: Mapping[str, Value]
    numbers: Sequence[Number] = field(default_factory=tuple)
    reference: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of what the document says."""
        said = [
            self.values,
            [[each.key, each.label, each.value, each.page, each.args] for each in self.numbers],
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def texts(self) -> Iterator[str]:
        """Every text of it."""
        for value in self.values.values():
            if isinstance(value, str):
                yield value
            else:
                for row in value:
                    yield from row.values()


def day(value: dt.date | None) -> str:
    """2026年3月5日: Arabic figures, no leading zeros; empty where there is no day."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def closed_up(text: str) -> str:
    """Without the spaces between Chinese and figures that a page has and a paper has not."""
    return BETWEEN.sub("", text)


def clock_time(value: dt.time | None) -> str:
    return f"{value.hour}:{value.minute:02}" if value else ""
