"""Files that strangers send, built in code: name, class, bytes, and what must come of each.

``read``: the file is read, and its two rows of units are found good. ``noted``: so too, and a note says what was left
aside. ``rows``: it is read, and a row is said to be wrong or odd. ``refused``: nothing is read, and a sentence says why.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from importing.sheets import csv_of, saved, xlsx

HEAD = ["区划代码", "名称", "级别", "上级代码", "设立日期"]
ROWS = [["150602001003", "新建社区", "village", "150602001", "2025-03-01"],
        ["150602001004", "平安社区", "village", "150602001", "2025-03-01"]]  # fmt: skip
TABLE = [HEAD, *ROWS]
READ, NOTED, WRONG, REFUSED = "read", "noted", "rows", "refused"
Made = tuple[str, Callable[[], bytes], str, str]


@dataclass(frozen=True)
class Sample:
    """``says`` is part of the sentence, note or remark that must be there."""

    of: str
    name: str
    make: Callable[[], bytes] = field(repr=False)
    outcome: str
    says: str = ""

    def __str__(self) -> str:
        return f"{self.of}: {self.name}"


# --- parts of workbooks ------------------------------------------------------------------------------


def with_cell(xml: bytes) -> bytes:
    """The plain workbook with another cell B2."""

    def change(sheet: bytes) -> bytes:
        changed = re.sub(rb'<c r="B2"[^>]*>.*?</c>', lambda _found: xml, sheet, count=1)
        assert changed != sheet
        return changed

    return with_sheet(change)


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def zipped(parts: dict[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, content)
    return out.getvalue()


def with_parts(**more: bytes) -> bytes:
    """The plain workbook with other members; ``__`` in a name stands for a slash, ``_dot_`` for a dot."""
    parts = members(xlsx(TABLE))
    parts |= {name.replace("__", "/").replace("_dot_", "."): content for name, content in more.items()}
    return zipped(parts)


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    parts = members(xlsx(TABLE))
    parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"])
    return zipped(parts)


def built(work: Callable[[Any], None], rows: list[list[Any]] = TABLE) -> bytes:
    """The plain workbook after something was done to its sheet."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx(rows)))
    work(book.worksheets[0])
    return saved(book)


def text(rows: list[list[Any]] = TABLE) -> str:
    return csv_of(rows).decode()


def spelled(*days: Any) -> list[list[Any]]:
    """A row for each spelling of a day."""
    return [
        HEAD,
        *([f"15060200101{at}", f"第{at}社区", "village", "150602001", day] for at, day in enumerate(days)),
    ]


# --- the classes -------------------------------------------------------------------------------------


def bombs() -> Iterator[Made]:
    def ratio() -> bytes:
        return with_parts(xl__worksheets__sheet2_dot_xml=b"<row/>" * 10_000_000)

    def many() -> bytes:
        return zipped([*members(xlsx(TABLE)).items(), *((f"xl/media/{n}.png", b"") for n in range(5000))])

    def nested() -> bytes:
        inner = zipped({"a.csv": b"0" * 1_000_000})
        for _each in range(3):
            inner = zipped({f"{n}.zip": inner for n in range(10)})
        return inner

    def strings() -> bytes:
        body = b"<si><t>" + b"A" * 190_000_000 + b"</t></si>"
        return with_parts(xl__sharedStrings_dot_xml=b'<sst xmlns="x">' + body + b"</sst>")

    def understated() -> bytes:
        """The directory says the sheet is short; its stream is not."""
        content = bytearray(with_parts(xl__worksheets__sheet1_dot_xml=b"<row/>" * 8_000_000))
        at = content.rfind(b"xl/worksheets/sheet1.xml") - 46
        content[at + 24 : at + 28] = struct.pack("<I", 1000)
        return bytes(content)

    yield "ratio.xlsx", ratio, REFUSED, "解压后过大"
    yield "many.xlsx", many, REFUSED, "个部件"
    yield "nested.xlsx", nested, REFUSED, "压缩包"
    yield "strings.xlsx", strings, REFUSED, "解压后过大"
    yield "understated.xlsx", understated, REFUSED, "不是能打开的工作簿"


