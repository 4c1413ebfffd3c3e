"""Packages at hand, and the cycles an office may see."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import builtin_packages
from guantong.organisation.models import Unit


def package_file(identifier: str) -> Path:
    """The built-in package of that name, else the file at that path."""
    builtin = builtin_packages()
    if identifier in builtin:
        return builtin[identifier]
    path = Path(identifier)
    if path.is_file():
        return path
    raise Refusal(
        _("没有名为“%(id)s”的机制包，也没有这个文件。可用：%(known)s。")
        % {"id": identifier, "known": "、".join(sorted(builtin))}
    )


def cycles_visible_to(acting: Actor) -> QuerySet[Cycle]:
    """Cycles of the unit acted for, of those below it and of those above it (they bind it)."""
    cycles = Cycle.objects.select_related("stored", "unit").order_by("-year", "-pk")
    if not isinstance(acting, Acting):
        return cycles
    if not acting.scope_path or acting.office is None:
        return cycles.none()
    above = [unit.pk for unit in acting.office.scope.ancestors()]
    below = Q(unit__path__gte=acting.scope_path, unit__path__lt=acting.scope_path + "~")
    return cycles.filter(below | Q(unit__in=above))


def cycle_by_id(cycle_id: int | str) -> Cycle:
    """For the command line: the cycle of that number, or a refusal that lists those there are."""
    if str(cycle_id).isdigit():
        found = Cycle.objects.select_related("stored", "unit").filter(pk=int(cycle_id)).first()
        if found:
            return found
    known = "；".join(f"{each.pk} {each}" for each in Cycle.objects.select_related("stored", "unit")[:20])
    raise Refusal(
        _("没有编号为 %(id)s 的周期。现有：%(known)s。") % {"id": cycle_id, "known": known or _("无")}
    )


def current_cycle(acting: Actor, *, on: dt.date, chosen: int | None = None) -> Cycle | None:
    """The cycle a page speaks of: the chosen one if visible, else this year's, else the latest."""
    cycles = list(cycles_visible_to(acting)[:50])
    for cycle in cycles:
        if cycle.pk == chosen:
            return cycle
    return next((cycle for cycle in cycles if cycle.year == on.year), cycles[0] if cycles else None)


def unit_by_code(code: str) -> Unit:
    """For the command line: the unit of that code, padded or not, or a refusal."""
    short = code.strip()
    if len(short) == 12 and short.isdigit():
        for width in (2, 4, 6, 9):
            if set(short[width:]) == {"0"}:
                short = short[:width]
                break
    unit = Unit.objects.filter(code=short).first() or Unit.objects.filter(code=code).first()
    if unit is None:
        raise Refusal(_("没有代码为“%(code)s”的单位，请先导入单位。") % {"code": code})
    return unit
