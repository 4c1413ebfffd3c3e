"""Taking committed rows up into the tree, and signing checkpoints over it. Done by the worker."""

from __future__ import annotations

import base64
import datetime as dt
import os
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from guantong.audit import signing
from guantong.audit.models import AuditEntry, Checkpoint, CheckpointKind
from guantong.audit.tiles import TileFolder
from guantong.audit.tree import hasher, leaf_hash

BATCH = 1000


def tiles() -> TileFolder:
    """The published tiles of this installation."""
    return TileFolder(Path(settings.LOG_FOLDER), algorithm=signing.algorithm())


def tree_size() -> int:
    """How many rows have their place in the tree."""
    last = AuditEntry.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def sequence() -> int:
    """Give every committed row without a place the next one, then publish their hashes; returns how many.

    Rows are found by having no place, not by number: a row with a lower number may be committed later.
    """
    taken = 0
    while batch := _sequence_batch():
        taken += batch
    publish_tiles()
    return taken


def _sequence_batch() -> int:
    try:
        with transaction.atomic():
            rows = list(
                AuditEntry.objects.select_for_update()
                .filter(position__isnull=True)
                .only("id", "position")
                .order_by("id")[:BATCH]
            )
            start = tree_size()
            for at, row in enumerate(rows):
                row.position = start + at
            AuditEntry.objects.bulk_update(rows, ["position"], batch_size=200)
            return len(rows)
    except IntegrityError:  # another worker took the same places; its rows have them now
        return 0


def publish_tiles() -> None:
    """Write the hashes of rows that have their place but are not in the tiles yet."""
    folder = tiles()
    while _publish_batch(folder):
        pass


@transaction.atomic
def _publish_batch(folder: TileFolder) -> int:
    # One worker at a time writes tiles: the first row is the lock (on SQLite the transaction itself is one).
    list(AuditEntry.objects.select_for_update(no_key=True).filter(position=0).only("id"))
    leaves = list(
        AuditEntry.objects.filter(position__gte=folder.size())
        .order_by("position")
        .values_list("leaf", flat=True)[: BATCH * 10]
    )
    digest = hasher(folder.algorithm)
    folder.append([leaf_hash(bytes.fromhex(leaf), digest) for leaf in leaves])
    return len(leaves)


def checkpoint(kind: str, *, now: dt.datetime) -> Checkpoint | None:
    """Sign the tree as it is published and keep the note in the database and outside it."""
    folder = tiles()
    size = folder.size()
    if size == 0:
        return None
    root = folder.tree().root(size)
    text = (
        f"{settings.LOG_ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"
        f"{kind} {now.astimezone(dt.UTC).isoformat()}\nsuite {signing.suite()}\n"
    )
    note = signing.signed_note(text)
    with transaction.atomic():
        made = Checkpoint.objects.create(kind=kind, at=now, size=size, root=root.hex(), note=note)
    keep_note(made)
    return made


def keep_note(made: Checkpoint) -> None:
    """The note as a file of its own, and as the newest one: what a rolled-back database is held against."""
    folder = Path(settings.LOG_FOLDER) / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{made.size:012d}-{made.at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}.txt"
    for path in (folder / name, newest_note_path()):
        beside = path.with_name(f".{path.name}.new")
        with beside.open("w", encoding="utf-8") as file:
            file.write(made.note)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)


def newest_note_path() -> Path:
    return Path(settings.LOG_FOLDER) / "newest-checkpoint.txt"


def keep_log(*, now: dt.datetime, today: dt.date) -> None:
    """The worker's round: take rows up; a daily checkpoint once a day, an hourly one where rows came."""
    sequence()
    newest = Checkpoint.objects.order_by("-id").first()
    size = tiles().size()
    if not Checkpoint.objects.filter(kind=CheckpointKind.DAILY, at__gte=_start_of(today, now)).exists():
        checkpoint(CheckpointKind.DAILY, now=now)
    elif newest is None or (newest.size < size and now - newest.at >= dt.timedelta(hours=1)):
        checkpoint(CheckpointKind.HOURLY, now=now)


def _start_of(today: dt.date, now: dt.datetime) -> dt.datetime:
    from django.utils import timezone

    return dt.datetime.combine(today, dt.time.min, tzinfo=timezone.get_default_timezone())
