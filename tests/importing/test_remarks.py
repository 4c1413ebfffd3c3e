"""The uploaded workbook comes back with remarks on its cells, and otherwise as it was."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from guantong.importing.limited.remarking.books import MOST_COMMENTS
from guantong.importing.reading import marked
from guantong.kernel.refusals import Refusal
from importing.corpus import members, zipped
from importing.sheets import saved, xlsx

ROWS = [["代码", "名称"], ["1506", "甲"], ["1507", "乙"], ["1508", "丙"]]
ERROR, WARNING = "FFF4C7C3", "FFFFF2CC"
PLACES = [("Sheet1", 2, 1, "error", "代码有误"), ("Sheet1", 3, 4, "warning", "请核对")]
XLS = Path(__file__).parent / "data" / "units.xls"


def back(
    content: bytes, remarks: Sequence[tuple[Any, ...]] = PLACES, *, name: str = "a.xlsx", **more: Any
) -> Any:
    made = marked(content, name=name, remarks=list(remarks), merged=more.get("merged", {}))
    return openpyxl.load_workbook(io.BytesIO(made))


def changed(part: str, change: Callable[[bytes], bytes], content: bytes | None = None) -> bytes:
    parts = members(content or xlsx(ROWS))
    was = parts[part]
    parts[part] = change(was)
    assert parts[part] != was
    return zipped(parts)


def words(sheet: Any) -> dict[str, str]:
    return {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}


def colours(sheet: Any) -> dict[str, str]:
    return {c.coordinate: c.fill.fgColor.rgb for row in sheet for c in row if c.fill.patternType == "solid"}


def rich() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(ROWS)))
    sheet = book.worksheets[0]
    sheet["A2"].font = Font(bold=True, color="FF00AA00")
    sheet["A2"].number_format = "@"
    sheet["B3"].fill = PatternFill("solid", fgColor="FF112233")
    sheet["B4"].comment = Comment("谁写的", "张三")
    sheet["A2"].comment = Comment("请看这里", "李四")
    sheet["C2"] = "=LEN(B2)"
    sheet.column_dimensions["B"].width = 33
    sheet.freeze_panes = "A2"
    sheet.conditional_formatting.add(
        "A2:A4", openpyxl.formatting.rule.CellIsRule(operator="equal", formula=["1"], font=Font(bold=True))
    )
    sheet.print_title_rows = "1:1"
    other = book.create_sheet("说明")
    other["A1"], other["B2"] = "不要动", "=1+1"
    return saved(book)


class TestInPlace:
    def test_cells_get_their_words_and_colour_also_those_that_were_empty(self) -> None:
        sheet = back(xlsx(ROWS)).worksheets[0]
        assert words(sheet) == {"A2": "代码有误", "D3": "请核对"}
        assert colours(sheet) == {"A2": ERROR, "D3": WARNING}
        assert [[c.value for c in row[:2]] for row in sheet.iter_rows()] == ROWS

    def test_formats_formulas_comments_and_other_sheets_stay(self) -> None:
        book = back(rich())
        sheet, other = book["Sheet1"], book["说明"]
        assert words(sheet) == {"A2": "请看这里\n贯通：代码有误", "B4": "谁写的", "D3": "请核对"}
        assert (sheet["A2"].font.b, sheet["A2"].font.color.rgb, sheet["A2"].number_format) == (
            True,
            "FF00AA00",
            "@",
        )
        assert colours(sheet) == {"A2": ERROR, "D3": WARNING, "B3": "FF112233"}
        assert (sheet["C2"].value, other["B2"].value, other["A1"].value) == ("=LEN(B2)", "=1+1", "不要动")
        assert (sheet.column_dimensions["B"].width, sheet.freeze_panes) == (33, "A2")
        assert [str(each.sqref) for each in sheet.conditional_formatting] == ["A2:A4"]
        assert sheet.print_title_rows == "$1:$1"

    def test_parts_that_nothing_is_said_of_are_the_same_bytes(self) -> None:
        before = members(rich())
        after = members(marked(rich(), name="a.xlsx", remarks=PLACES, merged={}))
        same = {"xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/theme/theme1.xml"}
        assert {each: after[each] for each in same} == {each: before[each] for each in same}

    def test_remarks_of_an_earlier_round_are_replaced(self) -> None:
        first = marked(
            rich(), name="a.xlsx", remarks=[("Sheet1", 4, 1, "error", "旧的意见"), *PLACES[1:]], merged={}
        )
        sheet = back(first, [("Sheet1", 3, 4, "error", "新的意见")])["Sheet1"]
        assert words(sheet) == {"A2": "请看这里", "B4": "谁写的", "D3": "新的意见"}
        twice = back(
            marked(rich(), name="a.xlsx", remarks=PLACES, merged={}), [("Sheet1", 2, 2, "error", "新")]
        )
        assert words(twice["Sheet1"]) == {"A2": "请看这里", "B4": "谁写的", "B2": "新"}
        shapes = [part for name, part in members(first).items() if name.endswith(".vml")]
        again = members(marked(first, name="a.xlsx", remarks=[("Sheet1", 3, 4, "error", "新")], merged={}))
        assert sum(part.count(b'ObjectType="Note"') for part in shapes) == 4
        assert sum(part.count(b'ObjectType="Note"') for n, part in again.items() if n.endswith(".vml")) == 3

    def test_several_sentences_of_a_cell_stand_together_and_the_worst_colours(self) -> None:
        said = [
            ("Sheet1", 2, 1, "warning", "一"),
            ("Sheet1", 2, 1, "error", "二"),
            ("Sheet1", 2, 1, "error", "二"),
        ]
        sheet = back(xlsx(ROWS), said).worksheets[0]
        assert (words(sheet), colours(sheet)) == ({"A2": "一\n二"}, {"A2": ERROR})

    def test_of_a_merged_range_the_first_cell_is_marked(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(xlsx(ROWS)))
        book.worksheets[0].merge_cells("A2:B4")
        sheet = back(
            saved(book), [("Sheet1", 4, 2, "error", "看")], merged={"Sheet1": [[[1, 0], [3, 1]]]}
        ).worksheets[0]
        assert words(sheet) == {"A2": "看"}

    def test_what_xml_cannot_hold_is_left_out(self) -> None:
        sheet = back(xlsx(ROWS), [("Sheet1", 2, 1, "error", "<a> & \x00\ud800“x”")]).worksheets[0]
        assert words(sheet) == {"A2": "<a> & “x”"}


class TestOtherHands:
    """As other programs write workbooks."""

    def test_names_with_a_prefix(self) -> None:
        def change(sheet: bytes) -> bytes:
            sheet = sheet.replace(b"xmlns=", b"xmlns:x=")
            for each in (b"worksheet", b"sheetData", b"row", b"c", b"v", b"is", b"t", b"dimension", b"sheetViews",
                         b"sheetView", b"selection", b"sheetFormatPr", b"pageMargins", b"sheetPr", b"outlinePr",
                         b"pageSetUpPr"):  # fmt: skip
                for before, after in ((b" ", b" "), (b">", b">"), (b"/>", b"/>")):
                    sheet = sheet.replace(b"<" + each + before, b"<x:" + each + after)
                sheet = sheet.replace(b"</" + each + b">", b"</x:" + each + b">")
            return sheet

        sheet = back(changed("xl/worksheets/sheet1.xml", change)).worksheets[0]
        assert words(sheet) == {"A2": "代码有误", "D3": "请核对"}
        assert colours(sheet) == {"A2": ERROR, "D3": WARNING}

    def test_rows_and_cells_without_their_places(self) -> None:
        def change(sheet: bytes) -> bytes:
            return re.sub(rb' r="[A-Z]*\d+"', b"", sheet)

        sheet = back(changed("xl/worksheets/sheet1.xml", change)).worksheets[0]
        assert words(sheet) == {"A2": "代码有误", "D3": "请核对"}
        assert sheet["A2"].value == "1506"

    def test_macros_are_not_handed_on(self) -> None:
        book = xlsx(ROWS)
        parts = members(book)
        parts["xl/vbaProject.bin"] = b"macro"
        kinds = parts["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
        parts["[Content_Types].xml"] = kinds.replace(
            b"</Types>",
            b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
        )
        relation = b'<Relationship Id="m" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>'
        name = "xl/_rels/workbook.xml.rels"
        parts[name] = parts[name].replace(b"</Relationships>", relation + b"</Relationships>")
        after = members(marked(zipped(parts), name="a.xlsm", remarks=PLACES, merged={}))
        assert not any(b"vba" in content.lower() for content in (after[name], after["[Content_Types].xml"]))
        assert "xl/vbaProject.bin" not in after
        assert b"macroEnabled" not in after["[Content_Types].xml"]

    def test_what_is_not_known_is_copied_with_its_values(self) -> None:
        def strict(sheet: bytes) -> bytes:
            return sheet.replace(
                b"schemas.openxmlformats.org/spreadsheetml/2006", b"purl.oclc.org/ooxml/spreadsheetml"
            )

        sheet = back(changed("xl/worksheets/sheet1.xml", strict)).worksheets[0]
        assert words(sheet) == {"A2": "代码有误", "D3": "请核对"}
        assert [[c.value for c in row[:2]] for row in sheet.iter_rows()] == ROWS

    def test_a_broken_archive_is_refused_with_a_sentence(self) -> None:
        with pytest.raises(Refusal, match="不是能打开的工作簿"):
            back(xlsx(ROWS)[:-30])


class TestOtherFiles:
    @pytest.mark.parametrize("name", ["表.csv", "[附件]1:名单?.csv", "很长的文件名" * 8 + ".csv"])
    def test_a_table_of_text_becomes_a_workbook_whatever_it_is_called(self, name: str) -> None:
        stem = name.rsplit(".", 1)[0]
        sheet = back(
            "代码,名称\n\n0150,=1+1\n".encode("gb18030"), [(stem, 3, 1, "error", "看")], name=name
        ).worksheets[0]
        assert words(sheet) == {"A3": "看"}
        assert (sheet["A3"].value, sheet["B3"].value) == ("0150", "'=1+1")

    def test_an_old_workbook_comes_back_as_a_new_one(self) -> None:
        sheet = back(XLS.read_bytes(), [("units", 3, 2, "error", "看")], name="units.xls").worksheets[0]
        assert words(sheet) == {"B3": "看"}
        assert colours(sheet) == {"B3": ERROR}
        assert [cell.value for cell in sheet[3]][:2] == ["150602001004", "平安社区"]


class TestMany:
    def test_beyond_what_spreadsheets_show_all_are_listed_in_a_sheet_more(self) -> None:
        n = MOST_COMMENTS + 500
        rows = [["代码"], *([str(each)] for each in range(n))]
        book = back(xlsx(rows), [("Sheet1", at + 2, 1, "error", f"第{at}处") for at in range(n)])
        assert book.sheetnames == ["Sheet1", "导入意见"]
        sheet, listed = book.worksheets
        assert len(words(sheet)) == MOST_COMMENTS
        assert len(colours(sheet)) == n
        assert listed.max_row == n + 1
        assert [cell.value for cell in listed[n + 1]] == ["Sheet1", f"A{n + 1}", f"第{n - 1}处"]
