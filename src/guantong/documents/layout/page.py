"""An empty page of official paper: A4, margins, the grid of 22 lines of 28 characters, fonts, page numbers."""

from __future__ import annotations

from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor, Twips
from docx.text.paragraph import Paragraph

from guantong.documents.layout import measures as m

CENTRE, LEFT, RIGHT, JUSTIFY = "center", "left", "right", "both"
# style: (font, size, alignment, first line indented by two characters)
STYLES: dict[str, tuple[str, int, str, bool]] = {
    "公文正文": (m.FONT_BODY, m.SIZE_BODY, JUSTIFY, True),
    "发文机关标志": (m.FONT_TITLE, m.SIZE_MARK, CENTRE, False),
    "发文字号": (m.FONT_BODY, m.SIZE_BODY, CENTRE, False),
    "公文标题": (m.FONT_TITLE, m.SIZE_TITLE, CENTRE, False),
    "标题下注": (m.FONT_SECOND, m.SIZE_BODY, CENTRE, False),
    "主送机关": (m.FONT_BODY, m.SIZE_BODY, JUSTIFY, False),
    "一级标题": (m.FONT_FIRST, m.SIZE_BODY, JUSTIFY, True),
    "二级标题": (m.FONT_SECOND, m.SIZE_BODY, JUSTIFY, True),
    "发文机关署名": (m.FONT_BODY, m.SIZE_BODY, RIGHT, False),
    "成文日期": (m.FONT_BODY, m.SIZE_BODY, RIGHT, False),
    "表头文字": (m.FONT_FIRST, m.SIZE_TABLE, CENTRE, False),
    "表格文字": (m.FONT_BODY, m.SIZE_TABLE, LEFT, False),
    "表格数字": (m.FONT_BODY, m.SIZE_TABLE, CENTRE, False),
    "表格间隔": (m.FONT_BODY, m.SIZE_TABLE, LEFT, False),
    "出席名单": (m.FONT_BODY, m.SIZE_BODY, JUSTIFY, False),
    "版记": (m.FONT_BODY, m.SIZE_SMALL, LEFT, False),
    "页码": (m.FONT_PAGE, m.SIZE_SMALL, RIGHT, False),
}
CELLS, OFF_LINES = ("表头文字", "表格文字", "表格数字"), ("版记", "页码")
OFF_GRID = (*CELLS, *OFF_LINES, "表格间隔", "发文机关标志", "公文标题")
# How far apart lines stand where it is not the grid's pitch.
PITCH = dict.fromkeys(CELLS, 20 * m.TABLE_LINE) | dict.fromkeys(OFF_LINES, 0) | {"表格间隔": 20 * m.TABLE_GAP}


def new_page() -> Document:
    """A document with the measures and styles of the standard and nothing on it."""
    document = docx.Document()
    document._body.clear_content()
    _measure(document)
    _font(document.styles["Normal"], m.FONT_BODY, m.SIZE_BODY)
    _default_size(document)
    for name, (font, size, alignment, indented) in STYLES.items():
        _style(document, name, font, size, alignment, indented)
    _number_pages(document)
    _name_fallbacks(document)
    return document


def _measure(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(m.PAGE_WIDTH), Mm(m.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(m.TOP), Mm(m.BOTTOM)
    section.left_margin, section.right_margin = Mm(m.LEFT), Mm(m.RIGHT)
    section.footer_distance, section.header_distance = Mm(m.PAGE_NUMBER_EDGE), Mm(15)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = f'<w:docGrid {nsdecls("w")} w:type="linesAndChars" w:linePitch="{m.LINE_TWIPS}" w:charSpace="{m.CHARACTER_SPACE}"/>'
    section._sectPr.append(parse_xml(grid))


def _font(style: Any, font: str, size: float) -> None:
    """The same font for Chinese and for figures: half-width figures stand in the font of the text around them."""
    style.font.name, style.font.size = font, Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), font)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _default_size(document: Document) -> None:
    """The grid counts in characters of the default size, so that must be the size of the text; the text is Chinese."""
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert defaults is not None
    language = defaults.find(qn("w:lang"))
    assert language is not None
    language.set(qn("w:eastAsia"), "zh-CN")
    for tag in ("w:sz", "w:szCs"):
        for old in defaults.findall(qn(tag)):
            defaults.remove(old)
        language.addprevious(parse_xml(f'<{tag} {nsdecls("w")} w:val="{2 * m.SIZE_BODY}"/>'))


