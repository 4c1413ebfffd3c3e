"""Steps of an import, done at once where the file is small, by the worker where it is large."""

from __future__ import annotations

import datetime as dt
import logging

from django.utils.translation import gettext as _
from django_tasks import task

from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.accounts.queries import seats_of
from guantong.importing.choices import Job, Stage
from guantong.importing.kinds import kind_by_id
from guantong.importing.models import Import
from guantong.importing.operations import apply_import, check_import, read_import, try_import, undo_import
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal

log = logging.getLogger(__name__)

SMALL_BYTES = 400_000
SMALL_ROWS = 1_500


def start(imported: Import, job: str, *, actor: Acting, now: dt.datetime, only_valid: bool = False) -> Import:
    """Do the step, or leave it to the worker. Raises Refusal where it was done at once and refused."""
    if imported.job:
        raise Refusal(_("正在处理这份表格，请稍等。"))
    if _is_small(imported, job):
        return _do(imported, job, actor=actor, now=now, only_valid=only_valid)
    assert actor.person_ref is not None and actor.office_ref is not None  # noqa: PT018
    imported.job, imported.why = job, []
    imported.save(update_fields=["job", "why"])
    run.enqueue(imported.pk, job, actor.person_ref, actor.office_ref, only_valid)
    return imported


def _is_small(imported: Import, job: str) -> bool:
    if job == Job.READING:
        return imported.size <= SMALL_BYTES
    if job == Job.UNDOING and imported.stage != Stage.APPLIED:  # nothing to take back
        return True
    return imported.n_rows <= SMALL_ROWS


def _do(imported: Import, job: str, *, actor: Acting, now: dt.datetime, only_valid: bool) -> Import:
    if job == Job.READING:
        read = read_import(imported=imported, actor=actor)
        return _checked_if_clear(read, actor=actor, now=now)
    if job == Job.CHECKING:
        return check_import(imported=imported, actor=actor, now=now)
    if job == Job.TRYING:
        return try_import(imported=imported, actor=actor, now=now)
    if job == Job.UNDOING:
        return undo_import(imported=imported, actor=actor, now=now)
    return apply_import(imported=imported, only_valid=only_valid, actor=actor, now=now)


def _checked_if_clear(imported: Import, *, actor: Acting, now: dt.datetime) -> Import:
    """Where kind and columns are plain the preview is made at once; else somebody maps the columns first."""
    if imported.stage != "read" or not imported.kind:
        return imported
    try:
        return check_import(imported=imported, actor=actor, now=now)
    except Refusal as refusal:
        imported.refresh_from_db()
        imported.why = refusal.reasons
        imported.save(update_fields=["why"])
        return imported


@task()
def run(pk: int, job: str, person: int, office: int, only_valid: bool) -> bool:
    """The step for whoever asked for it, if they still hold the office. Harmless to repeat."""
    imported = Import.objects.select_related("unit", "cycle", "office").get(pk=pk)
    now = clock.now()
    try:
        _do(imported, job, actor=_acting(person, office, on=clock.today(now)), now=now, only_valid=only_valid)
    except Refusal as refusal:
        names_people = bool(imported.kind) and kind_by_id(imported.kind).names_people
        why = refusal.reasons[-1:] if names_people else refusal.reasons  # the last counts, and names nobody
        Import.objects.filter(pk=pk).update(job=Job.NONE, why=why)
        return False
    except Exception:
        log.exception("import %s", pk)
        sorry = _("处理时出错，什么都没有改变。请稍后再试；仍不行请告知系统管理员。")
        Import.objects.filter(pk=pk).update(job=Job.NONE, why=[sorry])
        return False
    return True


def _acting(person: int, office: int, *, on: dt.date) -> Acting:
    someone = Person.objects.get(pk=person)
    for seat in seats_of(someone, on=on):
        if seat.office.pk == office and someone.is_active:
            return Acting(someone, seat.office, seat.standing_in_for)
    raise Refusal(_("提交时的岗位已经变动，请重新操作。"))
