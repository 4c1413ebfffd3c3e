"""Workbooks as clerks send them: good in what they say, untidy in how they say it. Each with the kind that it is."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from importing.corpus import members, zipped
from importing.sheets import csv_of, saved, xlsx

XLS = Path(__file__).parent / "data" / "units.xls"
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Letter:
    """``good``, ``same``, ``wrong`` of its rows; ``says`` are parts of the sentences that must be there."""

    kind: str
    name: str
    make: Callable[[], bytes] = field(repr=False)
    good: int = 0
    wrong: int = 0
    says: tuple[str, ...] = ()
    warns: int = 0
    same: int = 0
    file: str = "a.xlsx"
    refused: str = ""
    aside: int = 0
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def book(rows: Rows, work: Callable[[Any], None] | None = None, **more: Any) -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(xlsx(rows, **more)))
    if work:
        work(made.worksheets[0])
    return saved(made)


UNITS = ["区划代码", "名称", "级别", "上级代码"]
NEW = [["150602001003", "新建社区", "社区", "150602001"], ["150602001004", "平安社区", "社区", "150602001"]]


def titled() -> bytes:
    rows = [["附件1"], ["东胜区新设社区一览表"], ["填报单位：东胜区民政局", "", "", "填报日期：2026年3月5日"], UNITS, *NEW,
            [], ["注：本表所列社区均已批复。"], ["填表人：", "", "审核人：", ""]]  # fmt: skip

    def merge(sheet: Any) -> None:
        sheet.merge_cells("A2:D2")
        sheet.merge_cells("A8:D8")

    return book(rows, merge)


def two_rows_of_heads() -> bytes:
    rows = [["本级", "", "", "上级"], ["单位代码", "单位名称", "级别", "上级代码"], *NEW]

    def merge(sheet: Any) -> None:
        sheet.merge_cells("A1:C1")

    return book(rows, merge)


def tall_heads() -> bytes:
    rows = [
        ["序号", "区划", "", "级别", "上级代码"],
        ["", "代码", "名称", "", ""],
        *([n, r[0], r[1], r[2], r[3]] for n, r in enumerate(NEW, 1)),
    ]

    def merge(sheet: Any) -> None:
        for each in ("A1:A2", "B1:C1", "D1:D2", "E1:E2"):
            sheet.merge_cells(each)

    return book(rows, merge)


def separated() -> bytes:
    return xlsx([UNITS, NEW[0], [], ["", "", "", ""], [" ", "　", "", ""], NEW[1]])


def with_totals() -> bytes:
    return xlsx([["序号", *UNITS], [1, *NEW[0]], [2, *NEW[1]], ["合计", "2个", "", "", ""]])


def hidden() -> bytes:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True

    return book([UNITS, *NEW], hide)


def several_sheets() -> bytes:
    made = openpyxl.Workbook()
    first = made.worksheets[0]
    first.title = "填表说明"
    for row in (["一、填报范围"], ["二、请按统一代码填写"], ["三、联系人：区民政局"]):
        first.append(row)
    made.create_sheet("汇总").append(["社区数", "2"])
    data = made.create_sheet("明细")
    for row in ([], UNITS, *NEW):
        data.append(row)
    made.create_sheet("Sheet4")
    return saved(made)


def full_width() -> bytes:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    heads = ["区划\n代码", " 名 称 ", "级　别", "上级代码（必填）*"]
    return xlsx(
        [heads, *([r[0].translate(wide) + " ", f"　{r[1]} ", r[2], r[3].translate(wide)] for r in NEW)]
    )


def days(*given: Any, epoch: int = 0) -> bytes:
    rows = [
        [*UNITS, "设立日期"],
        *([f"15060200110{n}", f"第{n}社区", "社区", "150602001", day] for n, day in enumerate(given)),
    ]
    made = openpyxl.load_workbook(io.BytesIO(xlsx([])))
    if epoch:
        made.epoch = CALENDAR_MAC_1904
    for row in rows:
        made.worksheets[0].append(row)
    return saved(made)


def as_wps() -> bytes:
    """Parts with other names and absolute targets, no shared strings' count, a part of its own, an empty print area."""
    parts = members(xlsx([UNITS, *NEW]))
    sheet = parts.pop("xl/worksheets/sheet1.xml")
    parts["xl/worksheets/Sheet_1.xml"] = re.sub(rb' r="[A-Z]+\d+"', b"", sheet)
    parts["xl/_rels/workbook.xml.rels"] = re.sub(
        rb'Target="[^"]*sheet1.xml"',
        b'Target="/xl/worksheets/Sheet_1.xml"',
        parts["xl/_rels/workbook.xml.rels"],
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"/xl/worksheets/sheet1.xml", b"/xl/worksheets/Sheet_1.xml"
    )
    parts["xl/wpsExtInfo.xml"] = b"<wps/>"
    return zipped(parts)


