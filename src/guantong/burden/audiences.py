"""Whom an office may ask, as choices of a form: a place and a level or kind of unit, or some of them by name."""

from __future__ import annotations

import datetime as dt
import re

from guantong.accounts.models import Office
from guantong.burden.rules.asking import may_be_asked, reach_of
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit, UnitQuerySet

LEVEL, KIND = "level", "kind"
APART = re.compile(r"[\s,，、;；]+")


def places(office: Office) -> list[Unit]:
    """The reach of the office, then the territories right below it."""
    reach = reach_of(office)
    below = Unit.objects.children_of(reach).of_kind("territory").order_by("path")
    return [reach, *below]


def kinds(cycle: Cycle, office: Office) -> list[tuple[str, str]]:
    """(value, name) of what may be asked below the office: levels of territories, then other kinds of unit."""
    reach = reach_of(office)
    levels = [each.map for each in cycle.package.levels]
    lower = levels[levels.index(reach.level) + 1 :] if reach.level in levels else levels
    named = {each.map: str(each.name) for each in cycle.package.levels}
    found = [(f"{LEVEL}:{level}", named[level]) for level in lower]
    for kind in cycle.package.unit_kinds:
        if kind.id != "territory" and (kind.assessed or kind.facility):
            probe = Unit(kind=kind.id, path=reach.path + "~")
            if may_be_asked(probe, by=office):
                found.append((f"{KIND}:{kind.id}", str(kind.name)))
    return found


def units_of(value: str, place: Unit, *, by: Office, on: dt.date) -> list[Unit]:
    """The units that a choice stands for, in tree order."""
    sort, _colon, word = value.partition(":")
    here: UnitQuerySet = Unit.objects.below(place).open_on(on)
    here = here.filter(kind="territory", level=word) if sort == LEVEL else here.filter(kind=word)
    return [each for each in here.order_by("path") if may_be_asked(each, by=by)]


def only(units: list[Unit], words: str) -> tuple[list[Unit], list[str]]:
    """Those that the words name by name or code, and the words that name none of them."""
    wanted = [each for each in APART.split(words) if each]
    if not wanted:
        return units, []
    named = {key: each for each in units for key in (each.code, each.name, each.name_en) if key}
    found = [named[each] for each in wanted if each in named]
    return list({each.pk: each for each in found}.values()), [each for each in wanted if each not in named]
