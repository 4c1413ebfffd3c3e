"""Taking back a whole import: what it made goes, what it altered is put back – unless later work stands on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.audit.states import digest_of, is_tracked
from guantong.importing.choices import Job, Stage
from guantong.importing.effects import set_back
from guantong.importing.kinds import kind_by_id
from guantong.importing.models import Effect, Import
from guantong.importing.operations.receiving import locked, moved
from guantong.kernel.refusals import Refusal

SHOWN = 12
BATCH = 500
NOUNS = {
    "organisation.unit": gettext_lazy("单位"),
    "organisation.unitchange": gettext_lazy("单位变动"),
    "accounts.office": gettext_lazy("岗位"),
    "accounts.holding": gettext_lazy("任职"),
    "accounts.handover": gettext_lazy("交接"),
    "duties.dutylist": gettext_lazy("责任清单"),
    "duties.dutyitem": gettext_lazy("职责"),
    "obligations.obligation": gettext_lazy("应办事项"),
    "obligations.claim": gettext_lazy("完成申报"),
    "obligations.review": gettext_lazy("审核"),
    "records.record": gettext_lazy("工作记录"),
    "partners.partner": gettext_lazy("联系对象"),
    "leadership.pairing": gettext_lazy("结对联系"),
    "leadership.enrolment": gettext_lazy("报名"),
    "grassroots.home": gettext_lazy("之家"),
    "tasks.task": gettext_lazy("任务"),
    "tasks.assignment": gettext_lazy("任务分工"),
    "tasks.openquestion": gettext_lazy("待确定的问题"),
}  # fmt: skip


class _Made:
    """The rows that the import made, by model: keys, or runs of keys."""

    def __init__(self, effects: list[Effect]) -> None:
        self.keys: dict[str, dict[int, str]] = {}
        self.runs: dict[str, list[tuple[int, int]]] = {}
        for each in effects:
            if each.is_new and each.is_range:
                self.runs.setdefault(each.model, []).extend((first, last) for first, last in each.rows)
            elif each.is_new:
                self.keys.setdefault(each.model, {}).update((pk, digest) for pk, digest in each.rows)

    def labels(self) -> list[str]:
        return [*self.runs, *(each for each in self.keys if each not in self.runs)]

    def queries(self, label: str, field: str = "pk") -> Iterator[models.Q]:
        """Conditions that together name the rows of a model, or those that point at them through ``field``."""
        for first, last in self.runs.get(label, ()):
            yield models.Q(**{f"{field}__gte": first, f"{field}__lte": last})
        keys = list(self.keys.get(label, ()))
        for at in range(0, len(keys), BATCH):
            yield models.Q(**{f"{field}__in": keys[at : at + BATCH]})

    def has(self, label: str, pk: Any) -> bool:
        if pk in self.keys.get(label, ()):
            return True
        return any(first <= pk <= last for first, last in self.runs.get(label, ()))


@transaction.atomic
def undo_import(*, imported: Import, actor: Actor, now: dt.datetime) -> Import:
    """Take the whole import back. Refused with the list of what stands on it."""
    imported = locked(imported)
    if imported.stage == Stage.UNDONE:
        return imported
    moved(imported, Stage.UNDONE)
    kind = kind_by_id(imported.kind)
    if not kind.may(actor):
        raise Refusal(_("本岗位没有导入这类表格的职责。"))
    effects = list(imported.effects.order_by("pk"))
    made = _Made(effects)
    standing = [*_altered_since(effects, made), *_standing_on(made)]
    if standing:
        lead = _("导入以后又有工作建立在它上面，不能整份撤销：")
        more = len(standing) - SHOWN
        tail = [_("还有 %(n)s 处。") % {"n": more}] if more > 0 else []
        raise Refusal.of([lead, *standing[:SHOWN], *tail])
    back = list(_put_back(effects, kind, actor=actor, now=now))
    gone = list(_take_away(made))
    imported.undone_at = now
    imported.job, imported.why = Job.NONE, []
    imported.save()
    audit.record(
        "importing.undone",
        target=imported,
        actor=actor,
        at=now,
        payload={"removed": {label: n for label, n, _rows in gone}, "put_back": len(back)},
        states=[each for each in back if is_tracked(type(each))],
        gone=[each for _label, _n, rows in gone for each in rows],
    )
    notes: dict[str, Any] = next((each.rows[0] for each in effects if not each.model), {})
    kind.end_undo(notes, actor=actor, now=now)
    return imported


def _noun(label: str) -> str:
    return str(NOUNS.get(label) or apps.get_model(label)._meta.verbose_name)


def _altered_since(effects: list[Effect], made: _Made) -> Iterator[str]:
    """Rows that somebody changed after the import, and those that are gone."""
    for each in effects:
        if not each.model or each.is_range:
            continue
        model = apps.get_model(each.model)
        for at in range(0, len(each.rows), BATCH):
            said = {row[0]: row[1] for row in each.rows[at : at + BATCH]}
            found = model._base_manager.in_bulk(list(said))
            for pk, digest in said.items():
                if pk not in found:
                    yield _("%(what)s已不在系统里。") % {"what": _noun(each.model)}
                elif digest_of(found[pk]) != digest:
                    yield _("%(what)s“%(name)s”在导入以后又改过。") % {
                        "what": _noun(each.model),
                        "name": str(found[pk])[:60],
                    }


def _standing_on(made: _Made) -> Iterator[str]:
    """Rows of others that point at what the import made."""
    for label in made.labels():
        for relation in apps.get_model(label)._meta.get_fields(include_hidden=True):
            if (
                not relation.auto_created
                or relation.concrete
                or not (relation.one_to_many or relation.one_to_one)
            ):
                continue
            other = relation.related_model
            field = relation.field.attname
            assert isinstance(other, type) and issubclass(other, models.Model)  # noqa: PT018
            n, first = 0, None
            for query in made.queries(label, field):
                for row in _strangers(other, query, made):
                    n += 1
                    first = first or row
            if first is not None:
                said = ngettext("%(what)s %(n)s 条，如“%(name)s”。", "%(what)s %(n)s 条，如“%(name)s”。", n)
                yield said % {"what": _noun(other._meta.label_lower), "n": n, "name": str(first)[:60]}


def _strangers(model: type[models.Model], query: models.Q, made: _Made) -> Iterator[models.Model]:
    label = model._meta.label_lower
    rows = model._base_manager.filter(query)
    for first, last in made.runs.get(label, ()):
        rows = rows.exclude(pk__gte=first, pk__lte=last)
    return (row for row in rows.iterator(500) if not made.has(label, row.pk))


def _put_back(effects: list[Effect], kind: Any, *, actor: Actor, now: dt.datetime) -> Iterator[models.Model]:
    for each in effects:
        if not each.model or each.is_new:
            continue
        model = apps.get_model(each.model)
        for pk, _digest, before in each.rows:
            row = model._base_manager.select_for_update().get(pk=pk)
            if not kind.put_back(row, before, actor=actor, now=now):
                set_back(row, before)
            yield row


def _take_away(made: _Made) -> Iterator[tuple[str, int, list[models.Model]]]:
    """Delete what was made, last first; (model, how many, the tracked rows among them)."""
    for label in reversed(made.labels()):
        model = apps.get_model(label)
        n, tracked = 0, []
        for query in made.queries(label):
            rows = model._base_manager.filter(query)
            if is_tracked(model):
                tracked += list(rows)
            n += rows._raw_delete(rows.db)
        yield label, n, tracked
