"""Random trees with mergers, splits and moves, random rosters on them, and a recount of them day by day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from hypothesis import strategies as st

from conftest import CONSOLE, START
from guantong.accounts.choices import Role
from guantong.accounts.models import Holding, Office, Person
from guantong.mechanisms.package import CoverageRule
from guantong.organisation import operations
from guantong.organisation.models import Unit

FIRST = dt.date(2026, 1, 1)
LENGTH = 45
ABOVE = {"county": "city", "township": "county", "village": "township"}
SEATS = {"township": "commissioner", "village": "liaison", "city": "liaison"}
VERBS = ("merge", "move", "merge", "move", "split", "close", "open", "home")


def day_of(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


@dataclass
class State:
    """The tree on a day, by code: who is above whom, what is open, into what something was merged by then."""

    parent: dict[str, str]
    kind: dict[str, str]
    level: dict[str, str]
    open: set[str]
    heir: dict[str, str] = field(default_factory=dict)

    def copy(self) -> State:
        return State(dict(self.parent), dict(self.kind), dict(self.level), set(self.open), dict(self.heir))

    def above(self, code: str) -> list[str]:
        """The unit and what is above it, from below."""
        found = [code]
        while found[-1] in self.parent:
            found.append(self.parent[found[-1]])
        return found

    def seat_is_at(self, code: str) -> str:
        while code in self.heir:
            code = self.heir[code]
        return code


@dataclass
class Held:
    office: int
    at: str
    seat: str
    person: int
    first: dt.date
    last: dt.date
    acting: bool
    full_time: bool


@dataclass
class World:
    """What was built in the database, and the same again by code and day."""

    states: list[tuple[int, State]]
    held: list[Held]

    def on(self, day: dt.date) -> State:
        number = (day - FIRST).days
        return [state for since, state in self.states if since <= number][-1]


class Grower:
    """Builds a city from draws and keeps what it did."""

    def __init__(self, draw: st.DrawFn, root: Unit) -> None:
        self.draw, self.root, self.number = draw, root, 0
        self.state = State({}, {root.code: "territory"}, {root.code: "city"}, {root.code})
        self.states: list[tuple[int, State]] = []

    def unit(self, kind: str, level: str, under: str, on: dt.date, *, dev_zone: bool = False) -> str:
        self.number += 1
        middle = 400 + self.number if dev_zone else 100 + self.number
        code = f"150600{middle:03d}{'' if kind == 'territory' else kind[0].upper()}{self.number}"
        operations.open_unit(
            code=code, name=code, kind=kind, level=level, parent=Unit.objects.get(code=under), on=on,
            actor=CONSOLE, now=START,
        )  # fmt: skip
        self.put(code, kind, level, under)
        return code

    def put(self, code: str, kind: str, level: str, under: str) -> None:
        self.state.parent[code], self.state.kind[code], self.state.level[code] = under, kind, level
        self.state.open.add(code)

    def pick(self, level: str, kind: str = "territory", *, but: str | None = None) -> str | None:
        found = sorted(
            code
            for code in self.state.open
            if self.state.level[code] == level and self.state.kind[code] == kind and code != but
        )
        return self.draw(st.sampled_from(found)) if found else None

    def plant(self) -> None:
        before = FIRST - dt.timedelta(days=100)
        for level in ("county", "township", "village"):
            for _n in range(self.draw(st.integers(2, 3))):
                under = self.pick(ABOVE[level]) or self.root.code
                self.unit("territory", level, under, before, dev_zone=self.draw(st.integers(0, 4)) == 4)
        for _n in range(self.draw(st.integers(0, 2))):
            self.unit("member_unit", "city", self.root.code, before)
            self.unit("home", "village", str(self.pick("village")), before)
        self.states = [(-1000, self.state.copy())]

    def change(self, number: int) -> None:
        """One change of the tree on a day; nothing where the draw cannot be done."""
        on = day_of(number)
        verb = self.draw(st.sampled_from(VERBS))
        level = self.draw(st.sampled_from(["county", "township", "village"]))
        one = self.pick(level)
        other = self.pick(level, but=one)
        if verb == "merge" and one and other and one != other:
            self._merge(one, other, on)
        elif verb == "split" and one and not self._children(one):
            self._split(one, on)
        elif verb == "move" and one and level != "county":
            self._move(one, on)
        elif verb == "close" and one and not self._children(one):
            operations.close_unit(unit=self._get(one), on=on, actor=CONSOLE, now=START, reason="—")
            self.state.open.discard(one)
        elif verb == "open" and (under := self.pick(ABOVE[level])):
            self.unit("territory", level, under, on)
        elif verb == "home" and (under := self.pick(level)):
            self.unit("home", "village", under, on)
        else:
            return
        self.states.append((number, self.state.copy()))

    def _get(self, code: str) -> Unit:
        return Unit.objects.get(code=code)

    def _children(self, code: str) -> list[str]:
        return [each for each in self.state.open if self.state.parent.get(each) == code]

    def _merge(self, one: str, into: str, on: dt.date) -> None:
        if one in self.state.above(into):
            return
        operations.merge_units(
            units=[self._get(one)], into=self._get(into), on=on, actor=CONSOLE, now=START, reason="—"
        )
        for child in self._children(one):
            self.state.parent[child] = into
        self.state.open.discard(one)
        self.state.heir[one] = into

    def _split(self, one: str, on: dt.date) -> None:
        self.number += 2
        codes = [f"{one}S{self.number}", f"{one}T{self.number}"]
        operations.split_unit(
            unit=self._get(one), into=[(code, code) for code in codes], on=on, actor=CONSOLE, now=START, reason="—"
        )  # fmt: skip
        self.state.open.discard(one)
        for code in codes:
            self.put(code, self.state.kind[one], self.state.level[one], self.state.parent[one])

    def _move(self, one: str, on: dt.date) -> None:
        under = self.pick(ABOVE[self.state.level[one]], but=self.state.parent[one])
        if under is None or one in self.state.above(under):
            return
        operations.move_unit(
            unit=self._get(one), under=self._get(under), on=on, actor=CONSOLE, now=START, reason="—"
        )
        self.state.parent[one] = under


def seat_people(draw: st.DrawFn, codes: list[str], state: State) -> list[Held]:
    """Holdings of random people in seats of random units, overlapping as they like."""
    people = list(Person.objects.order_by("pk")[:4])
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    seated = [code for code in codes if state.level[code] != "county" and state.kind[code] != "home"]
    held = []
    for _n in range(draw(st.integers(3, 14))):
        code = draw(st.sampled_from(seated))
        usual = SEATS[state.level[code]]
        seat = draw(st.sampled_from([usual, usual, usual, "leader"]))
        number = draw(st.sampled_from([1, 1, 2]))
        office, _made = Office.objects.get_or_create(
            unit=units[code], seat=seat, number=number,
            defaults={"title": seat, "role": Role.LIAISON, "scope": units[code]},
        )  # fmt: skip
        person = draw(st.sampled_from(people))
        first = draw(st.integers(-20, LENGTH + 5))
        length = draw(st.integers(0, LENGTH))
        acting, full_time = draw(st.booleans()), draw(st.booleans())
        one = Held(office.pk, code, seat, person.pk, day_of(first), day_of(first + length), acting, full_time)
        if Holding.objects.filter(office=office, person=person, starts_on=one.first).exists():
            continue
        Holding.objects.create(
            office=office, person=person, starts_on=one.first, ends_on=one.last, acting=acting, full_time=full_time
        )  # fmt: skip
        held.append(one)
    return held


def grow(draw: st.DrawFn, root: Unit) -> World:
    """A city below the root with a few changes and a dozen holdings, in the database and beside it."""
    grower = Grower(draw, root)
    grower.plant()
    for number in sorted(draw(st.lists(st.integers(0, LENGTH + 10), min_size=2, max_size=6))):
        grower.change(number)
    codes = sorted(grower.state.level)
    return World(grower.states, seat_people(draw, codes, grower.state))


def held_on(world: World, rule: CoverageRule, day: dt.date) -> dict[str, set[int]]:
    """The seats that count for each unit on the day."""
    state = world.on(day)
    now = [each for each in world.held if each.first <= day <= each.last]
    found: dict[str, set[int]] = {}
    if rule.needs_facility:
        for code in state.open:
            if state.kind[code] == rule.needs_facility:
                for above in state.above(code):
                    found.setdefault(above, set()).add(hash(code))
        return found
    for each in now:
        busy = any(other.person == each.person and other.office != each.office for other in now)
        if each.seat != rule.needs_office or (rule.full_time and (busy or not each.full_time)):
            continue
        found.setdefault(state.seat_is_at(each.at), set()).add(each.office)
    return found


def asked_on(world: World, rule: CoverageRule, day: dt.date, within: str) -> list[str]:
    state = world.on(day)
    wanted = []
    for code in state.open:
        fits = (
            state.kind[code] == rule.of_kind
            if rule.of_kind
            else state.kind[code] == "territory" and state.level[code] == rule.of_level
        )
        out = bool(rule.exclude_codes) and not rule.of_kind and 400 <= int(code[6:9] or 0) < 600
        if fits and not out and within in state.above(code):
            wanted.append(code)
    return wanted


@dataclass
class Recount:
    """The same figures as the sweep gives, counted one day after the other."""

    vacancy: Counter[str] = field(default_factory=Counter)
    needed: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    sums_needed: Counter[str] = field(default_factory=Counter)
    today: dict[str, int] = field(default_factory=dict)


def recount(world: World, rule: CoverageRule, since: dt.date, on: dt.date, within: str) -> Recount:
    found, needs, day = Recount(), rule.min or 1, since
    while day <= on:
        state, held = world.on(day), held_on(world, rule, day)
        for code in asked_on(world, rule, day, within):
            short = max(0, needs - len(held.get(code, ())))
            found.vacancy[code] += short
            found.needed[code] += needs
            for above in state.above(code):
                found.sums[above] += short
                found.sums_needed[above] += needs
                if above == within:
                    break
            if day == on:
                found.today[code] = len(held.get(code, ()))
        day += dt.timedelta(days=1)
    return found
