"""What an import made and altered, so that the whole of it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import models

from guantong.audit.states import digest_of

BATCH = 2000


class Effects:
    """Gathered while an import is applied; `rows` tells them once all is done."""

    def __init__(self) -> None:
        self._created: dict[str, list[int]] = {}
        self._ranges: dict[str, list[tuple[int, int]]] = {}
        self._changed: dict[str, dict[int, dict[str, Any]]] = {}
        self.notes: dict[str, Any] = {}

    def created(self, *rows: models.Model) -> None:
        for row in rows:
            self._created.setdefault(row._meta.label_lower, []).append(row.pk)

    def created_range(self, model: type[models.Model], first: int, last: int) -> None:
        self._ranges.setdefault(model._meta.label_lower, []).append((first, last))

    def changed(self, model: type[models.Model], pk: int, before: dict[str, Any]) -> None:
        known = self._changed.setdefault(model._meta.label_lower, {}).setdefault(pk, {})
        for name, value in before.items():
            known.setdefault(name, value)

    @contextmanager
    def altering(self, row: models.Model, *fields: str) -> Iterator[None]:
        """Keep what these fields of a row hold before they are changed inside."""
        before = fields_of(row, fields)
        yield
        made = set(self._created.get(row._meta.label_lower, ()))
        if row.pk not in made:
            self.changed(type(row), row.pk, before)

    def rows(self) -> Iterator[dict[str, Any]]:
        """As `models.Effect` keeps them: in the order of making, digests as they are now."""
        for label, pks in self._created.items():
            model = apps.get_model(label)
            for batch in _batches(pks):
                found = model._base_manager.in_bulk(batch)
                said = [[pk, digest_of(found[pk])] for pk in batch if pk in found]
                yield {"model": label, "is_new": True, "rows": said}
        for label, spans in self._ranges.items():
            yield {"model": label, "is_new": True, "is_range": True, "rows": [list(each) for each in spans]}
        for label, changes in self._changed.items():
            model = apps.get_model(label)
            for batch in _batches(list(changes)):
                found = model._base_manager.in_bulk(batch)
                said = [[pk, digest_of(found[pk]), changes[pk]] for pk in batch if pk in found]
                yield {"model": label, "is_new": False, "rows": said}


def fields_of(row: models.Model, names: tuple[str, ...]) -> dict[str, Any]:
    """The values as JSON; `set_back` reads them."""
    return {name: _plain(row, name) for name in names}


def _plain(row: models.Model, name: str) -> Any:
    field = row._meta.get_field(name)
    value = getattr(row, field.attname)  # type: ignore[union-attr]
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return field.value_to_string(row)  # type: ignore[union-attr]


def set_back(row: models.Model, before: dict[str, Any]) -> None:
    """Give the fields the values they had and save them."""
    for name, value in before.items():
        field = row._meta.get_field(name)
        setattr(row, field.attname, field.to_python(value) if isinstance(value, str) else value)  # type: ignore[union-attr]
    row.save(update_fields=list(before))


def _batches(pks: list[int]) -> Iterator[list[int]]:
    unique = list(dict.fromkeys(pks))
    return (unique[at : at + BATCH] for at in range(0, len(unique), BATCH))
