"""The log as files that anyone can check with `verify_log.py`, and receipts that prove one row."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from guantong.audit import signing
from guantong.audit.models import AuditEntry, Checkpoint, Receipt
from guantong.audit.sequencing import tiles


def entry_as_json(entry: AuditEntry) -> dict[str, Any]:
    """One row as it is exported: the parts of its canonical form, its leaf and its place."""
    return {
        "position": entry.position,
        "salt": entry.salt,
        "at": entry.at.astimezone(dt.UTC).isoformat(),
        "person": entry.person_ref,
        "office": entry.office_ref,
        "actor": entry.actor,
        "verb": entry.verb,
        "object_type": entry.object_type,
        "object_ref": entry.object_ref,
        "version": entry.version,
        "payload": entry.payload,
        "previous": entry.previous,
        "leaf": entry.leaf,
    }


def lines() -> Iterator[str]:
    """Rows that have their place, in order, as JSON lines."""
    for entry in AuditEntry.objects.filter(position__isnull=False).order_by("position").iterator(2000):
        yield json.dumps(entry_as_json(entry), ensure_ascii=False, separators=(",", ":")) + "\n"


def export_log(folder: Path) -> dict[str, int]:
    """Write ``entries.jsonl``, ``checkpoints/*.txt``, ``key.txt`` and the stand-alone verifier to a folder."""
    (folder / "checkpoints").mkdir(parents=True, exist_ok=True)
    written = 0
    with (folder / "entries.jsonl").open("w", encoding="utf-8") as file:
        for line in lines():
            file.write(line)
            written += 1
    notes = 0
    for made in Checkpoint.objects.order_by("size", "id"):
        name = f"{made.size:012d}-{made.at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}.txt"
        (folder / "checkpoints" / name).write_text(made.note, encoding="utf-8")
        notes += 1
    (folder / "key.txt").write_text(signing.verifier_key() + "\n", encoding="ascii")
    shutil.copyfile(Path(__file__).with_name("verify_log.py"), folder / "verify_log.py")
    return {"entries": written, "checkpoints": notes}


def receipt_as_json(receipt: Receipt) -> dict[str, Any]:
    """The row, and the proof that it stands under the newest checkpoint; without proof until there is one."""
    entry = receipt.entry
    found: dict[str, Any] = {"code": receipt.code, "entry": entry_as_json(entry), "checkpoint": None}
    newest = Checkpoint.objects.order_by("-size", "-id").first()
    if newest and entry.position is not None and entry.position < newest.size:
        proof = tiles().tree().inclusion(entry.position, newest.size)
        found |= {"checkpoint": newest.note, "proof": [each.hex() for each in proof]}
    return found


def consistency_as_json(old: Checkpoint, new: Checkpoint) -> dict[str, Any]:
    """That the newer checkpoint's log begins with the older one's."""
    proof = tiles().tree().consistency(old.size, new.size)
    return {"old": old.note, "new": new.note, "proof": [each.hex() for each in proof]}


def log_folder() -> Path:
    return Path(settings.LOG_FOLDER)