def text(rows: Rows, delimiter: str, encoding: str) -> bytes:
    return csv_of(rows).decode().replace(",", delimiter).encode(encoding)


def tasks_with_notes() -> bytes:
    made = openpyxl.load_workbook(
        io.BytesIO(
            xlsx(
                [
                    ["附件2"],
                    ["2026年度重点任务清单"],
                    ["序号", "类别", "工作任务", "牵头单位", "配合单位", "完成时限"],
                    [
                        "①",
                        "民生\n保障",
                        "建成社区服务点 3 个",
                        "市教育体育局",
                        "市发展和改革委员会",
                        "6月底前",
                    ],
                    ["②", "", "开展专题调研　2 次", "市发展和改革委员会", "", "2026.9.30"],
                    ["合计", "", "2项"],
                    ["注：以上任务由牵头单位负责。"],
                ]
            )
        )
    )
    made.worksheets[0].merge_cells("B4:B5")
    made.create_sheet("填报要求").append(["请于每季末报送", "联系人见通讯录"])
    return saved(made)


HOMES = ["之家代码", "之家名称", "详细地址", "主要功能", "开放时段"]
HOME = ["150602001-H1", "交通街道同心之家", "交通街道 1 号", "学习宣传、议事协商", "周一至周五 9:00-17:30"]
PARTNERS = ["序号", "企业名称", "类别", "所在旗区"]
TASKS = ["序号", "重点任务", "牵头部门", "责任单位", "完成时限"]
CLASSES = ["班次编号", "单位代码", "岗位", "学时"]