def external_links() -> Iterator[Made]:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook/></externalLink>'
    yield (
        "link.xlsx",
        lambda: with_parts(xl__externalLinks__externalLink1_dot_xml=link),
        NOTED,
        "其他文件的链接",
    )
    yield "data.xlsx", lambda: with_parts(xl__connections_dot_xml=b"<connections/>"), NOTED, "其他文件的链接"


def dde() -> Iterator[Made]:
    dde = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    yield "dde.xlsx", lambda: with_parts(xl__externalLinks__externalLink1_dot_xml=dde), NOTED, "DDE"


def macros() -> Iterator[Made]:
    yield "macro.xlsm", lambda: with_parts(xl__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0vba"), NOTED, "宏没有运行"
    yield "macro.xlsx", lambda: with_parts(xl__vbaProject_dot_bin=b"x"), NOTED, "宏没有运行"
    yield "xlm.xlsm", lambda: with_parts(xl__macrosheets__sheet1_dot_xml=b"<x/>"), NOTED, "宏没有运行"


def embedded() -> Iterator[Made]:
    yield "ole.xlsx", lambda: with_parts(xl__embeddings__oleObject1_dot_bin=b"MZ"), NOTED, "嵌有其他文件"


def formulas() -> Iterator[Made]:
    def put(cell: str, value: str) -> Callable[[], bytes]:
        return lambda: built(lambda sheet: sheet.__setitem__(cell, value))

    yield "uncounted.xlsx", put("E2", "=TODAY()"), NOTED, "没有保存计算结果"
    yield "name.xlsx", put("B2", '=CONCATENATE("新","社区")'), WRONG, "名称为空"
    yield (
        "command.csv",
        lambda: csv_of([HEAD, ["150602001003", "=cmd|' /C calc'!A0", *ROWS[0][2:]], ROWS[1]]),
        READ,
        "",
    )
    yield (
        "hyperlink.csv",
        lambda: csv_of([HEAD, ["150602001003", '=HYPERLINK("http://x","y")', *ROWS[0][2:]], ROWS[1]]),
        READ,
        "",
    )

    result = "新建社区".encode()
    cell = b'<c r="B2" t="str"><f>A1&amp;B1</f><v>' + result + b"</v></c>"
    yield "counted.xlsx", lambda: with_cell(cell), NOTED, "按保存的计算结果"


def empty_rows() -> Iterator[Made]:
    def million(sheet: bytes) -> bytes:
        rows = b"".join(b'<row r="%d" ht="15"/>' % n for n in range(4, 1_048_577))
        return sheet.replace(b"</sheetData>", rows + b"</sheetData>")

    def styled(sheet: bytes) -> bytes:
        rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(4, 1_048_577))
        return sheet.replace(b"</sheetData>", rows + b"</sheetData>")

    def far(sheet: bytes) -> bytes:
        return sheet.replace(
            b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
        )

    def farthest(sheet: bytes) -> bytes:
        return sheet.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        )

    yield "million.xlsx", lambda: with_sheet(million), READ, ""
    yield "styled.xlsx", lambda: with_sheet(styled), READ, ""
    yield "far.xlsx", lambda: with_sheet(far), REFUSED, "行"
    yield "farthest.xlsx", lambda: with_sheet(farthest), REFUSED, ""
    yield "commas.csv", lambda: csv_of(TABLE) + b",,,,\r\n" * 1_000_000, READ, ""
    yield "many.csv", lambda: csv_of(TABLE) + b"1,2,3,4,5\r\n" * 100_300, REFUSED, "100200"


def merged() -> Iterator[Made]:
    def down(sheet: Any) -> None:
        sheet.merge_cells("D2:D3")

    def over_all(sheet: Any) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "单位一览表"
        sheet.merge_cells("A1:E1")

    yield "down.xlsx", lambda: built(down), NOTED, "合并"
    yield "title.xlsx", lambda: built(over_all), NOTED, "合并"


