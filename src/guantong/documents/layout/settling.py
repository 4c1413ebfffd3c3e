"""What can only be set when the words are there: the size of the head, the place of the signature. And fixed bytes.

Works on any document whose paragraphs carry the styles of `page.STYLES`, a template of an office's own too.
"""

from __future__ import annotations

import io
import itertools
import zipfile

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from guantong.documents.layout import measures as m
from guantong.documents.layout.page import twips_of
from guantong.documents.layout.scrubbing import scrub
from guantong.documents.layout.titles import width

EPOCH = (1980, 1, 1, 0, 0, 0)


def settled(content: bytes) -> bytes:
    """The document with its head and signature in place; the same words give the same bytes."""
    document = docx.Document(io.BytesIO(content))
    for paragraph in document.paragraphs:
        if _style_of(paragraph) == "发文机关标志":
            _fit_head(paragraph)
    _place_signature(document)
    for table in document.tables:
        _keep_rows(table)
    scrub(document, _title_of(document))
    kept = io.BytesIO()
    document.save(kept)
    return repacked(kept.getvalue())


def _title_of(document: Document) -> str:
    """The title on one line."""
    titles = (each.text for each in document.paragraphs if _style_of(each) == "公文标题")
    return "".join(next(titles, "").split("\n"))


def _style_of(paragraph: Paragraph) -> str:
    return str(paragraph.style.name) if paragraph.style is not None else ""


def _fit_head(paragraph: Paragraph) -> None:
    """As large as the line holds, not larger than the standard's first size."""
    full = m.MARK_SHARE * m.TEXT_WIDTH / 25.4 * 72
    size = min(m.SIZE_MARK, full / max(width(paragraph.text), 1))
    for run in paragraph.runs:
        run.font.size = Pt(max(m.SIZE_MARK_LEAST, int(size)))


def _place_signature(document: Document) -> None:
    """The date four characters in from the right; the body's name above it, in the middle over the date.

    Both stand in the middle of one box, so that they keep to one axis whatever font stands in for the named one.
    """
    paragraphs = document.paragraphs
    for place, (by, on) in enumerate(itertools.pairwise(paragraphs)):
        if (_style_of(by), _style_of(on)) != ("发文机关署名", "成文日期"):
            continue
        inner, outer = width(on.text), width(by.text)
        axis = max(m.SIGNATURE_INDENT + inner / 2, outer / 2 + m.SIGNATURE_SPARE / 2)  # from the right edge
        half = min(axis, max(inner, outer) / 2 + m.SIGNATURE_SPARE)
        rest = m.twips(m.TEXT_WIDTH) / m.CHARACTER_TWIPS - axis - half
        for each in (by, on):
            each.alignment = WD_ALIGN_PARAGRAPH.CENTER
            each.paragraph_format.right_indent = twips_of(axis - half)
            each.paragraph_format.left_indent = twips_of(max(0.0, rest))
        for each in (*_last_words(paragraphs[:place]), by):
            each.paragraph_format.keep_with_next = True


def _keep_rows(table: Table) -> None:
    """A short table stands on one page; a longer one leaves neither its first row nor its last one alone."""
    rows = table.rows
    words = sum(len(each.text or "") for each in table._tbl.iter(qn("w:t")))
    short = len(rows) <= m.SHORT_TABLE + 1 and words <= m.SHORT_TABLE_CHARACTERS
    for place, row in enumerate(rows):
        if place < len(rows) - 1 and (short or place < 2 or place == len(rows) - 2):
            for each in row._tr.iter(
                qn("w:p")
            ):  # cells merged in an office's own way are paragraphs just as well
                Paragraph(each, table).paragraph_format.keep_with_next = True


def _last_words(before: list[Paragraph]) -> list[Paragraph]:
    """The last paragraph that says something, and the blank ones after it: no page holds a signature alone."""
    at = next((n for n in range(len(before) - 1, -1, -1) if before[n].text.strip()), len(before))
    return before[at:]


def repacked(content: bytes) -> bytes:
    """The same parts with one fixed time, so that the digest speaks of the words alone."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            target.writestr(zipfile.ZipInfo(name, EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
