"""What became of the columns of a workbook."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guantong.importing.kinds.base import Kind
from guantong.importing.mapping import plain, words_of
from guantong.importing.models import Import
from guantong.importing.staged import heads_of

NUMBERED = frozenset({"序号", "编号", "no", "no."})
SHOWN = 10


def about_columns(imported: Import, kind: Kind) -> list[str]:
    """A sentence about the columns that are not brought in, where there are any; those for the reader alone are no news."""
    words = words_of(kind)
    shown = {each.id for each in kind.columns if each.shown}
    left = [
        " ".join(head.split())[:40]
        for at, head in enumerate(heads_of(imported, imported.sheet, imported.head_row))
        if plain(head)
        and at not in imported.mapping.values()
        and plain(head) not in NUMBERED
        and words.get(plain(head)) not in shown
    ]
    if not left:
        return []
    named = "、".join(dict.fromkeys(left[:SHOWN])) + ("……" if len(left) > SHOWN else "")
    return [_("这些列没有对上，不会导入：%(columns)s。要导入请点“改列”指定。") % {"columns": named}]
