"""Seats named in a workbook by unit, seat and number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.importing.kinds.base import Column, Given
from guantong.importing.kinds.places import by_code_or_name
from guantong.importing.kinds.reading import code, flat, number
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import PAST

Seats = Mapping[tuple[str, str, int], Office]

COLUMNS = (
    Column(
        "unit_code",
        gettext_lazy("单位代码"),
        ("单位代码", "代码", "区划代码"),
        True,
        example="1506-MU-99",
        instead="unit_name",
    ),
    Column("unit_name", gettext_lazy("单位名称"), ("单位名称", "单位"), shown=True),
    Column(
        "seat",
        gettext_lazy("岗位"),
        ("岗位", "岗位类型", "职位"),
        True,
        example="clerk",
        note=gettext_lazy("机制包里的岗位编号，也可以写岗位名称。"),
    ),
    Column("number", gettext_lazy("岗位序号"), ("岗位序号",), example="1"),
)


def offices_in_sight(actor: Actor) -> list[Office]:
    """Open offices of the visible subtree, for administrators all."""
    offices = Office.objects.filter(closed_on__isnull=True).select_related("unit", "scope")
    if isinstance(actor, Acting) and not actor.is_administrator:
        path = actor.scope_path
        offices = offices.filter(unit__path__gte=path, unit__path__lt=path + PAST) if path else offices.none()
    return list(offices)


def seats_of(offices: Iterable[Office], cycle: Cycle | None) -> Seats:
    """By unit, seat and number: the unit by code or a name of its own, the seat by its id, its name or its title."""
    held = list(offices)
    units = by_code_or_name({each.unit_id: each.unit for each in held}.values())
    words: dict[int, list[str]] = {}
    for word, unit in units.items():
        words.setdefault(unit.pk, []).append(word)
    names = {each.id: flat(each.name.zh) for each in cycle.package.offices} if cycle else {}
    titles = Counter((each.unit_id, flat(each.title)) for each in held)
    found: dict[tuple[str, str, int], Office] = {}
    for each in held:
        said = [(each.seat, each.number)]
        said += [(names[each.seat], each.number)] if each.seat in names else []
        said += [(flat(each.title), 1)] if titles[each.unit_id, flat(each.title)] == 1 else []
        for word in words[each.unit_id]:
            for seat, number_ in said:
                found.setdefault((word, seat, number_), each)
    return found


def seat_key(given: Given) -> tuple[str, str, int]:
    which = number(given, "number", least=1, most=Decimal(999))
    return code(given, "unit_code"), flat(given["seat"]), int(which or 1)


def office_in(given: Given, seats: Seats) -> Office | None:
    found = seats.get(seat_key(given))
    if found is None:
        said = {"unit": given["unit_code"][:40], "seat": given["seat"][:40]}
        given.error("seat", _("“%(unit)s”没有“%(seat)s”这个岗位，或不在本单位辖区内。") % said)
    return found


def shown(office: Office) -> dict[str, object]:
    return {
        "unit_code": office.unit.code, "unit_name": office.unit.name, "seat": office.seat,
        "number": office.number,
    }  # fmt: skip
