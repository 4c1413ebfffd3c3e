"""Mapping the columns, and judging every row. Nothing is brought in here."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.importing import progress, staged
from guantong.importing.cells import given_rows
from guantong.importing.choices import Job, Stage, Verdict
from guantong.importing.kinds import kind_by_id
from guantong.importing.kinds.base import Given, Kind, Plan, Scope
from guantong.importing.kinds.tasks import Tasks
from guantong.importing.models import Import, RowPage
from guantong.importing.models import Mapping as KeptMapping
from guantong.importing.operations.receiving import locked, moved, staged_rows, take_head
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle

SAID = 12_000_000  # characters of sentences that are kept; rows beyond have their verdict alone


def scope_of(imported: Import, *, actor: Actor, now: dt.datetime) -> Scope:
    return Scope(actor=actor, cycle=imported.cycle, now=now, today=clock.today(now))


def kind_of(imported: Import, actor: Actor) -> Kind:
    """The kind, for somebody who may bring it in."""
    if not imported.kind:
        raise Refusal(_("请先选择这是哪一类表格。"))
    kind = kind_by_id(imported.kind)
    if not kind.may(actor):
        raise Refusal(_("本岗位没有导入这类表格的职责。"))
    if kind.needs_cycle and imported.cycle is None:
        raise Refusal(_("请选择导入到哪个年度。"))
    return kind


@transaction.atomic
def map_import(
    *,
    imported: Import,
    kind: str,
    sheet: int,
    head_row: int,
    columns: Mapping[str, int] | None,
    actor: Actor,
    now: dt.datetime,
    cycle: Cycle | None = None,
) -> Import:
    """Say what the workbook is and which column holds what. Remembered for the office and this head."""
    imported = locked(imported)
    if imported.stage not in (Stage.READ, Stage.CHECKED, Stage.TRIED):
        raise Refusal(_("这份导入%(stage)s，不能再这样办理。") % {"stage": imported.get_stage_display()})
    imported.kind, imported.cycle = kind, cycle or imported.cycle
    found = kind_of(imported, actor)
    if not found.whole_book:
        take_head(imported, kind, sheet=sheet, head_row=head_row)
        if columns is not None:
            imported.mapping = _sound(found, columns, staged.heads_of(imported, sheet, head_row))
            _keep(imported, now=now)
        staged_rows(imported)
    imported.stage = Stage.READ
    imported.save()
    return imported


def _sound(kind: Kind, columns: Mapping[str, int], heads: list[str]) -> dict[str, int]:
    names = {each.id for each in kind.columns if not each.shown}
    chosen = {name: at for name, at in columns.items() if name in names and 0 <= at < len(heads)}
    twice = [at for at, n in Counter(chosen.values()).items() if n > 1]
    if twice:
        raise Refusal(_("“%(column)s”列被用了两次，请每列只选一次。") % {"column": heads[twice[0]]})
    missing = [str(each.label) for each in kind.columns if each.required and each.id not in chosen]
    if missing:
        raise Refusal(_("还没有指定这些列：%(columns)s。") % {"columns": "、".join(missing)})
    return chosen


def _keep(imported: Import, *, now: dt.datetime) -> None:
    KeptMapping.objects.update_or_create(
        unit=imported.unit,
        kind=imported.kind,
        source=imported.source,
        defaults={"columns": imported.mapping, "kept_at": now},
    )


def plans_of(imported: Import, kind: Kind, scope: Scope) -> tuple[list[tuple[int, Plan]], Any]:
    """((sheet, plan) of every row, the reading of a whole book)."""
    sheets = {each.at: each for each in staged.sheets_of(imported)}
    if isinstance(kind, Tasks):
        places = {each.name: at for at, each in sheets.items()}
        reading = kind.read(
            staged.workbook_of(imported), scope, name=imported.file_name, digest=imported.digest
        )
        imported.mapping = {
            f"{places.get(sheet.name, 0)}.{name}": at
            for sheet in reading.workbook.sheets
            for name, at in sheet.places.items()
        }
        return [(places.get(name, 0), plan) for name, plan in kind.check_book(reading, scope)], reading
    missing = [str(each.label) for each in kind.columns if each.required and each.id not in imported.mapping]
    if missing:
        raise Refusal(_("还没有指定这些列：%(columns)s。") % {"columns": "、".join(missing)})
    shown = {each.id for each in kind.columns if each.shown}
    imported.mapping = {name: at for name, at in imported.mapping.items() if name not in shown}
    rows = _counted(imported, given_rows(imported, sheets.get(imported.sheet), kind))
    return [(imported.sheet, plan) for plan in kind.check(rows, scope)], None


def _counted(imported: Import, rows: Iterable[Given]) -> Iterable[Given]:
    for n, each in enumerate(rows, start=1):
        progress.tell(imported.pk, n)
        yield each


@transaction.atomic
def check_import(*, imported: Import, actor: Actor, now: dt.datetime) -> Import:
    """Judge every row and keep what was said of it."""
    imported = locked(imported)
    kind, scope = kind_of(imported, actor), scope_of(imported, actor=actor, now=now)
    if not (isinstance(actor, Acting) or actor.may(kind.function)):
        raise Refusal(_("本岗位没有导入这类表格的职责。"))
    try:
        plans, _reading = plans_of(imported, kind, scope)
    finally:
        progress.forget(imported.pk)
    if not plans:
        raise Refusal(_("表头下面没有数据行。"))
    keep_verdicts(imported, plans)
    moved(imported, Stage.CHECKED)
    imported.job, imported.why = Job.NONE, []
    imported.save()
    return imported


def keep_verdicts(imported: Import, plans: list[tuple[int, Plan]]) -> None:
    """Store what was said, page by page, and count it."""
    counts = Counter(plan.given.verdict for _sheet, plan in plans)
    imported.n_rows = len(plans)
    imported.n_good, imported.n_same = counts[Verdict.GOOD], counts[Verdict.SAME]
    imported.n_warnings, imported.n_errors = counts[Verdict.WARNING], counts[Verdict.ERROR]
    by_sheet: dict[int, dict[int, Any]] = {}
    room = SAID
    for sheet, plan in plans:
        said = [[name, text, verdict] for verdict, name, text in plan.given.said] if room > 0 else []
        room -= sum(len(each[1]) for each in said)
        by_sheet.setdefault(sheet, {})[plan.given.row - 1] = [str(plan.given.verdict), said]
    for sheet, rows in by_sheet.items():
        for page in staged.pages_of(imported, sheet):
            _say_on(page, rows)


def _say_on(page: RowPage, rows: Mapping[int, Any]) -> None:
    on_page = {row: rows[row] for row, _cells in staged.rows_of(page) if row in rows}
    page.n_said = sum(verdict in (Verdict.ERROR, Verdict.WARNING) for verdict, _said in on_page.values())
    page.verdicts = staged.JSON.encode(on_page)
    page.save(update_fields=["verdicts", "n_said"])
