"""Evidence files: kept in the installation's folder under the SHA-256 of their content, away from any URL."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal
from guantong.records.media import medium_of
from guantong.records.models import StoredFile


def path_of(digest: str) -> Path:
    return Path(settings.FILES) / digest[:2] / digest


def keep_file(source: BinaryIO, *, name: str) -> StoredFile:
    """Store the file under the digest of what is kept; the same bytes are stored once.

    Refuses what is empty, too large (``GUANTONG_MAX_UPLOAD_MB``) or of no known type.
    """
    most = settings.MAX_UPLOAD_MB * 1024 * 1024
    uploaded = source.read(most + 1)
    if not uploaded:
        raise Refusal(_("“%(name)s”是空文件。") % {"name": name})
    if len(uploaded) > most:
        raise Refusal(
            _("“%(name)s”超过 %(n)s MB，请压缩后再传。") % {"name": name, "n": settings.MAX_UPLOAD_MB}
        )
    medium = medium_of(uploaded, name=name)
    digest = hashlib.sha256(medium.content).hexdigest()
    _write(path_of(digest), medium.content)
    stored, _made = StoredFile.objects.get_or_create(
        digest=digest, defaults={"size": len(medium.content), "media_type": medium.media_type}
    )
    return stored


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk: two at once write the same bytes and do not meet."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(beside).replace(path)


def content_of(stored: StoredFile) -> bytes:
    """The bytes as they were stored. Refuses a file that is gone or no longer has its digest."""
    try:
        content = path_of(stored.digest).read_bytes()
    except OSError as error:
        raise Refusal(_("这份附件不在文件存储里，请告知系统管理员。")) from error
    if hashlib.sha256(content).hexdigest() != stored.digest:
        raise Refusal(_("这份附件与登记时的内容不一致，没有提供下载，请告知系统管理员。"))
    return content
