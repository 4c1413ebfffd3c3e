"""Evidence files: kept by the SHA-256 of their content, types told from their first bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal
from guantong.records.models import StoredFile

# First bytes of the types that may be evidence; what is none of them is refused.
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
OFFICE_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".wps": "application/vnd.ms-works",
}
MAX_BYTES = 20 * 1024 * 1024


def media_type_of(head: bytes, name: str) -> str:
    """The type by content; the name only tells office formats apart within their container."""
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            if media_type in {"application/zip", "application/x-ole-storage"}:
                suffix = Path(name).suffix.lower()
                if suffix in OFFICE_TYPES:
                    return OFFICE_TYPES[suffix]
                break
            return media_type
    raise Refusal(
        _("“%(name)s”不是可作依据的文件类型，请上传 PDF、图片（PNG、JPG）或 Word、Excel、PPT 文件。")
        % {"name": name}
    )


def path_of(digest: str) -> Path:
    return Path(settings.FILES) / digest[:2] / digest


def keep_file(source: BinaryIO, *, name: str) -> StoredFile:
    """Store the bytes under their digest; the same bytes are stored once. Refuses empty and oversized files."""
    content = source.read(MAX_BYTES + 1)
    if not content:
        raise Refusal(_("“%(name)s”是空文件。") % {"name": name})
    if len(content) > MAX_BYTES:
        raise Refusal(_("“%(name)s”超过 20 MB，请压缩后再传。") % {"name": name})
    media_type = media_type_of(content[:16], name)
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        partial.write_bytes(content)
        partial.replace(path)
    stored, _made = StoredFile.objects.get_or_create(
        digest=digest, defaults={"size": len(content), "media_type": media_type}
    )
    return stored
