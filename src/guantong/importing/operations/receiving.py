"""A file comes in, is read in the child, and waits – or is thrown away again."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.audit import operations as audit
from guantong.importing import progress, staged
from guantong.importing.choices import NEXT, Job, Stage
from guantong.importing.forbidden import looks_like_a_head, reasons_against
from guantong.importing.kinds import kind_by_id, kinds_for
from guantong.importing.kinds.tasks import Tasks
from guantong.importing.mapping import fingerprint, guesses, known_head, proposed, remembered, repeated
from guantong.importing.models import Import
from guantong.importing.reading import lines_of
from guantong.importing.workbook.grid import Grid
from guantong.importing.workbook.task_sheets import tasks_in
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.privacy.operations import erase, open_subject

HEAD_ROWS = 60


@transaction.atomic
def receive_file(
    *,
    content: bytes,
    name: str,
    actor: Actor,
    now: dt.datetime,
    kind: str = "",
    cycle: Cycle | None = None,
    unit: Unit | None = None,
) -> Import:
    """Keep the file under a key of its own until it is applied, discarded or too old. Nothing is opened here."""
    unit = unit or (actor.office.unit if isinstance(actor, Acting) and actor.office else None)
    allowed = {each.id for each in kinds_for(actor)}
    if unit is None or not allowed or (kind and kind not in allowed):
        raise Refusal(_("本岗位没有导入这类表格的职责。"))
    if not content:
        raise Refusal(_("“%(name)s”是空文件。") % {"name": name})
    if len(content) > settings.MAX_UPLOAD_MB * 1024 * 1024:
        raise Refusal(_("文件超过 %(n)s MB，请拆成几份再导入。") % {"n": settings.MAX_UPLOAD_MB})
    imported = Import.objects.create(
        kind=kind,
        unit=unit,
        office=actor.office if isinstance(actor, Acting) else None,
        importer=actor.person if isinstance(actor, Acting) else None,
        cycle=cycle,
        subject=open_subject(now=now),
        file_name=tidy_name(name),
        digest=hashlib.sha256(content).hexdigest(),
        size=len(content),
        received_at=now,
    )
    staged.keep_file(imported, content)
    audit.record(
        "importing.received", target=imported, actor=actor, at=now, payload={"file": imported.digest}
    )
    return imported


def tidy_name(name: str) -> str:
    """A file name as it may be shown: no folders, no control characters, no surrogates."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(each for each in last if each.isprintable()).encode("utf-8", "ignore").decode()
    return plain[-120:] or _("未命名")


def moved(imported: Import, stage: str) -> None:
    """The one place where the stage moves."""
    if stage not in NEXT[imported.stage]:
        raise Refusal(_("这份导入%(stage)s，不能再这样办理。") % {"stage": imported.get_stage_display()})
    imported.stage = stage


def locked(imported: Import) -> Import:
    return (
        Import.objects.select_for_update(of=("self",))
        .select_related("unit", "cycle__stored", "cycle__unit", "office", "subject")
        .get(pk=imported.pk)
    )


@transaction.atomic
def read_import(*, imported: Import, actor: Actor) -> Import:
    """Open the file in the child, find what it is; where it cannot be read, say why and keep nothing of it."""
    imported = locked(imported)
    if imported.stage != Stage.RECEIVED:
        return imported
    try:
        with transaction.atomic():
            lines = lines_of(staged.file_of(imported), name=imported.file_name)
            notes, uncounted = staged.keep_rows(imported, lines)
            _look_at(imported, actor)
    except Refusal as refusal:
        imported.pages.all().delete()
        imported.pieces.all().delete()
        moved(imported, Stage.UNREADABLE)
        imported.why = refusal.reasons
    else:
        moved(imported, Stage.READ)
        imported.notes = notes + imported.notes + ([f"uncounted {len(uncounted)}"] if uncounted else [])
        imported.why = []
    imported.job = Job.NONE
    imported.save()
    progress.forget(imported.pk)
    return imported