MARCH_5 = dt.datetime.combine(dt.date(2026, 3, 5), dt.time())
LETTERS = [
    Letter("units", "title above, notes below", titled, good=2, aside=2),
    Letter("units", "two rows of heads", two_rows_of_heads, good=2),
    Letter("units", "heads merged downwards", tall_heads, good=2),
    Letter("units", "empty rows between", separated, good=2),
    Letter("units", "a row of totals", with_totals, good=2, aside=1),
    Letter("units", "hidden row and column", hidden, good=2),
    Letter("units", "the third sheet is meant", several_sheets, good=2),
    Letter("units", "full-width digits, spaces, line breaks", full_width, good=2),
    Letter("units", "days in many spellings", lambda: days("2026.3.5", "2026/3/5", "2026年3月5日", "20260305", MARCH_5, "２０２６．３．５", "46086", "2026-3-5 00:00:00", 46086), good=9),
    Letter("units", "days that lack something", lambda: days("3月5日", "2026年3月", "2026.2.30"), wrong=3, says=("年", "哪一天", "不是存在的日期")),
    Letter("units", "days of 1904", lambda: days(MARCH_5, epoch=1904), good=1),
    Letter("units", "WPS", as_wps, good=2),
    Letter("units", "GB18030, semicolons", lambda: text([UNITS, *NEW], ";", "gb18030"), good=2, file="单位.csv"),
    Letter("units", "GB18030, tabs", lambda: text([UNITS, *NEW], "\t", "gb18030"), good=2, file="单位.txt"),
    Letter("units", "a row twice", lambda: xlsx([UNITS, *NEW, NEW[0]]), good=2, wrong=1, says=("第 2 行重复",)),
    Letter("units", "code as a number", lambda: xlsx([UNITS, [150602001003, "新建社区", "社区", 150602001]]), good=1),
    Letter("homes", "other words, a span of days", lambda: xlsx([HOMES, HOME]), good=1),
    Letter("homes", "a telephone", lambda: xlsx([[*HOMES, "联系电话"], [*HOME, "13800000000"]]), good=1, notes=("联系电话",)),
    Letter("homes", "hours of every day", lambda: xlsx([HOMES, [*HOME[:4], "每天 9:00—12:00，15:00—18:00"]]), good=1),
    Letter("homes", "hours with full-width colons", lambda: xlsx([HOMES, [*HOME[:4], "周一、周三 9：00-11：30"]]), good=1),
    Letter("partners", "places by name", lambda: xlsx([PARTNERS, ["①", "某某能源有限公司", "企业", "东胜区"], ["②", "某某商会", "商会", "准格尔旗"]]), good=2),
    Letter("partners", "a kind of its own", lambda: xlsx([PARTNERS, ["1", "某某公司", "民营企业", "150602"]]), wrong=1, says=("可填：",)),
    Letter("partners", "line breaks and spaces in a name", lambda: xlsx([PARTNERS, ["1", " 某某\n能源 有限公司 ", "企业", " 150602 "]]), good=1),
    Letter("partners", "totals, notes", lambda: xlsx([["联系对象名单"], PARTNERS, ["1", "某某公司", "企业", "150602"], ["合计", 1], ["备注：以上为上半年名单"]]), good=1, aside=2),
    Letter("tasks", "leading and responsible", lambda: xlsx([["2026年重点任务分解表"], TASKS, ["①", "建成服务点 3 个", "市教育体育局", "市发展和改革委员会", "2026年6月底前"]]), good=1, aside=1),
    Letter("tasks", "host units", lambda: xlsx([["序号", "工作任务", "主办单位", "协办单位", "办结时间"], ["1", "开展专题调研", "市教育体育局", "市发展和改革委员会", "3月5日前"]]), good=1),
    Letter("holders", "a telephone", lambda: xlsx([["单位代码", "岗位", "姓名", "手机号"], ["1506-MU-01", "clerk", "张三", "13800000000"]]), wrong=1, notes=("手机号",), says=("新设的岗位要写岗位名称",)),
    Letter("holders", "a people of the state", lambda: xlsx([["单位代码", "岗位", "姓名", "民族"], ["1506-MU-01", "clerk", "张三", "蒙古族"]]), refused="不得收集"),
    Letter("holders", "days of appointment in other words", lambda: xlsx([["单位代码", "岗位", "岗位名称", "登录名", "姓名", "任职时间"], ["1506-MU-01", "clerk", "经办", "zhang", "张　三", "2026.1"], ["1506-MU-02", "clerk", "经办", "li", "李四", "2026年1月5日"]]), good=1, wrong=1, says=("哪一天",)),
    Letter("duties", "minutes with their unit", lambda: xlsx([["单位代码", "岗位", "编号", "职责内容", "每次用时"], ["1506-MU-01", "成员单位主要负责人", "D11", "认领并签收\n年度责任清单", "30分钟"]]), good=1),
    Letter("homes", "by name alone", lambda: xlsx([HOMES[1:], HOME[1:]]), good=1),
    Letter("homes", "a column of its own", lambda: xlsx([[*HOMES, "建筑面积"], [*HOME, "120"]]), good=1, notes=("建筑面积",)),
    Letter("homes", "hours nobody can read", lambda: xlsx([HOMES, [*HOME[:4], "全天候开放"]]), wrong=1, says=("周一至周五",)),
    Letter("units", "heads again on each page", lambda: xlsx([UNITS, NEW[0], UNITS, NEW[1]]), good=2, aside=1),
    Letter("units", "parts with a heading", lambda: xlsx([UNITS, ["一、城区"], NEW[0], ["（二）郊区"], NEW[1]]), good=2, aside=2),
    Letter("units", "a name missing", lambda: xlsx([UNITS, NEW[0], [NEW[1][0], "", "", ""]]), good=1, wrong=1, says=("名称为空",)),
    Letter("units", "a village called a total", lambda: xlsx([["名称", "区划代码", "级别", "上级代码"], ["合计", "150602001009", "社区", "150602001"]]), good=1),
    Letter("units", "BIFF8", lambda: XLS.read_bytes(), good=2, file="单位.xls"),
    Letter("partners", "a place that two share", lambda: xlsx([PARTNERS, ["1", "某某公司", "企业", "哪里"]]), wrong=1, says=("名称为“哪里”",)),
    Letter("tasks", "totals, notes, a sheet of its own", tasks_with_notes, good=2, aside=5),
]  # fmt: skip
