"""The built-in templates, made by code from the pieces of `layout`: nothing binary is kept, nothing is of others."""

from __future__ import annotations

import io

from docx.document import Document

from guantong.documents.layout.scrubbing import scrub
from guantong.documents.layout.settling import repacked


def bytes_of(document: Document) -> bytes:
    scrub(document)
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())
