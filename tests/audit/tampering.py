"""A thief with the database – triggers taken down – but without the folders of keys and of the published log.

`Thief.tamper` does one thing at random, the same for the same seed, and says which rows a check must name.
What is named: ``id 12`` a log row by its number, ``#7`` a deleted log row by its place, ``records.record:5``
a business row.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import Error, IntegrityError, connection, models, transaction

from guantong.audit import triggers
from guantong.audit.models import AuditEntry
from guantong.audit.operations import leaf_of
from guantong.audit.states import digest_of, tracked_models
from guantong.audit.verification import Verdict

# The number of a row means nothing but to receipts; see test_what_a_thief_can_do.
COLUMNS = [name for name in triggers.FIXED if name != "id"]


@dataclass(frozen=True)
class Tamper:
    """What was done, what must be named for it, and which business rows a lost log row spoke of."""

    what: str
    named: frozenset[str]
    spoken_of: frozenset[str] = field(default_factory=frozenset)


@contextmanager
def undone() -> Iterator[None]:
    """Everything in it, the triggers' fall included, is taken back at the end."""
    connection.check_constraints()
    with transaction.atomic():
        triggers.take_down(connection)
        yield
        transaction.set_rollback(True)


def named_by(verdict: Verdict) -> frozenset[str]:
    """What a verdict names as touched."""
    return frozenset(_key(fault.where) for fault in verdict.faults if fault.kind != "row_uncertain")


def left_uncertain_by(verdict: Verdict) -> frozenset[str]:
    return frozenset(fault.where for fault in verdict.faults if fault.kind == "row_uncertain")


def _key(where: str) -> str:
    number = re.search(r"\(id (\d+)\)", where)
    return f"id {number[1]}" if number else where


def as_named(entry: AuditEntry) -> frozenset[str]:
    return frozenset({f"id {entry.pk}"})


def spoken_of(entry: AuditEntry) -> frozenset[str]:
    states: dict[str, dict[str, str]] = json.loads(entry.payload).get("states", {})
    return frozenset(f"{label}:{key}" for label, rows in states.items() for key in rows)


# --- other values ------------------------------------------------------------------------------------


def changed(column: models.Field[Any, Any], value: Any, chooser: random.Random) -> Any:
    """Another value for the column. Raises LookupError where there is none."""
    other = _other(column, value, chooser)
    if other == value:
        raise LookupError(column)
    return other


def _other(column: models.Field[Any, Any], value: Any, chooser: random.Random) -> Any:
    if column.null and value is not None and chooser.random() < 0.2:
        return None
    if isinstance(column, models.ForeignKey):
        others = column.related_model._default_manager.exclude(pk=value).values_list("pk", flat=True)
        return chooser.choice(list(others[:50]) or [value])
    if column.choices:
        return chooser.choice([each for each, _label in column.flatchoices if each != value])
    if isinstance(column, models.BooleanField):
        return not value
    if isinstance(column, models.DateTimeField):
        return (value or dt.datetime(2026, 3, 1, tzinfo=dt.UTC)) + dt.timedelta(
            seconds=chooser.randint(1, 10**6)
        )
    if isinstance(column, models.DateField):
        return (value or dt.date(2026, 3, 1)) + dt.timedelta(days=chooser.choice([-9, -1, 1, 30]))
    if isinstance(column, models.DecimalField):
        return (value or Decimal(0)) + Decimal(1).scaleb(-column.decimal_places)
    if isinstance(column, models.IntegerField):
        return (value or 0) + chooser.randint(1, 9)
    if isinstance(column, models.JSONField):
        return [*value, "statement"] if isinstance(value, list) else {"changed": True}
    return _other_text(str(value or ""), chooser, most=column.max_length)


def _other_text(text: str, chooser: random.Random, *, most: int | None) -> str:
    if not text:
        return "改"
    at = chooser.randrange(len(text))
    other = chooser.choice([each for each in "0123456789abcdef改" if each != text[at]])
    return (text[:at] + other + text[at + 1 :])[:most]


