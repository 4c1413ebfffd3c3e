"""Units open, close, merge, split, move and change name – by date, with lineage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import PAST, STEP, Succession, Unit, UnitChange, number_of, step_of

Kind = UnitChange.Kind


def next_path(parent: Unit | None) -> str:
    """The path of the next child; call it inside the transaction that stores the child."""
    siblings = Unit.objects.filter(parent=parent)
    last = siblings.aggregate(last=Max("path"))["last"]
    return (parent.path if parent else "") + step_of(number_of(last[-STEP:]) + 1 if last else 1)


def _locked(unit: Unit) -> Unit:
    return Unit.objects.select_for_update().get(pk=unit.pk)


def _log(
    kind: Kind, unit: Unit, *, on: dt.date, actor: object, now: dt.datetime, reason: str, **details: object
) -> None:
    UnitChange.objects.create(unit=unit, kind=kind, on=on, reason=reason, details=details)
    audit.record(
        f"organisation.{kind.value}", target=unit, actor=actor, at=now, payload={"on": on, **details}
    )


def _refuse_closed(unit: Unit) -> None:
    if unit.closed_on is not None:
        raise Refusal(_("“%(unit)s”已于 %(day)s 撤销。") % {"unit": unit.name, "day": unit.closed_on})


@transaction.atomic
def open_unit(
    *,
    code: str,
    name: str,
    kind: str,
    level: str,
    parent: Unit | None,
    on: dt.date,
    actor: object,
    now: dt.datetime,
    name_en: str = "",
    subkind: str = "",
    reason: str = "",
) -> Unit:
    """Set up a unit from a day on."""
    if not code.strip() or not name.strip():
        raise Refusal(_("单位的代码和名称不能为空。"))
    if Unit.objects.filter(code=code).exists():
        raise Refusal(_("代码“%(code)s”已被使用。") % {"code": code})
    if parent is not None:
        parent = _locked(parent)
        _refuse_closed(parent)
    unit = Unit.objects.create(
        code=code,
        name=name.strip(),
        name_en=name_en,
        kind=kind,
        subkind=subkind,
        level=level,
        parent=parent,
        path=next_path(parent),
        depth=parent.depth + 1 if parent else 0,
        opened_on=on,
    )
    _log(Kind.OPENED, unit, on=on, actor=actor, now=now, reason=reason)
    return unit


@transaction.atomic
def close_unit(*, unit: Unit, on: dt.date, actor: object, now: dt.datetime, reason: str) -> Unit:
    """Close a unit from a day on; it must have no open unit below it."""
    unit = _locked(unit)
    _refuse_closed(unit)
    _refuse_early(unit, on)
    if Unit.objects.children_of(unit).filter(closed_on__isnull=True).exists():
        raise Refusal(_("“%(unit)s”还有下级单位，请先划转或撤销下级。") % {"unit": unit.name})
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    _log(Kind.CLOSED, unit, on=on, actor=actor, now=now, reason=reason)
    return unit


def _refuse_early(unit: Unit, on: dt.date) -> None:
    if unit.opened_on and on < unit.opened_on:
        raise Refusal(
            _("日期 %(on)s 早于“%(unit)s”的设立日期 %(opened)s。")
            % {"on": on, "unit": unit.name, "opened": unit.opened_on}
        )


@transaction.atomic
def merge_units(
    *, units: Sequence[Unit], into: Unit, on: dt.date, actor: object, now: dt.datetime, reason: str
) -> Unit:
    """Merge units into one that goes on; what is below them moves there, lineage is kept."""
    into = _locked(into)
    _refuse_closed(into)
    merged = [_locked(unit) for unit in units]
    if not merged:
        raise Refusal(_("请至少选择一个要并入的单位。"))
    for unit in merged:
        if unit.pk == into.pk:
            raise Refusal(_("单位不能并入自己。"))
        if into.path.startswith(unit.path):
            raise Refusal(_("不能把上级“%(unit)s”并入它的下级。") % {"unit": unit.name})
        _refuse_closed(unit)
        _refuse_early(unit, on)
    for unit in merged:
        unit.refresh_from_db()
        children = list(
            Unit.objects.children_of(unit).filter(closed_on__isnull=True).exclude(pk=into.pk).order_by("path")
        )
        for child in children:
            _move(child, into)
        unit.refresh_from_db()
        unit.closed_on = on
        unit.save(update_fields=["closed_on"])
        Succession.objects.create(predecessor=unit, successor=into, kind=Kind.MERGED, on=on)
        moved = [child.code for child in children]
        _log(Kind.MERGED, unit, on=on, actor=actor, now=now, reason=reason, into=into.code, children=moved)
    return into


@transaction.atomic
def split_unit(
    *,
    unit: Unit,
    into: Sequence[tuple[str, str]],
    on: dt.date,
    actor: object,
    now: dt.datetime,
    reason: str,
) -> list[Unit]:
    """Split a unit into new ones, given as (code, name), beside it; the old one closes."""
    unit = _locked(unit)
    _refuse_closed(unit)
    _refuse_early(unit, on)
    if len(into) < 2:
        raise Refusal(_("拆分后至少要有两个单位。"))
    if Unit.objects.children_of(unit).filter(closed_on__isnull=True).exists():
        raise Refusal(_("“%(unit)s”还有下级单位，请先划转下级再拆分。") % {"unit": unit.name})
    made = [
        open_unit(
            code=code,
            name=name,
            kind=unit.kind,
            subkind=unit.subkind,
            level=unit.level,
            parent=unit.parent,
            on=on,
            actor=actor,
            now=now,
            reason=reason,
        )
        for code, name in into
    ]
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    for each in made:
        Succession.objects.create(predecessor=unit, successor=each, kind=Kind.SPLIT, on=on)
    _log(Kind.SPLIT, unit, on=on, actor=actor, now=now, reason=reason, into=[each.code for each in made])
    return made


@transaction.atomic
def move_unit(*, unit: Unit, under: Unit, on: dt.date, actor: object, now: dt.datetime, reason: str) -> Unit:
    """Put a unit with all below it under another parent."""
    unit, under = _locked(unit), _locked(under)
    _refuse_closed(unit)
    _refuse_closed(under)
    if under.path.startswith(unit.path):
        raise Refusal(_("不能把“%(unit)s”划转到它自己或它的下级之下。") % {"unit": unit.name})
    if unit.parent_id == under.pk:
        raise Refusal(_("“%(unit)s”已经在“%(under)s”之下。") % {"unit": unit.name, "under": under.name})
    before = unit.parent.code if unit.parent else ""
    _move(unit, under)
    unit.refresh_from_db()
    _log(Kind.MOVED, unit, on=on, actor=actor, now=now, reason=reason, before=before, after=under.code)
    return unit


def _move(unit: Unit, under: Unit) -> None:
    """One UPDATE that puts the new prefix before every path of the subtree."""
    old, new = unit.path, next_path(under)
    shift = under.depth + 1 - unit.depth
    Unit.objects.filter(path__gte=old, path__lt=old + PAST).update(
        path=Concat(Value(new), Substr("path", len(old) + 1)), depth=F("depth") + shift
    )
    Unit.objects.filter(pk=unit.pk).update(parent=under)


@transaction.atomic
def rename_unit(
    *, unit: Unit, name: str, on: dt.date, actor: object, now: dt.datetime, reason: str, name_en: str = ""
) -> Unit:
    """Give a unit another name from a day on; the old one stays in its changes."""
    unit = _locked(unit)
    _refuse_closed(unit)
    if not name.strip():
        raise Refusal(_("名称不能为空。"))
    if name.strip() == unit.name:
        raise Refusal(_("名称没有变化。"))
    before = unit.name
    unit.name, unit.name_en = name.strip(), name_en or unit.name_en
    unit.save(update_fields=["name", "name_en"])
    _log(Kind.RENAMED, unit, on=on, actor=actor, now=now, reason=reason, before=before, after=unit.name)
    return unit
