"""Which office moves next: one query for a whole cycle, answered from memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from guantong.accounts.choices import FUNCTIONS, Role
from guantong.accounts.models import Office
from guantong.kernel.bilingual import Text
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Reviewer
from guantong.organisation.models import Unit
from guantong.tasks.operations import ANSWERING_SEATS

# Who answers for a unit, in this order.
ANSWERS = (Role.UNIT_HEAD, Role.CLERK, Role.COMMISSIONER, Role.LIAISON)
# Who signs a unit's duty list, in this order.
SIGNS = (Role.UNIT_HEAD, Role.LEADER, Role.LIAISON, Role.HOME_KEEPER)
# Who reviews from above, in this order where two see the same subtree.
REVIEWS = (Role.COORDINATOR, Role.UNIT_HEAD)
# Who decides what another asked for, in this order.
DECIDES = (Role.LEADER, Role.COORDINATOR, Role.ASSESSOR)
SEATS = ("leader", *ANSWERING_SEATS)


def name_of(unit: Unit) -> Text:
    """A unit's name in both languages."""
    return Text(unit.name, unit.name_en)


@dataclass(frozen=True, slots=True)
class Seat:
    pk: int
    unit: int
    role: str
    scope: str


@dataclass
class Directory:
    """The open offices of a cycle's subtree by what they are asked for."""

    by_unit: dict[int, list[Seat]] = field(default_factory=lambda: defaultdict(list))
    by_scope: dict[str, list[Seat]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, cycle: Cycle) -> Directory:
        path = cycle.unit.path
        rows = Office.objects.filter(
            unit__path__gte=path,
            unit__path__lt=path + "~",
            closed_on=None,
            role__in={*ANSWERS, *SIGNS, *DECIDES},
        ).values_list("pk", "unit", "role", "scope__path", "seat", "number")
        return cls.from_seats(Seat(*row[:4]) for row in sorted(rows, key=_answers_first))

    @classmethod
    def from_seats(cls, seats: Iterable[Seat]) -> Directory:
        made = cls()
        for seat in seats:
            made.by_unit[seat.unit].append(seat)
            made.by_scope[seat.scope].append(seat)
        return made

    def answerer(self, unit: int) -> int | None:
        """The office that answers for a unit: its head, else whoever works for it."""
        return _first(self.by_unit.get(unit, ()), ANSWERS)

    def signer(self, unit: int) -> int | None:
        """The office that signs the unit's duty list."""
        return _first(self.by_unit.get(unit, ()), SIGNS)

    def heads(self, unit: int) -> list[int]:
        return [seat.pk for seat in self.by_unit.get(unit, ()) if seat.role == Role.UNIT_HEAD]

    def reviewer(self, *, unit: int, path: str, step: str) -> int | None:
        """The office that takes a step of a review: the unit's head, the nearest office above, or a leader."""
        if step == Reviewer.OWN_HEAD:
            return next(iter(self.heads(unit)), None)
        roles = (Role.LEADER,) if step == Reviewer.LEADER else REVIEWS
        return self._nearest(path, roles, not_of=unit)

    def runner(self, path: str) -> int | None:
        """The coordinating office nearest above a unit."""
        return self._nearest(path, (Role.COORDINATOR,))

    def runners(self) -> list[Seat]:
        return [seat for seats in self.by_unit.values() for seat in seats if seat.role == Role.COORDINATOR]

    def decider(self, *, unit: int, path: str, without: Collection[int | None]) -> int | None:
        """A coordinating office or a leader over the unit that had no hand in it; else the coordinating office."""
        roles = (Role.COORDINATOR, Role.LEADER)
        return self._nearest(path, roles, not_of=unit, without=without) or self.runner(path)

    def holder_of(self, function: str, *, path: str, without: Collection[int | None]) -> int | None:
        """The nearest office over the unit that has a function, another one than those named where there is one."""
        roles = tuple(role for role in DECIDES if function in FUNCTIONS[role])
        return self._nearest(path, roles, without=without) or self._nearest(path, roles)

    def _nearest(
        self, path: str, roles: tuple[str, ...], *, not_of: int = 0, without: Collection[int | None] = ()
    ) -> int | None:
        """The seat with the smallest subtree that holds the path, outside the unit itself."""
        for end in range(len(path), 0, -1):
            seats = [
                seat
                for seat in self.by_scope.get(path[:end], ())
                if seat.unit != not_of and seat.pk not in without
            ]
            found = _first(seats, roles)
            if found is not None:
                return found
        return None


def _answers_first(row: tuple[int, int, str, str, str, int]) -> tuple[int, int, int]:
    """The seat that answers for the unit in tasks before its others, a leader before the head of the group."""
    pk, _unit, _role, _scope, seat, number = row
    place = SEATS.index(seat) if seat in SEATS else len(SEATS)
    return place, number, pk


def _first(seats: Iterable[Seat], roles: tuple[str, ...]) -> int | None:
    seats = list(seats)
    return next((seat.pk for role in roles for seat in seats if seat.role == role), None)