class Thief:
    """Tampers with rows at random. Use inside `undone`."""

    def __init__(self, chooser: random.Random) -> None:
        self.chooser = chooser
        self.before = {row.pk: row for model in self._replayed() for row in model._default_manager.all()}

    def tamper(self) -> Tamper:
        while True:
            act = self.chooser.choice(ACTS)
            try:
                with transaction.atomic():
                    return act(self)
            except (Error, LookupError):  # the database refused the value, or there is nothing to do it to
                continue

    def _entries(self, **wanted: object) -> list[AuditEntry]:
        return list(AuditEntry.objects.filter(**wanted).order_by("id"))

    def _placed(self) -> list[AuditEntry]:
        return list(AuditEntry.objects.filter(position__isnull=False).order_by("position"))

    # --- the log

    def edit_log_row(self) -> Tamper:
        entry = self.chooser.choice(self._entries())
        name = self.chooser.choice(COLUMNS)
        value = getattr(entry, name)
        other = changed(AuditEntry._meta.get_field(name), value, self.chooser)  # type: ignore[arg-type]
        AuditEntry.objects.filter(pk=entry.pk).update(**{name: other})
        return Tamper(f"edit {name}: {value!r} → {other!r}", as_named(entry), spoken_of(entry))

    def edit_log_row_and_its_hash(self) -> Tamper:
        entry = self.chooser.choice(self._entries())
        spoken = spoken_of(entry)
        entry.payload = json.dumps({"reason": f"另一个理由 {self.chooser.random()}"}, ensure_ascii=False)
        entry.leaf = leaf_of(entry)
        entry.save()
        return Tamper("edit payload and leaf", as_named(entry), spoken)

    def delete_log_row(self) -> Tamper:
        entry = self.chooser.choice(self._placed())
        AuditEntry.objects.filter(pk=entry.pk)._raw_delete("default")
        return Tamper("delete log row", frozenset({f"#{entry.position}"}), spoken_of(entry))

    def delete_log_row_and_close_the_gap(self) -> Tamper:
        entry = self.chooser.choice(self._placed())
        assert entry.position is not None
        AuditEntry.objects.filter(pk=entry.pk)._raw_delete("default")
        shift(AuditEntry.objects.filter(position__gt=entry.position), -1)
        return Tamper("delete log row, close gap", frozenset({f"#{entry.position}"}), spoken_of(entry))

    def insert_log_row(self) -> Tamper:
        forged = self._forged()
        forged.save(force_insert=True)
        return Tamper("insert log row at the end", as_named(forged))

    def insert_log_row_between(self) -> Tamper:
        forged = self._forged()
        place = self.chooser.randrange(len(self._placed()))
        shift(AuditEntry.objects.filter(position__gte=place), 1)
        forged.position = place
        forged.save(force_insert=True)
        return Tamper("insert log row between", as_named(forged))

    def _forged(self) -> AuditEntry:
        entry = self.chooser.choice(self._entries())
        entry.pk, entry.position = None, None
        entry.version += 1000
        entry.salt = f"{self.chooser.getrandbits(128):032x}"
        entry.leaf = leaf_of(entry)
        return entry

    def move_log_row(self) -> Tamper:
        """To another place, those between moving up; far enough that it is plain which one was moved."""
        placed = self._placed()
        start = self.chooser.randrange(len(placed) - 30)
        end = start + self.chooser.randrange(22, 30)
        entry = placed[start]
        AuditEntry.objects.filter(pk=entry.pk).update(position=None)
        shift(AuditEntry.objects.filter(position__gt=start, position__lte=end), -1)
        AuditEntry.objects.filter(pk=entry.pk).update(position=end)
        return Tamper(f"move log row {start} to {end}", as_named(entry))

    def take_place_away(self) -> Tamper:
        entry = self.chooser.choice(self._placed())
        AuditEntry.objects.filter(pk=entry.pk).update(position=None)
        return Tamper("take a row's place away", as_named(entry))

    def swap_log_rows(self) -> Tamper:
        first, second = self.chooser.sample(self._placed(), 2)
        AuditEntry.objects.filter(pk=first.pk).update(position=None)
        AuditEntry.objects.filter(pk=second.pk).update(position=first.position)
        AuditEntry.objects.filter(pk=first.pk).update(position=second.position)
        return Tamper("swap log rows", as_named(first) | as_named(second))

    # --- business rows

    def _business(self) -> models.Model:
        model = self.chooser.choice([each for each in tracked_models() if each._default_manager.exists()])
        return self.chooser.choice(list(model._default_manager.order_by("pk")))

    def edit_business_row(self) -> Tamper:
        """A changed value; one that the schema itself refuses is no tamper yet."""
        while True:
            row = self._business()
            unlogged: frozenset[str] = row.unlogged  # type: ignore[attr-defined]
            columns = [
                each
                for each in row._meta.concrete_fields
                if not each.primary_key and each.name not in unlogged
            ]
            column = self.chooser.choice(columns)
            value = getattr(row, column.attname)
            other = changed(column, value, self.chooser)
            with suppress(IntegrityError), transaction.atomic():
                type(row)._default_manager.filter(pk=row.pk).update(**{column.attname: other})
                return Tamper(f"edit {column}: {value!r} → {other!r}", frozenset({label(row)}))

    def put_business_row_back(self) -> Tamper:
        """An earlier state of the row: each of its values was once true."""
        later = [
            row for model in self._replayed() for row in model._default_manager.filter(pk__in=self.before)
            if digest_of(row) != digest_of(self.before[row.pk])
        ]  # fmt: skip
        row = self.before[self.chooser.choice(later).pk]
        row.save_base(raw=True, force_update=True)
        return Tamper("put an earlier state back", frozenset({label(row)}))

    def _replayed(self) -> list[type[models.Model]]:
        return [each for each in tracked_models() if each._meta.label_lower == "obligations.obligation"]

    def delete_business_row(self) -> Tamper:
        row = self._business()
        type(row)._default_manager.filter(pk=row.pk)._raw_delete("default")  # type: ignore[attr-defined]
        return Tamper("delete business row", frozenset({label(row)}))

    def insert_business_row(self) -> Tamper:
        """A made-up row; one that the schema itself refuses (a second of what is unique) is no tamper yet."""
        while True:
            row = self._business()
            with suppress(IntegrityError, LookupError), transaction.atomic():
                for column in self.chooser.sample(row._meta.concrete_fields, 3):
                    setattr(row, column.attname, changed(column, getattr(row, column.attname), self.chooser))
                row.pk = None
                row.save_base(raw=True, force_insert=True)
                return Tamper("insert business row", frozenset({label(row)}))

    def edit_business_row_and_forge_its_log_row(self) -> Tamper:
        done = self.edit_business_row()
        (name,) = done.named
        kind, _colon, key = name.partition(":")
        row = next(each for each in tracked_models() if each._meta.label_lower == kind)._default_manager.get(
            pk=key
        )
        forged = self._forged()
        forged.payload = json.dumps({"states": {kind: {key: digest_of(row)}}})
        forged.leaf = leaf_of(forged)
        forged.save(force_insert=True)
        # Whether the forged row took a genuine one's place cannot be known, so which side is true cannot either.
        return Tamper(f"{done.what}, with a log row", as_named(forged), done.named)


def label(row: models.Model) -> str:
    return f"{row._meta.label_lower}:{row.pk}"


def shift(rows: models.QuerySet[AuditEntry], by: int) -> None:
    """Move places up or down without two rows meeting on the way."""
    keys = list(rows.values_list("pk", flat=True))
    moving = AuditEntry.objects.filter(pk__in=keys)
    moving.update(position=-models.F("position") - 10**6)
    moving.update(position=-models.F("position") - 10**6 + by)


ACTS: list[Callable[[Thief], Tamper]] = [
    Thief.edit_log_row,
    Thief.edit_log_row_and_its_hash,
    Thief.delete_log_row,
    Thief.delete_log_row_and_close_the_gap,
    Thief.insert_log_row,
    Thief.insert_log_row_between,
    Thief.move_log_row,
    Thief.take_place_away,
    Thief.swap_log_rows,
    Thief.edit_business_row,
    Thief.put_business_row_back,
    Thief.delete_business_row,
    Thief.insert_business_row,
    Thief.edit_business_row_and_forge_its_log_row,
]
