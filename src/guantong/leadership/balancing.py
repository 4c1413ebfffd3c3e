"""Who keeps contact with whom: an even share of partners among offices, with the numbers that explain it.

A pure function of what is known. An office may be given a partner when the partner lies in its area, it has not
declared itself recused, it has not had this partner for too many years, and it is not full. Among the assignments
that give as many partners an office as can be, the loads are as even as they can be: no partner could move along any
chain of offices so that a fuller one has fewer. (Semi-matching: Harvey, Ladner, Lovász, Tamir, J. Algorithms 59, 2006.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Candidate:
    """An office: the path of its area, and how many partners it keeps that are not up for assignment."""

    id: int
    area: str
    load: int = 0


@dataclass(frozen=True, slots=True)
class Free:
    """A partner that needs an office, and where it is."""

    id: int
    place: str


@dataclass(frozen=True, slots=True)
class Why:
    """How many offices there were for a partner, and why each of the others was none: every office counts once.

    ``load`` is what the office keeps once the whole proposal stands, ``before`` what it keeps now.
    """

    offices: int
    eligible: int
    outside: int
    recused: int
    rotated: int
    before: int | None = None
    load: int | None = None
    least: int = 0
    most: int = 0

    def as_numbers(self) -> dict[str, int | None]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Choice:
    """A partner with the office proposed for it; without one when every eligible office is full or none is."""

    partner: int
    office: int | None
    why: Why


@dataclass(frozen=True)
class Proposal:
    """The choices in the order of the partners, and what each office would keep."""

    choices: tuple[Choice, ...]
    loads: Mapping[int, int] = field(default_factory=dict)
    below_least: tuple[int, ...] = ()

    def office_for(self, partner: int) -> int | None:
        return next((each.office for each in self.choices if each.partner == partner), None)


def propose(
    partners: Sequence[Free],
    offices: Sequence[Candidate],
    *,
    least: int,
    most: int,
    recused: Collection[tuple[int, int]] = (),
    rotated: Collection[tuple[int, int]] = (),
) -> Proposal:
    """An even assignment. ``recused`` and ``rotated`` are (office, partner) pairs that may not be."""
    ways = {partner.id: _ways(partner, offices, set(recused), set(rotated)) for partner in partners}
    loads = {office.id: office.load for office in offices}
    given: dict[int, int] = {}
    for partner in partners:
        _place(partner.id, ways, loads, given, most)
    before = {office.id: office.load for office in offices}
    choices = tuple(_choice(each, ways[each.id], given, before, loads, least, most) for each in partners)
    short = tuple(office.id for office in offices if loads[office.id] < least)
    return Proposal(choices, loads, short)


@dataclass(frozen=True, slots=True)
class _Ways:
    """The offices a partner may go to, and the numbers of the others."""

    eligible: tuple[int, ...]
    outside: int
    recused: int
    rotated: int


def _ways(
    partner: Free,
    offices: Sequence[Candidate],
    recused: set[tuple[int, int]],
    rotated: set[tuple[int, int]],
) -> _Ways:
    eligible, counts = [], {"outside": 0, "recused": 0, "rotated": 0}
    for office in offices:
        if not partner.place.startswith(office.area):
            counts["outside"] += 1
        elif (office.id, partner.id) in recused:
            counts["recused"] += 1
        elif (office.id, partner.id) in rotated:
            counts["rotated"] += 1
        else:
            eligible.append(office.id)
    return _Ways(tuple(eligible), **counts)


def _place(
    partner: int, ways: Mapping[int, _Ways], loads: dict[int, int], given: dict[int, int], most: int
) -> None:
    """Give the partner an office, moving others along the chain that ends at the least loaded office in reach."""
    came_by: dict[
        int, tuple[int, int | None]
    ] = {}  # office: (partner that would move to it, office it leaves)
    waiting: deque[tuple[int, int | None]] = deque([(partner, None)])
    while waiting:
        moving, leaves = waiting.popleft()
        for office in ways[moving].eligible:
            if office in came_by:
                continue
            came_by[office] = (moving, leaves)
            waiting.extend((each, office) for each, where in given.items() if where == office)
    free = [office for office in came_by if loads[office] < most]
    if not free:
        return
    end: int | None = min(free, key=lambda office: (loads[office], office))
    loads[end] += 1  # type: ignore[index]
    while end is not None:
        moving, leaves = came_by[end]
        given[moving] = end
        end = leaves


def _choice(
    partner: Free,
    ways: _Ways,
    given: Mapping[int, int],
    before: Mapping[int, int],
    loads: Mapping[int, int],
    least: int,
    most: int,
) -> Choice:
    office = given.get(partner.id)
    why = Why(
        offices=len(ways.eligible) + ways.outside + ways.recused + ways.rotated,
        eligible=len(ways.eligible),
        outside=ways.outside,
        recused=ways.recused,
        rotated=ways.rotated,
        before=before[office] if office is not None else None,
        load=loads[office] if office is not None else None,
        least=least,
        most=most,
    )
    return Choice(partner.id, office, why)