def _style(document: Document, name: str, font: str, size: int, alignment: str, indented: bool) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    _font(style, font, size)
    properties = style.element.get_or_add_pPr()
    if name in ("一级标题", "二级标题"):
        properties.append(parse_xml(f"<w:keepNext {nsdecls('w')}/>"))
    line = PITCH.get(name, m.LINE_TWIPS)
    spacing = f'<w:spacing {nsdecls("w")} w:before="0" w:after="0"'
    spacing += f' w:line="{line}" w:lineRule="exact"/>' if line else ' w:line="240" w:lineRule="auto"/>'
    if name == "发文机关标志":
        spacing = f'<w:spacing {nsdecls("w")} w:before="{m.twips(m.MARK_DROP)}" w:after="0" w:line="240" w:lineRule="auto"/>'
        style.font.color.rgb = RGBColor.from_string(m.RED)
    properties.append(parse_xml(f'<w:widowControl {nsdecls("w")} w:val="0"/>'))
    # Word and LibreOffice read a grid of characters differently, so each style carries its measures itself
    for tag in ("overflowPunct", "autoSpaceDE", "autoSpaceDN", "snapToGrid"):
        properties.append(parse_xml(f'<w:{tag} {nsdecls("w")} w:val="0"/>'))
    if name not in OFF_GRID:
        narrower = parse_xml(f'<w:spacing {nsdecls("w")} w:val="{m.NARROWER_TWIPS}"/>')
        style.element.rPr.find(qn("w:sz")).addprevious(narrower)
    properties.append(parse_xml(spacing))
    if indented:
        indent = f'<w:ind {nsdecls("w")} w:firstLineChars="200" w:firstLine="{2 * m.CHARACTER_TWIPS}"/>'
        properties.append(parse_xml(indent))
    if name == "出席名单":
        properties.append(parse_xml(f"<w:ind {nsdecls('w')} {_hanging(5, 3)}/>"))
    properties.append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{alignment}"/>'))


def _hanging(left: int, back: int) -> str:
    """Lines that begin ``left`` characters in, the first of them ``back`` characters before the others."""
    one = m.CHARACTER_TWIPS
    return f'w:leftChars="{left}00" w:left="{left * one}" w:hangingChars="{back}00" w:hanging="{back * one}"'


def _number_pages(document: Document) -> None:
    """— 1 —: odd pages right, even pages left, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, alignment, side in (
        (section.footer, RIGHT, "right"),
        (section.even_page_footer, LEFT, "left"),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["页码"]
        properties = paragraph._p.get_or_add_pPr()
        one = m.twips(m.SIZE_SMALL * 25.4 / 72)
        properties.append(parse_xml(f'<w:ind {nsdecls("w")} w:{side}Chars="100" w:{side}="{one}"/>'))
        properties.append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{alignment}"/>'))
        paragraph.add_run("— ")
        _page_field(paragraph)
        paragraph.add_run(" —")


def _page_field(paragraph: Paragraph) -> None:
    field = f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field))


def _name_fallbacks(document: Document) -> None:
    """Which font stands in for one that is not installed."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{",".join(others)}"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, others in m.FALLBACKS.items()
    )
    table = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{fonts}</w:fonts>'
    )
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = table.encode()


def twips_of(characters: float) -> Twips:
    return Twips(round(characters * m.CHARACTER_TWIPS))
