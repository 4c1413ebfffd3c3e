"""Files and rows of imports go after a month; what was imported, by whom and when stays."""

from __future__ import annotations

import datetime as dt

from guantong.accounts.acting import Actor
from guantong.importing.models import FilePiece, Import
from guantong.importing.operations.receiving import forget_content
from guantong.kernel.privacy import KEEP


def forget_old_files(*, now: dt.datetime, actor: Actor) -> int:
    """Take away the content of imports that came in more than a month ago; returns how many."""
    days = KEEP[FilePiece.privacy.keep]
    assert days is not None
    old = Import.objects.filter(
        received_at__lt=now - dt.timedelta(days=days), subject__erased_at__isnull=True
    )
    n = 0
    for imported in old.select_related("subject"):
        forget_content(imported, actor=actor, now=now)
        n += 1
    return n
