"""A .docx read back as plain blocks, for the page that is printed from the browser. Paragraphs and tables, no more."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

# style of the paper: class on the page
CLASSES = {
    "发文机关标志": "mark",
    "发文字号": "number",
    "公文标题": "title",
    "标题下注": "note",
    "主送机关": "to",
    "一级标题": "first",
    "二级标题": "second",
    "发文机关署名": "signer",
    "成文日期": "date",
    "出席名单": "attending",
}

GAPS = ("表格间隔", "版记")  # blank paragraphs of less than a line


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a class, or the rows of a table."""

    style: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def blocks_of(content: bytes) -> list[Block]:
    """What the document says, in order."""
    document = docx.Document(io.BytesIO(content))
    return [
        _paragraph(each) if isinstance(each, Paragraph) else _table(each)
        for each in document.iter_inner_content()
    ]


def _paragraph(each: Paragraph) -> Block:
    name = str(each.style.name) if each.style is not None else ""
    if not each.text.strip():
        return Block("gap" if name in GAPS else "blank", ("",))
    if name == "版记":
        return Block("imprint", rows=(tuple(each.text.strip().split("\t")),))
    return Block(CLASSES.get(name, "body"), tuple(each.text.split("\n")))


def _table(each: Table) -> Block:
    rows = tuple(tuple("\n".join(_words(cell)) for cell in row.tc_lst) for row in each._tbl.tr_lst)
    first = next(iter(each._tbl.iter(qn("w:pStyle"))), None)
    is_imprint = first is not None and first.get(qn("w:val")) == "版记"
    return Block("imprint" if is_imprint else "table", rows=rows)


def _words(cell: Any) -> list[str]:
    """The paragraphs of a cell as it stands in the file: cells merged in an office's own way have no grid to be asked."""
    return [str(Paragraph(each, cell).text) for each in cell.iter(qn("w:p"))]