def _look_at(imported: Import, actor: Actor) -> None:
    """The kind, the sheet and the head; refuses what has columns about private life, and what has no table at all."""
    tops = staged.tops_of(imported, HEAD_ROWS)
    held = [each for each in kinds_for(actor) if not imported.kind or each.id == imported.kind]
    found = guesses([each for each in held if not each.whole_book], tops)
    whole = next((each for each in held if isinstance(each, Tasks)), None)
    if whole and (not found or found[0].score < 0.9) and whole.fits(_grids(tops)):
        imported.kind = whole.id
        book = tasks_in(staged.workbook_of(imported), base_year=None)  # refuses columns about private life
        imported.n_rows = len(book.tasks)
        return
    if not any(rows for _sheet, rows in tops):
        raise Refusal(_("“%(name)s”里没有内容。") % {"name": imported.file_name})
    _refuse_private(tops, {each.sheet: each.head_row for each in reversed(found)})
    known = known_head(imported, [each.id for each in held], tops)
    if known is not None:
        take_head(imported, known[0], sheet=known[1], head_row=known[2])
    elif found:
        take_head(imported, found[0].kind.id, sheet=found[0].sheet, head_row=found[0].head_row)
    else:
        place = next(sheet for sheet, rows in tops if rows)
        imported.sheet, imported.head_row = place, dict(tops)[place][0][0]
    staged_rows(imported)


def _grids(tops: list[tuple[int, list[tuple[int, list[str]]]]]) -> list[Grid]:
    return [Grid(str(sheet), [texts for _row, texts in rows]) for sheet, rows in tops]


def _refuse_private(tops: list[tuple[int, list[tuple[int, list[str]]]]], heads: dict[int, int]) -> None:
    """The head of every sheet: the one that fits a kind, else the first row that looks like one."""
    against: list[str] = []
    for sheet, rows in tops:
        texts = dict(rows).get(heads[sheet]) if sheet in heads else None
        texts = texts or next((each for _row, each in rows if looks_like_a_head(each)), [])
        against += reasons_against(texts)
    if against:
        raise Refusal.of(list(dict.fromkeys(against))[:20])


def take_head(imported: Import, kind: str, *, sheet: int, head_row: int) -> None:
    """From now on this row is the head; the columns are as the office mapped them last, else as proposed."""
    heads = staged.heads_of(imported, sheet, head_row)
    imported.kind, imported.sheet, imported.head_row = kind, sheet, head_row
    imported.source = fingerprint(heads)
    found = kind_by_id(kind)
    imported.notes = [each for each in imported.notes if each != "repeated"]
    imported.notes += ["repeated"] if repeated(heads, found) else []
    known = remembered(imported, found, heads)
    imported.mapping = proposed(found, heads) if known is None else known


def staged_rows(imported: Import) -> None:
    """Count the rows below the head."""
    n = 0
    for page in imported.pages.filter(sheet=imported.sheet).order_by("number").iterator(4):
        n += sum(row > imported.head_row for row, _cells in staged.rows_of(page))
    imported.n_rows = n


@transaction.atomic
def discard_import(*, imported: Import, actor: Actor, now: dt.datetime) -> Import:
    """Throw the file away; nothing of it was brought in."""
    imported = locked(imported)
    if imported.stage == Stage.DISCARDED:
        return imported
    moved(imported, Stage.DISCARDED)
    imported.job = Job.NONE
    imported.save()
    forget_content(imported, actor=actor, now=now)
    audit.record("importing.discarded", target=imported, actor=actor, at=now)
    return imported


def forget_content(imported: Import, *, actor: Actor, now: dt.datetime) -> None:
    """The file and its rows go, and the key they were sealed with."""
    imported.pages.all().delete()
    imported.pieces.all().delete()
    if imported.subject.erased_at is None:
        erase(subject=imported.subject, actor=actor, now=now)
