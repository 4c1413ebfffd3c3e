"""Realistic content for the style guide. Offices and units, never persons; nothing here is stored."""

from __future__ import annotations

import datetime as dt
from typing import Any

from guantong.kernel.bilingual import Text
from guantong.ui.bands import Band, Phase, band
from guantong.ui.charts import Number

DAY = dt.date(2026, 6, 18)


def _cell(
    zh: str,
    en: str,
    figure: str | None,
    done: int,
    due: int,
    lights: dict[str, int],
    trend: list[Number | None],
) -> dict[str, Any]:
    detail = Text(f"已完成 {done} / 应完成 {due}", f"{done} done of {due} due")
    return {
        "name": Text(zh, en),
        "url": "#board",
        "figure": figure,
        "unit": "%" if figure else "",
        "detail": detail if due else Text("本周期还没有到期的事项", "Nothing due in this cycle yet"),
        "lights": lights,
        "trend": trend,
        "trend_label": Text("近六个月完成率", "Completion, last six months"),
    }


def board() -> list[dict[str, Any]]:
    return [
        {
            "name": Text("三个带头", "Leaders take the lead"),
            "detail": Text("顶层 · 领导干部", "Top tier · leaders"),
            "cells": [
                _cell(
                    "带头学习宣传",
                    "Study and publicity",
                    "92.3",
                    168,
                    182,
                    {"green": 150, "blue": 18, "yellow": 9, "red": 5},
                    [71, 78, 80, 86, 90, 92.3],
                ),
                _cell(
                    "带头参加会议活动",
                    "Meetings and activities",
                    "88.0",
                    66,
                    75,
                    {"green": 60, "blue": 6, "yellow": 7, "red": 2},
                    [90, 84, 86, 83, 87, 88],
                ),
                _cell(
                    "带头联系",
                    "Contact",
                    "64.1",
                    218,
                    340,
                    {"green": 196, "blue": 22, "yellow": 61, "red": 48, "grey": 13},
                    [82, 80, 74, 70, 66, 64.1],
                ),
            ],
        },
        {
            "name": Text("三个贯通", "Three connect-throughs"),
            "detail": Text("中层 · 成员单位和旗区", "Middle tier · member units and districts"),
            "cells": [
                _cell(
                    "贯通职责",
                    "Duties",
                    "86.4",
                    412,
                    477,
                    {"green": 388, "blue": 31, "yellow": 40, "red": 18},
                    [64, 70, 74, 79, 84, 86.4],
                ),
                _cell(
                    "贯通任务",
                    "Tasks",
                    "79.6",
                    1203,
                    1511,
                    {"green": 1100, "blue": 131, "yellow": 188, "red": 92, "grey": 21},
                    [60, 66, 71, 73, 77, 79.6],
                ),
                _cell("贯通考核", "Assessment", None, 0, 0, {}, []),
            ],
        },
        {
            "name": Text("三化互动", "Three -isations"),
            "detail": Text("基层 · 苏木乡镇、嘎查村社区", "Base tier · townships and villages"),
            "cells": [
                _cell(
                    "委员专职化",
                    "Full-time commissioners",
                    "96.4",
                    53,
                    55,
                    {"green": 53, "red": 2},
                    [80, 87, 91, 95, 95, 96.4],
                ),
                _cell(
                    "联络员全员化",
                    "Liaison officers",
                    "98.9",
                    868,
                    878,
                    {"green": 868, "yellow": 10},
                    [90, 93, 97, 98, 98.5, 98.9],
                ),
                _cell(
                    "之家多元化",
                    "Homes of many kinds",
                    "71.0",
                    88,
                    124,
                    {"green": 80, "blue": 8, "yellow": 25, "none": 11},
                    [None, 40, 52, 60, 66, 71],
                ),
            ],
        },
    ]


def year() -> Band:
    def day(month: int, number: int) -> dt.date:
        return dt.date(2026, month, number)

    return band(
        begins_on=day(1, 1),
        ends_on=day(12, 31),
        today=DAY,
        phases=[
            Phase(str(Text("年初明责", "Clarify")), day(1, 1), day(3, 31)),
            Phase(
                str(Text("年中督责", "Supervise")),
                day(4, 1),
                day(9, 30),
                waits_for=str(Text("等 3 个单位提交半年反馈", "Waits for the half-year report of 3 units")),
            ),
            Phase(
                str(Text("年底评责", "Evaluate")),
                day(10, 1),
                day(12, 31),
                waits_for=str(Text("等督责阶段结束", "Waits for supervision to end")),
            ),
        ],
    )


