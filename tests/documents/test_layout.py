"""The paper is laid out as GB/T 9704-2012 has it; documents are read back and measured."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from conftest import City
from documents.cast import (
    circular,
    duty_report,
    issued,
    made_of,
    matter,
    minuted,
    opened,
    read,
    styled,
    words,
)
from guantong.documents.kinds import PAPERS
from guantong.documents.layout import measures as m
from guantong.documents.layout.page import new_page
from guantong.documents.layout.titles import broken, width

KINDS = sorted(PAPERS)


class TestPage:
    @pytest.mark.parametrize("kind", KINDS)
    def test_the_sheet_is_a4_with_the_margins_of_the_standard(self, kind: str) -> None:
        section = opened(PAPERS[kind].builtin).sections[0]
        found = [
            section.page_width, section.page_height, section.top_margin, section.bottom_margin,
            section.left_margin, section.right_margin,
        ]  # fmt: skip
        assert [round(each.mm, 1) for each in found if each is not None] == [210, 297, 37, 35, 28, 26]

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_grid_has_22_lines_of_28_characters(self, kind: str) -> None:
        grid = opened(PAPERS[kind].builtin).sections[0]._sectPr.find(qn("w:docGrid"))
        assert grid.get(qn("w:type")) == "linesAndChars"
        line, space = int(grid.get(qn("w:linePitch"))), int(grid.get(qn("w:charSpace")))
        assert m.twips(225) // line == 22
        assert int(156 / 25.4 * 72 / (16 + space / 4096)) == 28

    def test_a_line_of_text_holds_28_characters_and_a_page_22_lines_without_the_grid_too(self) -> None:
        style = new_page().styles["公文正文"].element
        spacing = style.pPr.find(qn("w:spacing"))
        assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")
        narrower = int(style.rPr.find(qn("w:spacing")).get(qn("w:val")))
        assert m.twips(156) // (16 * 20 + narrower) == 28

    @pytest.mark.parametrize(
        ("style", "font", "size"),
        [
            ("公文标题", "方正小标宋简体", 22), ("公文正文", "仿宋_GB2312", 16), ("一级标题", "黑体", 16),
            ("二级标题", "楷体_GB2312", 16), ("页码", "宋体", 14), ("主送机关", "仿宋_GB2312", 16),
            ("成文日期", "仿宋_GB2312", 16),
        ],
    )  # fmt: skip
    def test_each_part_has_its_font_and_size_for_chinese_too(self, style: str, font: str, size: int) -> None:
        found = new_page().styles[style]
        fonts = found.element.rPr.rFonts
        assert {fonts.get(qn(f"w:{each}")) for each in ("ascii", "hAnsi", "eastAsia")} == {font}
        assert found.font.size == Pt(size)  # type: ignore[attr-defined]

    def test_text_is_indented_by_two_characters_and_the_main_recipient_is_not(self) -> None:
        styles = new_page().styles
        assert styles["公文正文"].element.pPr.ind.get(qn("w:firstLineChars")) == "200"
        assert styles["主送机关"].element.pPr.ind is None

    def test_page_numbers_stand_between_dashes_odd_right_and_even_left_one_character_in(self) -> None:
        page = new_page()
        section = page.sections[0]
        assert page.settings.odd_and_even_pages_header_footer
        for footer, alignment, side in (
            (section.footer, "right", "right"),
            (section.even_page_footer, "left", "left"),
        ):
            properties = footer.paragraphs[0]._p.pPr
            assert properties.jc.get(qn("w:val")) == alignment
            assert properties.ind.get(qn(f"w:{side}Chars")) == "100"
            xml = footer.paragraphs[0]._p.xml
            assert re.sub(r"<[^>]+>|\s", "", xml) == "—1—"
            assert 'w:instr=" PAGE "' in xml

    def test_fonts_are_named_with_what_stands_in_for_them_and_none_is_shipped(self) -> None:
        content = PAPERS["circular"].builtin
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            table = archive.read("word/fontTable.xml").decode()
            assert not [each for each in archive.namelist() if each.endswith((".odttf", ".ttf", ".bin"))]
        for name in m.FALLBACKS:
            assert f'w:name="{name}"' in table
        assert 'w:altName w:val="仿宋,FangSong' in table

    def test_the_same_words_give_the_same_bytes(self) -> None:
        paper = PAPERS["minutes"]
        assert paper.build() == paper.build() == paper.builtin


class TestHeadAndSignature:
    @pytest.mark.parametrize("kind", ["circular", "supervision_letter", "minutes", "result_notice"])
    def test_a_letter_has_its_issuer_in_red_and_a_red_rule(self, kind: str, signed: City) -> None:
        page = read(issued(kind, made_of(kind, signed)))
        [mark], [number] = styled(page, "发文机关标志"), styled(page, "发文字号")
        assert str(mark.style.font.color.rgb) == "FF0000"
        rule = number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
        assert rule.get(qn("w:color")) == "FF0000"
        assert int(rule.get(qn("w:space"))) == round(4 * 72 / 25.4)
        assert [each.text for each in page.paragraphs].index(mark.text) == 0

    @pytest.mark.parametrize("kind", ["duty_report", "duty_book", "reception_notice", "score_sheet"])
    def test_other_papers_have_none(self, kind: str) -> None:
        assert styled(opened(PAPERS[kind].builtin), "发文机关标志") == []

    def test_the_number_has_six_corner_brackets(self, signed: City) -> None:
        letter, paper = matter(signed), circular(signed)
        assert styled(read(issued("supervision_letter", letter)), "发文字号")[0].text == "督〔2026〕1号"
        assert styled(read(issued("circular", paper)), "发文字号")[0].text == "通报〔2026〕1号"

    def test_the_date_has_no_leading_zeros_and_stands_four_characters_in(self, signed: City) -> None:
        page = read(issued("circular", circular(signed)))
        [date], [signer] = styled(page, "成文日期"), styled(page, "发文机关署名")
        assert date.text == "2026年7月1日"
        # both stand in the middle of one box, and the date's end is four characters from the edge of the text
        boxes = [
            (each.paragraph_format.left_indent.twips, each.paragraph_format.right_indent.twips)
            for each in (date, signer)
        ]
        assert boxes[0] == boxes[1]
        assert {each.paragraph_format.alignment for each in (date, signer)} == {WD_ALIGN_PARAGRAPH.CENTER}
        left, right = boxes[0]
        middle = (m.twips(156) - left - right) / 2 + right
        assert middle / m.CHARACTER_TWIPS - width(date.text) / 2 == pytest.approx(4, abs=0.01)

    def test_a_long_name_over_the_date_stays_on_one_line_inside_the_margins(self, signed: City) -> None:
        item = duty_report(signed)
        item.office.title = "市委新时代党的创新理论学习宣传工作领导小组领导干部（一）"
        [signer] = styled(read(issued("duty_report", item)), "发文机关署名")
        box = (
            m.twips(156)
            - signer.paragraph_format.left_indent.twips
            - signer.paragraph_format.right_indent.twips
        )
        assert signer.paragraph_format.right_indent.twips >= 0
        assert box >= min(width(signer.text) * m.CHARACTER_TWIPS, m.twips(156))

    @pytest.mark.parametrize("kind", ["circular", "supervision_letter", "minutes", "result_notice"])
    def test_the_imprint_stands_at_the_foot_of_the_last_page_one_character_in(
        self, kind: str, signed: City
    ) -> None:
        page = read(issued(kind, made_of(kind, signed)))
        [imprint] = [each for each in styled(page, "版记") if each.text]
        properties = imprint._p.pPr
        frame = properties.find(qn("w:framePr"))
        assert (frame.get(qn("w:vAnchor")), frame.get(qn("w:yAlign"))) == ("margin", "bottom")
        assert int(frame.get(qn("w:w"))) == m.twips(156)
        stops = [int(each.get(qn("w:pos"))) for each in properties.find(qn("w:tabs"))]
        assert stops == [14 * 20, m.twips(156) - 14 * 20]
        assert properties.ind is None  # or the rules were shorter than the text is wide
        assert {each.tag for each in properties.find(qn("w:pBdr"))} == {qn("w:top"), qn("w:bottom")}
        assert imprint.text.endswith("印发")

    def test_no_page_holds_the_signature_alone(self, signed: City) -> None:
        paragraphs = read(issued("duty_report", duty_report(signed))).paragraphs
        at = next(
            n
            for n, each in enumerate(paragraphs)
            if each.style is not None and each.style.name == "发文机关署名"
        )
        last_words = max(n for n in range(at) if paragraphs[n].text.strip())
        assert all(each.paragraph_format.keep_with_next for each in paragraphs[last_words : at + 1])

    def test_a_long_name_of_the_issuer_still_fits_one_line(self, signed: City) -> None:
        unit = signed.units["1506-LGO"]
        unit.name = "市委新时代党的创新理论学习宣传贯彻工作领导小组办公室"
        unit.save()
        [mark] = styled(read(issued("circular", circular(signed))), "发文机关标志")
        size = mark.runs[0].font.size.pt
        assert size * width(mark.text) <= max(156 / 25.4 * 72, 22 * width(mark.text))
        assert size == 22

    def test_the_main_recipient_ends_with_a_full_width_colon(self, signed: City) -> None:
        assert styled(read(issued("supervision_letter", matter(signed))), "主送机关")[3].text.endswith(
            "："
        ) or any(
            each.text == "市发展和改革委员会、东胜区："
            for each in styled(read(issued("supervision_letter", matter(signed))), "主送机关")
        )

    def test_a_short_table_is_kept_on_one_page_with_its_heading(self, signed: City) -> None:
        page = read(issued("supervision_letter", matter(signed)))
        [table] = [each for each in page.tables if len(each.columns) == 5]
        kept = [
            all(each.paragraph_format.keep_with_next for cell in row.cells for each in cell.paragraphs)
            for row in table.rows
        ]
        assert kept == [True, True, False]

    def test_the_language_of_the_text_is_chinese(self) -> None:
        defaults = new_page().styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        tags = [each.tag for each in defaults]
        assert defaults.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"
        assert tags.index(qn("w:szCs")) < tags.index(qn("w:lang"))  # the order that the format wants

    def test_those_present_are_listed_under_the_first_name(self, signed: City) -> None:
        [listed] = styled(read(issued("minutes", minuted(signed))), "出席名单")
        indent = listed.style.element.pPr.ind
        assert (indent.get(qn("w:leftChars")), indent.get(qn("w:hangingChars"))) == ("500", "300")
        assert (listed.runs[0].text, listed.runs[0].font.name) == ("出席：", m.FONT_FIRST)

    def test_tables_repeat_their_head_and_break_no_row(self, signed: City) -> None:
        [table] = read(issued("duty_book", signed.list_of("1506-MU-01"))).tables
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(each._tr.trPr.find(qn("w:cantSplit")) is not None for each in table.rows[1:])
        assert len(table.rows) == 1 + signed.list_of("1506-MU-01").items.filter(withdrawn=False).count()


class TestTitles:
    def test_a_title_of_one_line_stays_one(self) -> None:
        assert broken("关于2026年鄂尔多斯市履职情况的通报") == "关于2026年鄂尔多斯市履职情况的通报"

    def test_a_longer_one_is_broken_at_a_seam_into_lines_of_nearly_one_length(self) -> None:
        assert (
            broken("关于市委工作领导小组2026年12月领导接待日安排的公告")
            == "关于市委工作领导小组\n2026年12月领导接待日安排的公告"
        )
        assert (
            broken("鄂尔多斯空港物流园区同心之家2026年度责任清单")
            == "鄂尔多斯空港物流园区同心之家\n2026年度责任清单"
        )

    @pytest.mark.parametrize("n", range(1, 120))
    def test_no_line_is_wider_than_the_sheet_and_none_begins_with_a_mark(self, n: int) -> None:
        title = ("关于督办“落实2026年12月15日前清偿欠款、按月公开”的通知" * 5)[:n]
        lines = broken(title).split("\n")
        assert "".join(lines) == title
        assert all(width(each) <= m.TITLE_CHARACTERS for each in lines)

    def test_words_stand_on_the_paper_as_they_were_given(self, signed: City) -> None:
        assert "督查通报" in words(read(issued("supervision_letter", matter(signed))))
