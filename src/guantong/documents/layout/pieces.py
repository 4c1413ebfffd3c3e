"""The pieces that built-in templates are put together from: head with the red rule, title, text, tables, signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import Table

from guantong.documents.layout import measures as m


def put(document: Document, style: str, text: str = "") -> None:
    document.add_paragraph(text, style=document.styles[style])


def blank(document: Document, lines: int = 1) -> None:
    for _each in range(lines):
        put(document, "主送机关")


def head(document: Document, mark: str, number: str) -> None:
    """The issuing body in red, the document number two lines below, the red rule under it."""
    put(document, "发文机关标志", mark)
    blank(document, 2)
    paragraph = document.add_paragraph(number, style=document.styles["发文字号"])
    gap = round(m.RULE_GAP * 72 / 25.4)
    rule = f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="12" w:space="{gap}" w:color="{m.RED}"/></w:pBdr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(rule))
    blank(document, 2)


def title(document: Document, text: str, below: str = "") -> None:
    put(document, "公文标题", text)
    if below:
        put(document, "标题下注", below)
    blank(document)


def signature(document: Document, by: str = "{{ signer }}", on: str = "{{ date }}") -> None:
    blank(document, 2)
    put(document, "发文机关署名", by)
    put(document, "成文日期", on)


def attendance(document: Document, word: str, names: str) -> None:
    """Who was there: the word in the font of headings, the names so that each line begins where the first does."""
    paragraph = document.add_paragraph(style=document.styles["出席名单"])
    shown = paragraph.add_run(f"{word}：")
    shown.font.name = m.FONT_FIRST
    shown._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), m.FONT_FIRST)
    paragraph.add_run(names)


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in millimetres; figures stand in the middle."""

    title: str
    value: str
    width: float
    is_figure: bool = False


def table(document: Document, rows: str, columns: Sequence[Column]) -> Table:
    """A ruled table with one row for each of ``rows``; its head stands again on every page."""
    document.add_paragraph(style=document.styles["表格间隔"]).paragraph_format.keep_with_next = True
    made: Any = document.add_table(rows=0, cols=len(columns))
    made.autofit = False
    _rule(made, "top", "left", "bottom", "right", "insideH", "insideV")
    room = m.twips(m.TABLE_MARGIN)
    _set(
        made,
        f'<w:tblCellMar {nsdecls("w")}><w:top w:w="{room}" w:type="dxa"/><w:bottom w:w="{room}" w:type="dxa"/></w:tblCellMar>',
    )
    shown, start, each, end = (made.add_row() for _each in range(4))
    for cell, column in zip(shown.cells, columns, strict=True):
        cell.paragraphs[0].text = column.title
        cell.paragraphs[0].style = document.styles["表头文字"]
    shown._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    start.cells[0].paragraphs[0].text = f"{{%tr for row in {rows} %}}"
    end.cells[0].paragraphs[0].text = "{%tr endfor %}"
    each._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    for cell, column in zip(each.cells, columns, strict=True):
        cell.paragraphs[0].text = column.value
        cell.paragraphs[0].style = document.styles["表格数字" if column.is_figure else "表格文字"]
    for row in (shown, start, each, end):
        for cell, column in zip(row.cells, columns, strict=True):
            cell.width = Mm(column.width)
            cell.vertical_alignment = 1
    for place, column in zip(made.columns, columns, strict=True):
        place.width = Mm(column.width)
    put(document, "表格间隔")
    return cast("Table", made)


# The children of a table's properties in the order that the format wants them in.
ORDER = ("tblStyle", "tblpPr", "tblOverlap", "tblW", "jc", "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook")  # fmt: skip


def _rule(made: Table, *sides: str, size: int = 4) -> None:
    """Lines along these sides, in eighths of a point; the table in the middle."""
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>' for side in sides
    )
    _set(made, f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>")
    _set(made, f'<w:jc {nsdecls("w")} w:val="center"/>')


def _set(made: Table, xml: str) -> None:
    """Put a property of a table in its place, instead of one that is there."""
    properties, fresh = made._tbl.tblPr, parse_xml(xml)
    for old in properties.findall(fresh.tag):
        properties.remove(old)
    tags = [qn(f"w:{each}") for each in ORDER]
    before = [each for each in properties if each.tag in tags[: tags.index(fresh.tag)]]
    if before:
        before[-1].addnext(fresh)
    else:
        properties.insert(0, fresh)


def imprint(document: Document, by: str = "{{ signer }}", on: str = "{{ date }}印发") -> None:
    """Who printed it and when, between two rules at the foot of the last page, one character in on both sides (版记)."""
    blank(document)
    # by stops and not by indents, for the rules are as long as the paragraph is wide
    paragraph = document.add_paragraph(f"\t{by}\t{on}", style=document.styles["版记"])
    properties, one = paragraph._p.get_or_add_pPr(), m.twips(m.SIZE_SMALL * 25.4 / 72)
    wide = m.twips(m.TEXT_WIDTH)
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="1" w:color="000000"/>' for side in ("top", "bottom")
    )
    for xml in (
        f'<w:framePr {nsdecls("w")} w:w="{wide}" w:wrap="around" w:hAnchor="margin" w:vAnchor="margin" w:xAlign="left" w:yAlign="bottom"/>',
        f"<w:pBdr {nsdecls('w')}>{rules}</w:pBdr>",
        f'<w:tabs {nsdecls("w")}><w:tab w:val="left" w:pos="{one}"/><w:tab w:val="right" w:pos="{wide - one}"/></w:tabs>',
    ):
        properties.append(parse_xml(xml))
    # what is framed stands beside a paragraph that comes after it
    document.add_paragraph(style=document.styles["版记"]).paragraph_format.line_spacing = Pt(1)
