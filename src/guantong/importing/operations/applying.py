"""Bringing the rows in, all or the valid ones, in one transaction – or only trying it, and taking it back at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from django.db import connections, transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.importing import progress
from guantong.importing.choices import Job, Stage, Verdict
from guantong.importing.effects import Effects
from guantong.importing.kinds.base import Kind, Plan, Scope
from guantong.importing.kinds.tasks import Tasks
from guantong.importing.models import Effect, Import
from guantong.importing.operations.checking import keep_verdicts, kind_of, plans_of, scope_of
from guantong.importing.operations.receiving import locked, moved
from guantong.kernel.refusals import Refusal

SHOWN = 5


class _TakeBack(Exception):  # noqa: N818 - not an error
    """Ends a trial."""


@transaction.atomic
def try_import(*, imported: Import, actor: Actor, now: dt.datetime) -> Import:
    """Bring everything in and take it back at once: what an operation would refuse shows at its row."""
    imported = locked(imported)
    if imported.stage not in (Stage.CHECKED, Stage.TRIED):
        raise Refusal(_("请先预览，再试导入。"))
    kind, scope = kind_of(imported, actor), scope_of(imported, actor=actor, now=now)
    plans, reading = plans_of(imported, kind, scope)
    try:
        with _everything_atomic():
            _take_in(imported, kind, [plan for _sheet, plan in plans], scope, Effects(), reading)
            raise _TakeBack
    except _TakeBack:
        pass
    except Refusal as refusal:  # of the whole, such as a file that was brought in before
        imported.why = refusal.reasons
    else:
        imported.why = []
    finally:
        progress.forget(imported.pk)
    keep_verdicts(imported, plans)
    moved(imported, Stage.TRIED)
    imported.job = Job.NONE
    imported.save()
    return imported


def _everything_atomic() -> ExitStack:
    """Person keys are in a database of their own: they are taken back with the rest."""
    stack = ExitStack()
    for alias in connections:
        stack.enter_context(transaction.atomic(using=alias))
    return stack


@transaction.atomic
def apply_import(*, imported: Import, only_valid: bool, actor: Actor, now: dt.datetime) -> Import:
    """Bring the rows in. With any wrong row nothing is written, unless ``only_valid`` leaves the wrong ones out.

    Raises Refusal where nothing was written.
    """
    imported = locked(imported)
    if imported.stage == Stage.APPLIED:
        return imported
    if imported.stage not in (Stage.CHECKED, Stage.TRIED):
        raise Refusal(_("请先预览，再导入。"))
    kind, scope = kind_of(imported, actor), scope_of(imported, actor=actor, now=now)
    effects = Effects()
    effects.notes["digest"] = imported.digest
    with _everything_atomic():
        plans, reading = plans_of(imported, kind, scope)
        rows = [plan for _sheet, plan in plans]
        if not only_valid:
            _refuse_errors(rows)
        done = _take_in(imported, kind, rows, scope, effects, reading)
        if not only_valid:
            _refuse_errors(rows)
        if not done:
            raise Refusal(_("没有可以导入的行：都有错误，或与系统里的一样。"))
        keep_verdicts(imported, plans)
        moved(imported, Stage.APPLIED)
        imported.only_valid, imported.n_applied, imported.applied_at = only_valid, done, now
        imported.job, imported.why = Job.NONE, []
        imported.save()
        _keep_effects(imported, effects)
        audit.record(
            "importing.applied",
            target=imported,
            actor=actor,
            at=now,
            payload={"kind": kind.id, "rows": done, "left_out": imported.n_errors, "file": imported.digest},
        )
    progress.forget(imported.pk)
    return imported


def _take_in(
    imported: Import, kind: Kind, plans: Sequence[Plan], scope: Scope, effects: Effects, reading: Any
) -> int:
    """How many rows were taken in; an operation's refusal is said at its row."""
    if isinstance(kind, Tasks):
        return kind.issue(reading, plans, scope, effects, name=imported.file_name)
    sound = [each for each in plans if each.step is not None]
    in_bulk = kind.take_all(sound, scope, effects)
    if in_bulk is not None:
        return in_bulk
    done = 0
    for n, plan in enumerate(sound, start=1):
        progress.tell(imported.pk, n)
        try:
            with transaction.atomic():
                kind.take(plan.step, scope, effects)
            done += 1
        except Refusal as refusal:
            for reason in refusal.reasons:
                plan.given.error(kind.columns[0].id, reason)
    return done


def _refuse_errors(plans: Sequence[Plan]) -> None:
    wrong = [each.given for each in plans if each.given.verdict == Verdict.ERROR]
    if not wrong:
        return
    said = [
        _("第 %(row)s 行：%(said)s")
        % {"row": each.row, "said": next(s for v, _n, s in each.said if v == Verdict.ERROR)}
        for each in wrong[:SHOWN]
    ]
    more = _("共 %(n)s 行有错误，没有写入任何内容。可以改正后重新上传，或只导入没有错误的行。") % {
        "n": len(wrong)
    }
    raise Refusal.of([*said, more])


def _keep_effects(imported: Import, effects: Effects) -> None:
    Effect.objects.bulk_create(Effect(imported=imported, **each) for each in effects.rows())
    if effects.notes:
        notes = {name: value for name, value in effects.notes.items() if name != "digest"}
        if notes:
            Effect.objects.create(imported=imported, model="", is_new=False, rows=[notes])
