"""Whether the database is behind what was already published: rolled back, or swapped for an older one."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from guantong.audit import signing
from guantong.audit.models import AuditEntry
from guantong.audit.sequencing import newest_note_path, tree_size
from guantong.audit.tiles import TileFolder
from guantong.audit.tree import hasher, leaf_hash
from guantong.audit.verification import is_leaf, read_note

_known: dict[str, tuple[float, str]] = {}
SECONDS = 60.0


def why_rolled_back() -> str:
    """In a sentence, how the database falls short of what is published; empty if it does not.

    Held against the tiles too, which are ahead of the newest checkpoint by up to an hour. They are looked at before the
    database, since a row has its place before its tile is written.
    """
    published = TileFolder(Path(settings.LOG_FOLDER), algorithm=signing.algorithm())
    size, path = published.size(), newest_note_path()
    if path.is_file():
        noted, _root = read_note(path.read_text(encoding="utf-8"))
        if noted is None:
            return _("最近公布的检查点文件已损坏：%(path)s。") % {"path": path}
        size = max(size, noted)
    if not size:
        return ""
    try:
        now = tree_size()
    except DatabaseError:
        return ""  # no schema yet: nothing to serve either
    if now < size:
        return _("已公布的日志有 %(size)s 条，数据库里只有 %(now)s 条：数据库被回退，或换成了旧的。") % {
            "size": size,
            "now": now,
        }
    leaf = AuditEntry.objects.filter(position=size - 1).values_list("leaf", flat=True).first() or ""
    tile = published.read(0, (size - 1) // 256)
    at = (size - 1) % 256 * 32
    if not is_leaf(leaf) or tile[at : at + 32] != leaf_hash(bytes.fromhex(leaf), hasher(signing.algorithm())):
        return _("数据库里第 %(at)s 条日志与已公布的不同：这不是公布日志的那个数据库。") % {"at": size - 1}
    return ""


def is_rolled_back() -> str:
    """The sentence, looked up at most once a minute in each process."""
    key = str(settings.LOG_FOLDER)
    asked, answer = _known.get(key, (float("-inf"), ""))
    if time.monotonic() - asked > SECONDS:
        answer = why_rolled_back()
        _known[key] = (time.monotonic(), answer)
    return answer


def look_again() -> None:
    """Forget the answer, after a restore was accepted."""
    _known.clear()
