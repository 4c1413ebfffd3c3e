"""Deadlines and units as the samples say, and as offices write them elsewhere."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.importing.workbook.aliases import match_key, match_units
from guantong.importing.workbook.deadlines import read_deadline
from guantong.importing.workbook.responsible import Mention, read_units

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows("deadline_expressions_dev.csv"), ids=lambda row: row["expression"])
def test_deadlines_of_the_sample(row: dict[str, str]) -> None:
    found = read_deadline(row["expression"], base_year=2026)
    assert (found.kind, found.value) == (row["kind"], row["expected_for_base_year_2026"])


FURTHER = """从3月至6月|span|2026-03-01/2026-06-30
自3月1日起至6月30日|span|2026-03-01/2026-06-30
2026.3.1—6.30|span|2026-03-01/2026-06-30
2026.3.1-2026.6.30|span|2026-03-01/2026-06-30
2026.03-2026.10|span|2026-03-01/2026-10-31
3.31/6.30/9.30/12.31|milestones|2026-03-31;2026-06-30;2026-09-30;2026-12-31
2026Q3|due|2026-09-30
Q2|due|2026-06-30
2026/06|due|2026-06-30
2026.06前|due|2026-06-30
6月30日18:00前|due|2026-06-30
2026-06-30 00:00:00|due|2026-06-30
从4月1日起|unknown|
自2026年1月1日起施行|unknown|
本月底|unknown|
下月10日前|unknown|
六月底前|due|2026-06-30
十二月三十一日前|due|2026-12-31
二〇二六年十月底前|due|2026-10-31
2026 年 10 月 底 前|due|2026-10-31
３月底前|due|2026-03-31
2026.6.30|due|2026-06-30
2026-06-30|due|2026-06-30
2026/6/30前|due|2026-06-30
6.30前|due|2026-06-30
20260630|due|2026-06-30
明年3月底前|due|2027-03-31
次年1月底前|due|2027-01-31
2027年底前|due|2027-12-31
一季度末|due|2026-03-31
第二季度|due|2026-06-30
年中|due|2026-06-30
下半年|due|2026-12-31
11月中旬|due|2026-11-20
10月上旬|due|2026-10-10
2024年2月底|due|2024-02-29
12月10日前报送总结|due|2026-12-10
6月底前，持续推进|due|2026-06-30
立即整改，6月底前完成|due|2026-06-30
“七一”前|due|2026-07-01
国庆节前|due|2026-10-01
今年年底前|due|2026-12-31
按季度调度，年底前完成|due|2026-12-31
2026年3月—10月|span|2026-03-01/2026-10-31
3月至6月|span|2026-03-01/2026-06-30
4-6月|span|2026-04-01/2026-06-30
11月至次年2月|span|2026-11-01/2027-02-28
7月1日—9月30日|span|2026-07-01/2026-09-30
2026—2028年|span|2026-01-01/2028-12-31
十四五期间|span|2021-01-01/2025-12-31
三年内|span|3 years from issue date
全年任务|span|2026-01-01/2026-12-31
6月、12月|milestones|2026-06-30;2026-12-31
上半年完成60%，年底前完成100%|milestones|2026-06-30;2026-12-31
3月底前制定方案，6月底前完成，持续巩固|milestones|2026-03-31;2026-06-30
4月30日前印发实施方案；11月底前总结|milestones|2026-04-30;2026-11-30
6月30日前完成50%、12月31日前完成100%|milestones|2026-06-30;2026-12-31
每季度末月25日前|recurring|quarterly:25
每周五前|recurring|weekly:5
每旬|recurring|ten-daily
每两月|recurring|bimonthly
每年12月底前|recurring|yearly:12-31
按月报送|recurring|monthly
每月5日、20日前|recurring|monthly:5,20
每年|recurring|yearly
常态化推进|ongoing|
长期|ongoing|
即知即改|immediate|
接到通知后10日内|relative|10 days
印发之日起30日内|relative|30 days
5个工作日内|relative|5 working days
3个月内|relative|3 months
一周内|relative|1 week
半年内|relative|6 months
24小时内|relative|24 hours
按省要求|external|
根据上级部署|external|
以上级通知为准|external|
春节前|external|
尽快|unknown|
适时推进|unknown|
待定|unknown|
会议召开前|unknown|
春节前、国庆前各一次|unknown|
2月30日前|unknown|
13月底前|unknown|
——|none|"""


@pytest.mark.parametrize("line", FURTHER.splitlines(), ids=lambda line: line.split("|")[0])
def test_deadlines_of_other_words_and_shapes(line: str) -> None:
    text, kind, value = line.split("|")
    found = read_deadline(text, base_year=2026)
    assert (found.kind, found.value) == (kind, value)


def test_goals_stay_with_their_dates() -> None:
    assert read_deadline("6月底前完成80%，年底前全覆盖", base_year=2026).goals == ["完成80%", "全覆盖"]


def test_a_date_cell_is_its_day() -> None:
    assert read_deadline(dt.datetime(2026, 6, 30, 0, 0), base_year=2020).dates == [dt.date(2026, 6, 30)]  # noqa: DTZ001


@given(
    st.text(
        alphabet="年月日底前季度每上中下旬至、，；。0123456789一二三十百内工作个后收到持续按周半%〇-—./ 前",
        max_size=25,
    )
)
def test_no_text_breaks_the_reader(text: str) -> None:
    found = read_deadline(text, base_year=2026)
    assert found.kind
    assert found.text == text.strip()


@pytest.mark.parametrize("row", rows("unit_expressions_dev.csv"), ids=lambda row: row["expression"])
def test_units_of_the_sample(row: dict[str, str]) -> None:
    found = read_units(row["expression"])
    assert "|".join(each.notation for each in found.mentions) == row["expected_units_pipe_separated"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市教育局和市财政局", "市教育局|市财政局"),
        ("市人力资源和社会保障局、住房和城乡建设局", "市人力资源和社会保障局|市住房和城乡建设局"),
        ("市工业和信 息化局", "市工业和信息化局"),
        ("1.市委办 2.市府办", "市委办|市府办"),
        ("各旗区党委、市直各部门党组（党委）", "group:各旗区党委|group:市直各部门党组（党委）"),
        ("市民委（宗教局）、市司法局", "市民委（宗教局）|市司法局"),
        ("市总工会、团市委、妇联、科协", "市总工会|团市委|市妇联|市科协"),
        ("市统计局、国家统计局鄂尔多斯调查队", "市统计局|国家统计局鄂尔多斯调查队"),
        ("市农牧局\n市水利局", "市农牧局|市水利局"),
        ("市工业和信息化局、高新区管委会、新城区管委会", "市工业和信息化局|高新区管委会|新城区管委会"),
        ("东胜区、康巴什区、达拉特旗", "东胜区|康巴什区|达拉特旗"),
    ],
)
def test_units_of_other_shapes(text: str, expected: str) -> None:
    assert "|".join(each.notation for each in read_units(text).mentions) == expected


def test_open_lists_and_roles_are_said() -> None:
    assert read_units("市民政局、团市委、市妇联等").open_list
    found = read_units("市委组织部（牵头）、市财政局")
    assert [(each.text, each.role) for each in found.mentions] == [("市委组织部", "lead"), ("市财政局", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市教育局牵头，市人社局、团市委配合", [("市教育局", "lead"), ("市人社局", "cooperating"), ("团市委", "cooperating")]),
        ("市发改委、市工信局牵头；财政局协助", [("市发改委", "lead"), ("市工信局", "lead"), ("市财政局", "cooperating")]),
        ("由市民政局负责，市残联协助", [("市民政局", "lead"), ("市残联", "cooperating")]),
        ("市民政局，市残联配合办理", [("市民政局", None), ("市残联", "cooperating")]),
        ("市发改委、工信局（按职责分工负责）", [("市发改委", None), ("市工信局", None)]),
        ("市发改委、市财政局按职责分工负责", [("市发改委", None), ("市财政局", None)]),
    ],
)  # fmt: skip
def test_what_a_clause_ends_with_is_said_of_all_its_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.text, each.role) for each in read_units(text).mentions] == expected


@pytest.mark.parametrize(
    "name", ["市发改委", "市发展改革委", "市发展和改革委员会", "鄂尔多斯市发展和改革委员会"]
)
def test_short_and_full_names_share_a_key(name: str) -> None:
    assert match_key(name, place="鄂尔多斯市") == match_key("市发展和改革委员会", place="鄂尔多斯市")


def test_a_near_miss_is_offered_and_never_taken() -> None:
    match = match_units([Mention("市发展改革局局")], [("1", "市发展和改革委员会")], place="鄂尔多斯市")[0]
    assert match.code is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本月底", "2026-12-31"),
        ("下月10日前", "2027-01-10"),
        ("次月中旬", "2027-01-20"),
        ("当月", "2026-12-31"),
    ],
)
def test_a_month_is_counted_from_that_of_issue(text: str, day: str) -> None:
    found = read_deadline(text, base_year=2026, issued_on=dt.date(2026, 12, 5))
    assert (found.kind, found.value) == ("due", day)
    assert read_deadline(text, base_year=2026).flags == ["issue_date_needed"]
