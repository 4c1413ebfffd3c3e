"""Writing a checked units file: new rows in bulk, changed rows by code, all in one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from guantong.audit import operations as audit
from guantong.importing.effects import Effects
from guantong.importing.encodings import decode
from guantong.importing.units.reading import Rejected, Row, UnitFile, read_units
from guantong.organisation.models import STEP, Unit, number_of, step_of
from guantong.organisation.operations import move_unit

COLUMNS = (
    "id", "code", "name", "name_en", "kind", "subkind", "level", "parent_id", "path", "depth", "position", "opened_on",
)  # fmt: skip
FIELDS = ("name", "level", "kind", "subkind", "name_en", "opened_on")


@dataclass
class Outcome:
    """Counts, or the rows that kept everything from being written."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [
                {"row": each.row, "column": each.column, "reason": each.reason} for each in self.rejected
            ],
        }


def import_units_file(path: Path, *, actor: object, now: dt.datetime, dry_run: bool = False) -> Outcome:
    """Import a CSV file by code. If any row is rejected, nothing is written."""
    content = path.read_bytes()
    text = decode(content, name=path.name)
    known = dict(Unit.objects.values_list("code", "level"))
    file = read_units(text, known=known)
    if file.rejected:
        return Outcome(rejected=sorted(file.rejected, key=lambda each: each.row))
    with transaction.atomic():
        outcome = write_units(file, actor=actor, now=now, digest=hashlib.sha256(content).hexdigest())
        if dry_run:
            transaction.set_rollback(True)
    return outcome


def write_units(
    file: UnitFile, *, actor: object, now: dt.datetime, digest: str, effects: Effects | None = None
) -> Outcome:
    """Bring the tree to what a checked file says, inside the caller's transaction."""
    effects = effects or Effects()
    existing = {unit.code: unit for unit in stored_units(file)}
    outcome = Outcome()
    fresh = [row for row in file.rows.values() if row.code not in existing]
    if fresh:
        effects.created_range(Unit, *_insert(fresh))
    outcome.created = len(fresh)
    for code, unit in existing.items():
        with (
            effects.altering(unit, *FIELDS, "parent")
            if _differs(unit, file.rows[code], file)
            else nullcontext()
        ):
            changed = _update(unit, file.rows[code], file, actor=actor, now=now)
        outcome.updated += changed
        outcome.unchanged += not changed
    if outcome.created or outcome.updated:
        root = Unit.objects.order_by("depth", "path")[0]
        audit.record(
            "organisation.imported",
            target=root,
            actor=actor,
            at=now,
            payload={"created": outcome.created, "updated": outcome.updated, "file": digest},
        )
    return outcome


def stored_units(file: UnitFile) -> Iterator[Unit]:
    """The units of the file that are in the database already."""
    if not Unit.objects.exists():
        return
    codes = list(file.rows)
    for start in range(0, len(codes), 5000):
        yield from Unit.objects.select_related("parent").filter(code__in=codes[start : start + 5000])


def changes_of(unit: Unit, row: Row, file: UnitFile) -> dict[str, Any]:
    """What the file says otherwise than the tree; columns the file lacks stay as they are."""
    given = file.columns
    return {
        name: getattr(row, name)
        for name in FIELDS
        if (name in given or name == "level") and getattr(row, name) != getattr(unit, name)
    }


def is_moved(unit: Unit, row: Row) -> bool:
    return bool(row.parent) and row.parent != (unit.parent.code if unit.parent else "")


def _differs(unit: Unit, row: Row, file: UnitFile) -> bool:
    return bool(changes_of(unit, row, file)) or is_moved(unit, row)


def _update(unit: Unit, row: Row, file: UnitFile, *, actor: object, now: dt.datetime) -> bool:
    """Bring one stored unit to what the file says."""
    changes, moved = changes_of(unit, row, file), is_moved(unit, row)
    if changes:
        for name, value in changes.items():
            setattr(unit, name, value)
        unit.save(update_fields=list(changes))
        audit.record(
            "organisation.updated", target=unit, actor=actor, at=now, payload={"fields": sorted(changes)}
        )
    if moved:
        under = Unit.objects.get(code=row.parent)
        move_unit(unit=unit, under=under, on=now.date(), actor=actor, now=now, reason=_("按导入文件"))
    return bool(changes) or moved


def _insert(rows: list[Row]) -> tuple[int, int]:
    """New units, parents before children, with ids and paths made here so that one pass is enough.

    Returns the first id and the last.
    """
    fresh = {row.code for row in rows}
    above: dict[str, tuple[int | None, str, int]] = {"": (None, "", -1)}
    outside = {row.parent for row in rows if row.parent not in fresh and row.parent}
    for pk, code, path, depth in Unit.objects.filter(code__in=outside).values_list(
        "pk", "code", "path", "depth"
    ):
        above[code] = (pk, path, depth)
    last: Counter[str] = Counter()
    for code, (parent_id, _path, _depth) in above.items():
        newest = (
            Unit.objects.filter(parent=parent_id).order_by("-path").values_list("path", flat=True).first()
        )
        last[code] = number_of(newest[-STEP:]) if newest else 0
    next_id = (Unit.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    _bulk_insert(_tuples(rows, fresh, above, last, next_id))
    return next_id, next_id + len(rows) - 1


def _tuples(
    rows: list[Row],
    fresh: set[str],
    above: dict[str, tuple[int | None, str, int]],
    last: Counter[str],
    next_id: int,
) -> Iterator[tuple[Any, ...]]:
    waiting: dict[str, list[Row]] = {}
    ready: list[Row] = []
    for row in rows:
        if row.parent in fresh:
            waiting.setdefault(row.parent, []).append(row)
        else:
            ready.append(row)
    while ready:
        following: list[Row] = []
        for row in ready:
            parent_id, parent_path, parent_depth = above[row.parent]
            last[row.parent] += 1
            path = parent_path + step_of(last[row.parent])
            depth = parent_depth + 1
            children = waiting.pop(row.code, None)
            if children:
                above[row.code] = (next_id, path, depth)
                following += children
            yield (
                next_id, row.code, row.name, row.name_en, row.kind, row.subkind, row.level, parent_id, path, depth,
                0, row.opened_on,
            )  # fmt: skip
            next_id += 1
        ready = following


def _bulk_insert(tuples: Iterable[tuple[Any, ...]]) -> None:
    table = connection.ops.quote_name(Unit._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(column) for column in COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for values in tuples:
                    copy.write_row(values)
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{Unit._meta.db_table}', 'id'), (SELECT MAX(id) FROM {table}))"  # noqa: S608
            )
        else:
            marks = ", ".join(["%s"] * len(COLUMNS))
            sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(sql, tuples)  # type: ignore[arg-type]  # an iterator keeps memory flat
