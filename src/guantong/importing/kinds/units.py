"""Units by code, in bulk: the tree is checked as a whole and written as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.acting import Acting
from guantong.importing.choices import Verdict
from guantong.importing.effects import Effects, set_back
from guantong.importing.kinds.base import A_DAY, Column, Given, Kind, Plan, Scope
from guantong.importing.kinds.reading import day
from guantong.importing.units.operations import changes_of, is_moved, stored_units, write_units
from guantong.importing.units.reading import HEADERS, Row, UnitFile, check_tree, take_row
from guantong.organisation.models import PAST, Unit
from guantong.organisation.operations import move_unit

FIELDS = ("code", "name", "level", "parent_code", "kind", "subkind", "name_en", "opened_on")
PLACES = {name: at for at, name in enumerate(FIELDS)}
LABELS = {
    "code": gettext_lazy("单位代码"),
    "name": gettext_lazy("单位名称"),
    "level": gettext_lazy("级别"),
    "parent_code": gettext_lazy("上级代码"),
    "kind": gettext_lazy("单位类型"),
    "subkind": gettext_lazy("子类型"),
    "name_en": gettext_lazy("英文名称"),
    "opened_on": gettext_lazy("设立日期"),
}
EXAMPLES = {
    "code": "150602999",
    "name": "示例街道",
    "level": "乡级",
    "parent_code": "150602",
    "kind": "territory",
}
VALUES = {
    "level": [
        gettext_lazy("省级"),
        gettext_lazy("市级"),
        gettext_lazy("县级"),
        gettext_lazy("乡级"),
        gettext_lazy("村级"),
    ]
}
NOTES = {
    "code": gettext_lazy("行政区划用区划代码，其他单位自定，全市不重复。请把这一列设为文本。"),
    "parent_code": gettext_lazy("行政区划可以不写，从代码看得出。"),
    "kind": gettext_lazy("机制包里的单位类型；行政区划为 territory，不写也是。"),
    "opened_on": A_DAY,
}
ROUNDS = 60  # leaving out a row may leave those below it without a parent, level by level


class Units(Kind):
    id = "units"
    label = gettext_lazy("单位")
    about = gettext_lazy("行政区划、成员单位、之家等单位，按代码新增或更新。")
    function = "cycles.run"
    columns = tuple(
        Column(
            name,
            LABELS[name],
            tuple(HEADERS[name]),
            name in ("code", "name"),
            example=EXAMPLES.get(name, ""),
            values=VALUES.get(name, ()),
            note=NOTES.get(name, ""),
        )
        for name in FIELDS
    )

    def key(self, given: Given) -> object:
        return None

    def check(self, rows: Iterable[Given], scope: Scope) -> Iterator[Plan]:
        file = UnitFile(most_rejected=1_000_000)
        by_line: dict[int, Given] = {}
        for given in rows:
            by_line[given.row] = given
            if given.aside or self.leaves_example(given):
                continue
            file.columns = file.columns or frozenset(given.cells)
            take_row(file, given.row, self._fields(given), PLACES)
            for each in file.rejected:
                by_line[each.row].error(each.column, each.reason)
            file.rejected.clear()
            given.cells.clear()
        self._check_tree(file, by_line, scope)
        steps = self._steps(file, scope, by_line)
        for given in by_line.values():
            yield Plan(given, steps.get(given.row))

    def _fields(self, given: Given) -> list[str]:
        opened = day(given, "opened_on") if given["opened_on"] else None
        fields = [given[name] for name in FIELDS]
        fields[-1] = opened.isoformat() if opened else ""
        return fields

    def _check_tree(self, file: UnitFile, by_line: Mapping[int, Given], scope: Scope) -> None:
        """Check the tree again without the rows that are wrong until those left stand without them."""
        known = dict(Unit.objects.filter(closed_on__isnull=True).values_list("code", "level"))
        self.outside = outside = self._out_of_sight(scope)
        parents = dict(
            Unit.objects.filter(code__in=outside_parents(scope)).values_list("code", "parent__code")
        )
        for row in list(file.rows.values()):
            moves_out = row.parent in outside and parents.get(row.code) != row.parent
            if moves_out:
                by_line[row.line].error("code", _("“%(code)s”不在本单位辖区内。") % {"code": row.code})
        for _round in range(ROUNDS):
            for row in [each for each in file.rows.values() if by_line[each.line].verdict == Verdict.ERROR]:
                del file.rows[row.code]
            check_tree(file, known)
            if isinstance(scope.actor, Acting):
                self._want_parents(file, known)
            if not file.rejected:
                return
            for each in file.rejected:
                by_line[each.row].error(each.column, each.reason)
            file.rejected.clear()

    def _want_parents(self, file: UnitFile, known: Mapping[str, str]) -> None:
        for row in file.rows.values():
            if not row.parent and row.code not in known:
                file.reject(row.line, "parent_code", _("没有写上级，也不能从代码看出上级。"))

    def _out_of_sight(self, scope: Scope) -> set[str]:
        if not isinstance(scope.actor, Acting):
            return set()
        path = scope.actor.scope_path
        inside = Unit.objects.filter(path__gte=path, path__lt=path + PAST) if path else Unit.objects.none()
        return set(Unit.objects.exclude(pk__in=inside.values("pk")).values_list("code", flat=True))

    def _steps(self, file: UnitFile, scope: Scope, by_line: Mapping[int, Given]) -> dict[int, Row]:
        steps = {row.line: row for row in file.rows.values()}
        for unit in stored_units(file):
            row = file.rows[unit.code]
            if not changes_of(unit, row, file) and not is_moved(unit, row):
                by_line[row.line].same = True
                del steps[row.line]
            elif unit.code in self.outside:
                by_line[row.line].error("code", _("“%(code)s”不在本单位辖区内。") % {"code": unit.code})
                del steps[row.line]
            elif unit.closed_on:
                by_line[row.line].error("code", _("“%(code)s”已经撤销。") % {"code": unit.code})
                del steps[row.line]
        self.columns_given = file.columns
        return steps

    def take_all(self, plans: Sequence[Plan], scope: Scope, effects: Effects) -> int | None:
        rows = [each.step for each in plans if each.step is not None]
        if not rows:
            return 0
        file = UnitFile(rows={row.code: row for row in rows}, columns=self.columns_given)
        digest = effects.notes.pop("digest", "")
        outcome = write_units(file, actor=scope.actor, now=scope.now, digest=digest, effects=effects)
        return outcome.created + outcome.updated

    def put_back(self, row: Any, before: Mapping[str, Any], *, actor: Any, now: dt.datetime) -> bool:
        """A unit that was moved goes back with all below it."""
        if not isinstance(row, Unit):
            return False
        rest = {name: value for name, value in before.items() if name != "parent"}
        if before["parent"] is not None and before["parent"] != row.parent_id:
            under = Unit.objects.get(pk=before["parent"])
            move_unit(unit=row, under=under, on=now.date(), actor=actor, now=now, reason=_("撤销导入"))
            row.refresh_from_db()
        set_back(row, rest)
        return True

    def export(self, scope: Scope) -> Iterator[Mapping[str, object]]:
        units = Unit.objects.filter(closed_on__isnull=True).order_by("path")
        if isinstance(scope.actor, Acting):
            path = scope.actor.scope_path
            units = units.filter(path__gte=path, path__lt=path + PAST)
        names = ("code", "name", "level", "parent__code", "kind", "subkind", "name_en", "opened_on")
        for values in units.values_list(*names).iterator(5000):
            yield dict(zip(FIELDS, values, strict=True))


def outside_parents(scope: Scope) -> list[str]:
    """The one unit in sight whose parent is not: the top of what the office sees."""
    office = scope.actor.office if isinstance(scope.actor, Acting) else None
    return [office.scope.code] if office else []