def hidden() -> Iterator[Made]:
    def hidden_row(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    def hidden_column(sheet: Any) -> None:
        sheet.column_dimensions["C"].hidden = True

    def hidden_sheet(sheet: Any) -> None:
        sheet.parent.create_sheet("底稿").sheet_state = "hidden"

    def very_hidden(sheet: Any) -> None:
        sheet.parent.create_sheet("底稿").sheet_state = "veryHidden"

    yield "row.xlsx", lambda: built(hidden_row), NOTED, "隐藏的行"
    yield "column.xlsx", lambda: built(hidden_column), NOTED, "隐藏的列"
    yield "sheet.xlsx", lambda: built(hidden_sheet), NOTED, "隐藏的工作表"
    yield "very.xlsx", lambda: built(very_hidden), NOTED, "隐藏的工作表"


def days() -> Iterator[Made]:
    good = [
        "2025年3月1日",
        "2025/3/1",
        "2025.03.01",
        "20250301",
        "２０２５－０３－０１",
        "二〇二五年三月一日",
        "45717",
        "2025-3-1 00:00:00",
    ]
    yield "spellings.csv", lambda: csv_of(spelled(*good)), READ, ""
    yield "real.xlsx", lambda: xlsx(spelled(dt.date(2025, 3, 1), dt.datetime(2025, 3, 1, 8, 30))), READ, ""  # noqa: DTZ001
    yield "impossible.csv", lambda: csv_of(spelled("2025-02-30")), WRONG, "不是存在的日期"
    yield "american.csv", lambda: csv_of(spelled("3/1/25")), WRONG, "没有读懂"
    yield "words.csv", lambda: csv_of(spelled("去年春天")), WRONG, "没有读懂"

    def mac() -> bytes:
        book = openpyxl.Workbook()
        book.epoch = CALENDAR_MAC_1904
        for row in spelled(dt.date(2025, 3, 1)):
            book.worksheets[0].append(row)
        return saved(book)

    yield "1904.xlsx", mac, READ, ""


def error_values() -> Iterator[Made]:
    def put(value: str) -> Callable[[], bytes]:
        def work(sheet: Any) -> None:
            sheet["B2"] = value
            sheet["B2"].data_type = "e"

        return lambda: built(work)

    for value in ("#REF!", "#N/A", "#VALUE!", "#DIV/0!"):
        yield f"{value[1:4]}.xlsx".replace("/", ""), put(value), WRONG, ""
    yield "text.csv", lambda: csv_of([HEAD, ["150602001003", "#REF!", *ROWS[0][2:]]]), WRONG, "错误值"


def numbers_as_text() -> Iterator[Made]:
    yield (
        "numbers.xlsx",
        lambda: xlsx([HEAD, *([int(r[0]), r[1], r[2], int(r[3]), r[4]] for r in ROWS)]),
        READ,
        "",
    )
    yield (
        "floats.xlsx",
        lambda: xlsx([HEAD, *([float(r[0]), r[1], r[2], float(r[3]), r[4]] for r in ROWS)]),
        READ,
        "",
    )
    yield "science.csv", lambda: csv_of([HEAD, ["1.50602E+11", *ROWS[0][1:]]]), WRONG, "科学计数"
    yield "marks.csv", lambda: csv_of([HEAD, *(["'" + r[0], *r[1:]] for r in ROWS)]), READ, ""
    full = str.maketrans("0123456789", "０１２３４５６７８９")
    yield "full-width.csv", lambda: csv_of([HEAD, *([r[0].translate(full), *r[1:]] for r in ROWS)]), READ, ""


def encodings() -> Iterator[Made]:
    big5 = (
        "區劃代碼,名稱,級別,上級代碼\r\n".replace("區劃代碼", "code")
        .replace("名稱", "name")
        .replace("級別", "level")
        .replace("上級代碼", "parent_code")
    )
    body = "".join(f"{r[0]},新建社區服務中心居民委員會,village,150602001\r\n" for r in ROWS)
    yield "utf-8-bom.csv", lambda: b"\xef\xbb\xbf" + text().encode(), READ, ""
    yield "gb18030.csv", lambda: text().encode("gb18030"), READ, ""
    yield "big5.csv", lambda: (big5 + body).encode("big5"), NOTED, "Big5"


def utf_16() -> Iterator[Made]:
    yield "utf-16.csv", lambda: text().encode("utf-16"), READ, ""
    yield "utf-16-le.csv", lambda: text().encode("utf-16-le"), READ, ""
    yield "utf-16-be.csv", lambda: text().encode("utf-16-be"), READ, ""
    yield "tabs.txt", lambda: text().replace(",", "\t").encode("utf-16"), READ, ""
    yield "semicolons.csv", lambda: text().replace(",", ";").encode(), READ, ""
    yield "broken.csv", lambda: text().encode() + b"\xff\xff\xfe", REFUSED, "编码"
    yield "surrogate.csv", lambda: text().encode("utf-16") + b"\x00\xd8,\x00", REFUSED, "不合规"


def named(name: str) -> Callable[[], bytes]:
    return lambda: csv_of([HEAD, ["150602001003", name, *ROWS[0][2:]]])


def lone() -> bytes:
    """Half of a pair of surrogates, as Excel writes what XML cannot hold."""
    cell = b'<c r="B2" t="inlineStr"><is><t>a_xD800_b</t></is></c>'
    return with_cell(cell)


def odd_characters() -> Iterator[Made]:
    yield "nul.csv", named("新建\x00社区"), WRONG, "看不见的字符"
    yield "mongolian.csv", named("ᠣᠷᠳᠣᠰ\u180b ᠬᠣᠲᠠ"), READ, ""
    yield "emoji.csv", named("新建社区😀"), READ, ""
    yield "lone.xlsx", lone, READ, ""


def unseen_characters() -> Iterator[Made]:
    yield "zero-width.csv", named("新\u200b建\ufeff社区"), WRONG, "看不见的字符"
    yield "right-to-left.csv", named("\u202e区社建新"), WRONG, "看不见的字符"
    yield "controls.csv", named("新建\x07社区"), WRONG, "看不见的字符"
    yield "code.csv", lambda: csv_of([HEAD, ["1506\u200b02001003", *ROWS[0][1:]]]), WRONG, "看不见的字符"


def entities() -> Iterator[Made]:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def before(sheet: bytes) -> bytes:
        return laughs + sheet.split(b"?>", 1)[-1]

    yield "laughs.xlsx", lambda: with_sheet(before), REFUSED, "XML 实体"
    outside = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst>&x;</sst>'
    yield "outside.xlsx", lambda: with_parts(xl__sharedStrings_dot_xml=outside), REFUSED, "XML 实体"
    wide = outside.decode().encode("utf-16")
    yield "utf-16.xlsx", lambda: with_parts(xl__sharedStrings_dot_xml=wide), REFUSED, "XML 实体"


def odd_archives() -> Iterator[Made]:
    plain = members(xlsx(TABLE))
    for at, name in enumerate(("../../etc/cron.d/x", "/etc/passwd", "..\\..\\x.dll", "C:/x.exe")):
        yield f"name-{at}.xlsx", lambda name=name: zipped({**plain, name: b"x"}), REFUSED, "不正常的文件名"
    yield (
        "twice.xlsx",
        lambda: zipped([*plain.items(), ("xl/workbook.xml", b"<x/>")]),
        REFUSED,
        "不正常的文件名",
    )
    yield "half.xlsx", lambda: xlsx(TABLE)[: len(xlsx(TABLE)) // 2], REFUSED, "不是能打开的工作簿"
    yield "tail.xlsx", lambda: xlsx(TABLE)[:-30], REFUSED, "不是能打开的工作簿"
    yield "start.xlsx", lambda: b"PK\x03\x04", REFUSED, "不是能打开的工作簿"
    yield "flipped.xlsx", lambda: flipped(xlsx(TABLE)), REFUSED, ""
    yield "no-sheet.xlsx", lambda: zipped({n: c for n, c in plain.items() if "sheet1" not in n}), REFUSED, ""
    yield "word.xlsx", lambda: zipped({"word/document.xml": b"<x/>"}), REFUSED, "文字或演示文稿"
    yield "files.zip", lambda: zipped({"a.xlsx": xlsx(TABLE)}), REFUSED, "压缩包"


def flipped(content: bytes) -> bytes:
    """Some bytes in the middle turned over."""
    damaged = bytearray(content)
    for at in range(len(damaged) // 3, len(damaged) // 3 + 400):
        damaged[at] ^= 0xFF
    return bytes(damaged)


def wrong_kinds() -> Iterator[Made]:
    yield "table.xlsx", lambda: csv_of(TABLE), NOTED, "扩展名"
    yield "book.csv", lambda: xlsx(TABLE), NOTED, "扩展名"
    yield "book.xls", lambda: xlsx(TABLE), NOTED, "扩展名"
    yield "none", lambda: xlsx(TABLE), READ, ""
    yield "page.xls", lambda: b"<html><table><tr><td>x</td></tr></table></html>", REFUSED, "不是工作簿"
    yield "paper.xlsx", lambda: b"%PDF-1.7\n%", REFUSED, "不是工作簿"
    yield "picture.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, REFUSED, "不是工作簿"
    yield "program.csv", lambda: b"MZ" + bytes(range(256)) * 20, REFUSED, "不是工作簿"
    yield "noise.csv", lambda: zlib.compress(bytes(range(256)) * 99), REFUSED, ""


def empties() -> Iterator[Made]:
    yield "nothing.xlsx", lambda: b"", REFUSED, "空文件"
    yield "blank.csv", lambda: b"\r\n , ,\r\n\xef\xbb\xbf", REFUSED, ""
    yield "no-rows.xlsx", lambda: xlsx([]), REFUSED, "没有内容"
    yield "head-only.xlsx", lambda: xlsx([HEAD]), REFUSED, "没有数据行"


def passwords() -> Iterator[Made]:
    def office() -> bytes:
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
        return head + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 1024

    def archive() -> bytes:
        content = bytearray(xlsx(TABLE))
        at = -1
        while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
            content[at + 8] |= 1
        return bytes(content)

    yield "office.xlsx", office, REFUSED, "密码"
    yield "archive.xlsx", archive, REFUSED, "密码"
    yield (
        "old.xls",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000,
        REFUSED,
        "不是能打开的工作簿",
    )


def huge() -> Iterator[Made]:
    yield "cell.csv", lambda: csv_of([HEAD, ["150602001003", "长" * 60_000, *ROWS[0][2:]]]), WRONG, ""
    yield "cell.xlsx", lambda: xlsx([HEAD, ["150602001003", "长" * 32_000, *ROWS[0][2:]]]), WRONG, ""
    yield "line.csv", lambda: csv_of(TABLE) + b'"' + b"x" * 3_000_000, REFUSED, "引号"


def columns_without_end() -> Iterator[Made]:
    yield (
        "wide.xlsx",
        lambda: xlsx([[*HEAD, *(f"列{n}" for n in range(16_379))], *ROWS]),
        NOTED,
        "第 200 列以后",
    )
    yield (
        "wide.csv",
        lambda: csv_of([[*HEAD, *(f"列{n}" for n in range(16_379))], *ROWS]),
        NOTED,
        "第 200 列以后",
    )
    yield "sheets.xlsx", lambda: sheets(70), REFUSED, "60 张"


def sheets(number: int) -> bytes:
    book = openpyxl.Workbook()
    for _each in range(number):
        book.create_sheet()
    return saved(book)


def heads() -> Iterator[Made]:
    yield (
        "twice.csv",
        lambda: csv_of([[*HEAD, "名称"], *([*row, "别名"] for row in ROWS)]),
        NOTED,
        "出现了两次",
    )
    yield "late.xlsx", lambda: xlsx([["单位一览表"], [], ["填报单位：某某"], *TABLE]), READ, ""
    yield (
        "marks.csv",
        lambda: csv_of([["区划代码*", " 名 称 ", "级别（必填）", "上级代码：", "设立日期"], *ROWS]),
        READ,
        "",
    )
    yield (
        "private.csv",
        lambda: csv_of([[*HEAD, "民族"], *([*row, "x"] for row in ROWS)]),
        REFUSED,
        "不得收集",
    )
    yield "quote.csv", lambda: b'a,"b\nc,d\n', REFUSED, "引号"


CLASSES: dict[str, Callable[[], Iterator[Made]]] = {
    "zip bombs": bombs,
    "external links": external_links,
    "DDE": dde,
    "macros": macros,
    "embedded files": embedded,
    "formulas": formulas,
    "empty rows without end": empty_rows,
    "merged cells": merged,
    "hidden rows, columns, sheets": hidden,
    "days as text, 1904": days,
    "error values": error_values,
    "numbers as text, full width": numbers_as_text,
    "GB18030, Big5": encodings,
    "UTF-16": utf_16,
    "NUL, surrogates": odd_characters,
    "unseen characters": unseen_characters,
    "XML entities": entities,
    "archives: names, damage": odd_archives,
    "other kinds of file": wrong_kinds,
    "empty": empties,
    "passwords": passwords,
    "huge": huge,
    "columns without end": columns_without_end,
    "heads": heads,
}


def corpus() -> list[Sample]:
    return [Sample(of, *made) for of, make in CLASSES.items() for made in make()]
