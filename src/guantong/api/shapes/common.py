"""What many resources point at: a unit, an office, a cycle; one page of a list; a problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from guantong.api.shapes.terms import Number

Item = TypeVar("Item")
Id = Annotated[int, Number(1)]


@dataclass(frozen=True, slots=True)
class UnitRef:
    id: int
    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class OfficeRef:
    """An office, not whoever holds it."""

    id: int
    title: str
    title_en: str
    unit: int


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some of a list, in order of ``id``. ``next`` asks for those after them; null at the end."""

    items: list[Item]
    next: str | None


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in what was sent: where it stands, and what is wrong."""

    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """RFC 9457: why it was not done, in the language of ``Accept-Language``."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault]