UNITS = [
    Text("东胜区", "Dongsheng"),
    Text("康巴什区", "Kangbashi"),
    Text("达拉特旗", "Dalad Banner"),
    Text("准格尔旗", "Jungar Banner"),
    Text("鄂托克前旗", "Otog Front Banner"),
    Text("鄂托克旗", "Otog Banner"),
    Text("杭锦旗", "Hanggin Banner"),
    Text("乌审旗", "Uxin Banner"),
    Text("伊金霍洛旗", "Ejin Horo Banner"),
]
TITLES = [
    Text("听取一次本领域工作汇报", "Hear one report on the work"),
    Text("报送上半年职责履行情况", "Report on duties, first half-year"),
    Text("到结对企业开展一次实地走访", "Visit the paired enterprise"),
    Text("更新嘎查村社区联络员名册", "Update the roster of liaison officers"),
    Text("把相关政策法规纳入党校主体班课程", "Put policy and law in the party school's curriculum"),
]
LIGHTS = ["red", "yellow", "blue", "green", "green", "grey", "none"]


def rows() -> list[dict[str, Any]]:
    """Enough obligations for several pages."""
    return [
        {
            "title": TITLES[number % len(TITLES)],
            "unit": UNITS[number % len(UNITS)],
            "due_on": DAY + dt.timedelta(days=(number - 2) * 3),
            "light": LIGHTS[min(number, 2) if number < 3 else number % len(LIGHTS)],
            "minutes": 5 + number % 4 * 10,
        }
        for number in range(137)
    ]


def cards() -> list[dict[str, Any]]:
    source = Text("责任清单第 4 项", "Duty list, item 4")
    words = [
        Text("已超过 3 天，6月15日到期", "3 days late, due 15 June"),
        Text("退回 2 次，6月24日前补充", "Returned twice, amend by 24 June"),
        Text("还有 4 个工作日，6月24日到期", "4 working days left, due 24 June"),
    ]
    return [
        {
            "title": row["title"],
            "unit": row["unit"],
            "url": "#cards",
            "light": row["light"],
            "minutes": row["minutes"],
            "due": due,
            "source": source,
        }
        for row, due in zip(rows(), words, strict=False)
    ]


def steps() -> list[dict[str, Any]]:
    def at(month: int, day: int, hour: int) -> dt.datetime:
        return dt.datetime(2026, month, day, hour, 30, tzinfo=dt.UTC)

    return [
        {
            "what": Text("交办", "Assigned"),
            "who": Text("市委统筹办公室主任", "Director, coordination office"),
            "when": at(3, 2, 1),
            "state": "done",
        },
        {
            "what": Text("签收", "Signed for"),
            "who": Text("达拉特旗委办公室主任", "Director, Dalad Banner office"),
            "when": at(3, 4, 2),
            "state": "done",
        },
        {
            "what": Text("退回", "Returned"),
            "who": Text("市委统筹办公室副主任", "Deputy director, coordination office"),
            "when": at(5, 20, 7),
            "state": "bad",
            "reason": Text(
                "只写了开会，没有写解决了什么问题，请补充两件已经办结的事。",
                "It names the meeting but no problem solved; add two that were closed.",
            ),
        },
        {
            "what": Text("办理中", "Working"),
            "who": Text("达拉特旗委办公室主任", "Director, Dalad Banner office"),
            "when": at(5, 21, 1),
            "state": "current",
        },
        {"what": Text("审核", "Review"), "who": Text("6月24日前", "by 24 June"), "state": "next"},
    ]


def files() -> list[dict[str, Any]]:
    return [
        {
            "name": Text("上半年工作汇报.docx", "Half-year report.docx"),
            "url": "#files",
            "size": "182 KB",
            "digest": "9f2c41d07ab3e5568890",
            "detail": "2026-06-12",
        },
        {
            "name": Text("走访签到表（扫描）.pdf", "Visit sheet (scan).pdf"),
            "url": "#files",
            "size": "1.4 MB",
            "digest": "51be03aa7cd1049e2f77",
            "detail": "2026-06-10",
        },
    ]


def units_bars() -> list[dict[str, object]]:
    values: list[float | None] = [94.2, 91.5, 64.1, 88.0, 86.3, 82.7, None, 79.9, 90.4]
    return [
        {"label": unit, "value": value, "url": "#charts", "marked": number == 2}
        for number, (unit, value) in enumerate(zip(UNITS, values, strict=True))
    ]


MONTHS = [
    Text(f"{month}月", name) for month, name in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun"), start=1)
]


def series() -> list[tuple[str, list[Number | None]]]:
    return [
        (str(Text("全市", "City")), [61, 66, 72, 77, 82, 86]),
        (str(Text("达拉特旗", "Dalad Banner")), [58, 60, None, 63, 62, 64]),
    ]


def slices() -> list[dict[str, object]]:
    return [
        {"label": Text("逾期", "Overdue"), "value": 18, "light": "red"},
        {"label": Text("滞后", "Behind"), "value": 40, "light": "yellow"},
        {"label": Text("临近", "Due soon"), "value": 31, "light": "blue"},
        {"label": Text("按期", "On time"), "value": 388, "light": "green"},
    ]
