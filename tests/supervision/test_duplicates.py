from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import CONSOLE, City, at
from guantong.obligations.choices import Part
from guantong.supervision.choices import MatterStage
from guantong.supervision.duplicates import LEAST, Similar, similar_matters
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.wording import Wording, alike
from guantong.tasks.models import Assignment, Task, TaskList

BASIS = "市委常委会第 12 次会议纪要"

SAME = (
    ("全市联络站规范化建设", "关于推进全市联络站规范化建设的通知"),
    ("全市联络站规范化建设", "联络站规范化建设（全市）推进工作"),
    ("2026年专职委员能力提升培训", "2025年度专职委员能力提升培训"),
    ("民营企业融资服务平台建设", "加快推进民营企业融资服务平台建成"),
    ("困难群众冬季取暖补贴发放", "做好困难群众冬季取暖补贴及时发放工作"),
    ("建立民营企业诉求快速办理机制", "关于完善民营企业诉求办理工作机制的意见"),
    ("开展同心之家阵地提升行动", "实施同心之家提升行动"),
    ("新建同心之家12个", "新建同心之家20个"),  # a quantity: the same thing, asked for more of
    ("第一季度安全生产检查", "一季度安全生产大检查"),
    ("ＡＢＣ园区污水处理厂扩建", "abc园区污水处理厂扩建工作"),
)
DIFFERENT = (
    ("第一季度安全生产检查", "第二季度安全生产检查"),
    ("第三批同心之家标准化改造", "第4批同心之家标准化改造"),
    ("上半年民营企业座谈会", "下半年民营企业座谈会"),
    ("G18国道沿线环境整治", "G65国道沿线环境整治"),
    ("第一中学宿舍楼改造", "第二中学宿舍楼改造"),
    ("东胜区老旧小区改造", "准格尔旗老旧小区改造"),
    ("组织专职委员培训", "组织联络员培训"),
    ("加强全市安全生产工作", "加强全市信访稳定工作"),
    ("城区供热管网改造", "城区供水管网改造"),
    ("加强民营企业融资服务", "加强民营企业用地保障"),
    ("关于做好工作的通知", "关于开展工作的通知"),
)


@pytest.fixture
def source(city: City) -> TaskList:
    return TaskList.objects.create(
        cycle=city.cycle, name=BASIS, file_name="t.xlsx", digest="0" * 64, imported_at=at(1, 5)
    )


def task(city: City, source: TaskList, title: str, *codes: str) -> Task:
    made = Task.objects.create(
        task_list=source,
        sheet="1",
        row=Task.objects.count() + 1,
        title=title,
        pillar="link_task",
        due_kind="due",
    )
    for code in codes:
        Assignment.objects.create(task=made, unit=city.units[code], part=Part.LEAD)
    return made


def matter(
    city: City, title: str, *codes: str, basis: str = BASIS, seat: str = "1506-LGO", **more: object
) -> Matter:
    office = city.office(seat, "coordinator" if seat == "1506-LGO" else "first_responsible")
    made = Matter.objects.create(
        cycle=city.cycle, kind="paper", title=title, origin="paper", basis=basis, pillar="link_task",
        issued_by=office, drafted_at=at(2, 1), due_on=dt.date(2026, 9, 1), first_due_on=dt.date(2026, 9, 1), **more,
    )  # fmt: skip
    for code in codes:
        MatterPart.objects.create(
            matter=made, unit=city.units[code], office=office, part=Part.LEAD, due_on=made.due_on
        )
    return made


def found(city: City, title: str, *codes: str, basis: str = BASIS, **more: object) -> list[Similar]:
    units = [city.units[code] for code in codes]
    return similar_matters(cycle=city.cycle, title=title, basis=basis, units=units, **more)  # type: ignore[arg-type]


class TestWording:
    @pytest.mark.parametrize(("one", "other"), SAME)
    def test_the_same_thing_in_other_words_is_alike(self, one: str, other: str) -> None:
        assert alike(Wording.of(one), Wording.of(other)) >= LEAST
        assert alike(Wording.of(one), Wording.of(other)) == alike(Wording.of(other), Wording.of(one))

    @pytest.mark.parametrize(("one", "other"), DIFFERENT)
    def test_another_thing_in_like_words_is_not(self, one: str, other: str) -> None:
        assert alike(Wording.of(one), Wording.of(other)) < LEAST

    def test_a_title_of_nothing_but_the_wording_of_papers_is_compared_as_it_stands(self) -> None:
        assert alike(Wording.of("工作通知"), Wording.of("工作通知")) == 1

    def test_an_empty_title_is_like_nothing(self) -> None:
        assert alike(Wording.of(""), Wording.of("全市联络站建设")) == 0

    def test_numerals_of_a_series_are_read(self) -> None:
        assert Wording.of("第十二批").series == Wording.of("第12批").series
        assert Wording.of("二十三期").series == Wording.of("第23期").series


class TestOffered:
    @pytest.mark.parametrize(("one", "other"), SAME)
    def test_a_matter_like_the_draft_is_offered(self, city: City, one: str, other: str) -> None:
        there = matter(city, other, "1506-MU-01")
        [offered] = found(city, one, "1506-MU-01")
        assert (offered.kind, offered.pk, offered.basis) == ("matter", there.pk, BASIS)
        assert offered.units == ("市发展和改革委员会",)

    @pytest.mark.parametrize(("one", "other"), DIFFERENT)
    def test_another_matter_is_not_offered_even_on_one_basis_at_one_unit(
        self, city: City, one: str, other: str
    ) -> None:
        matter(city, other, "1506-MU-01")
        assert found(city, one, "1506-MU-01") == []

    def test_tasks_of_the_year_are_offered_too(self, city: City, source: TaskList) -> None:
        there = task(city, source, "推进全市联络站规范化建设", "1506-MU-01", "1506-MU-02")
        [offered] = found(city, "全市联络站规范化建设", "1506-MU-02")
        assert (offered.kind, offered.pk, offered.url) == ("task", there.pk, f"/tasks/{there.pk}/")
        assert offered.score == 1

    def test_the_likeliest_comes_first_and_no_more_than_asked_for(self, city: City) -> None:
        other_basis = matter(city, "全市联络站规范化建设", "1506-MU-02", basis="群众来信")
        same = matter(city, "全市联络站规范化建设", "1506-MU-01")
        assert [each.pk for each in found(city, "全市联络站规范化建设", "1506-MU-01")] == [
            same.pk,
            other_basis.pk,
        ]
        assert [each.pk for each in found(city, "全市联络站规范化建设", "1506-MU-01", limit=1)] == [same.pk]

    def test_a_unit_within_the_unit_asked_for_counts_as_met(self, city: City) -> None:
        matter(city, "全市联络站规范化建设", "150602001")
        [near] = found(city, "全市联络站规范化建设", "150602")
        [far] = found(city, "全市联络站规范化建设", "150622")
        assert near.score > far.score

    def test_the_draft_itself_is_left_out(self, city: City) -> None:
        draft = matter(city, "全市联络站规范化建设")
        assert found(city, "全市联络站规范化建设", apart_from=draft.pk) == []
        assert len(found(city, "全市联络站规范化建设")) == 1

    def test_merged_and_cancelled_matters_are_left_out(self, city: City) -> None:
        live = matter(city, "全市联络站规范化建设")
        matter(city, "全市联络站规范化建设", stage=MatterStage.CANCELLED)
        matter(city, "全市联络站规范化建设", stage=MatterStage.MERGED, merged_into=live)
        assert [each.pk for each in found(city, "全市联络站规范化建设")] == [live.pk]

    def test_what_the_office_may_not_see_is_left_out(self, city: City, source: TaskList) -> None:
        mine = matter(city, "旗区联络站规范化建设", "150602", seat="150602")
        matter(city, "旗区联络站规范化建设", "150622", seat="150622")
        task(city, source, "旗区联络站规范化建设", "150622")
        here = city.acting("150602", "first_responsible")
        assert len(found(city, "旗区联络站规范化建设")) == 3
        assert [each.pk for each in found(city, "旗区联络站规范化建设", seen_by=here)] == [mine.pk]

    def test_another_cycle_is_left_out(self, city: City) -> None:
        from guantong.duties.operations import open_cycle
        from guantong.mechanisms.operations import read_valid_package

        matter(city, "全市联络站规范化建设")
        next_year = open_cycle(
            package=read_valid_package("three-threes"),
            unit=city.units["1506"],
            year=2027,
            actor=CONSOLE,
            now=at(1, 5),  # type: ignore[arg-type]
        ).cycle
        assert similar_matters(cycle=next_year, title="全市联络站规范化建设", basis="", units=[]) == []

    @pytest.mark.parametrize("title", ["", "  ", "？！", "一"])
    def test_a_title_that_says_nothing_finds_nothing(self, city: City, title: str) -> None:
        matter(city, "全市联络站规范化建设")
        assert found(city, title) == []

    def test_tabs_and_line_breaks_in_a_title_do_no_harm(self, city: City) -> None:
        strange = matter(city, "全市联络站\t规范化建设")
        matter(city, "全市联络站\n9\t规范化建设\t7")
        assert strange.pk in {each.pk for each in found(city, "全市联络站规范化建设")}

    def test_what_was_just_drafted_is_found_at_once(self, city: City) -> None:
        assert found(city, "全市联络站规范化建设") == []
        matter(city, "全市联络站规范化建设")
        assert len(found(city, "全市联络站规范化建设")) == 1


class TestCost:
    def test_the_number_of_queries_does_not_grow_with_what_is_there(
        self, city: City, source: TaskList
    ) -> None:
        for number in range(30):
            matter(city, f"全市联络站规范化建设{number}个", "1506-MU-01", "1506-MU-02")
            task(city, source, f"全市联络站规范化建设{number}个", "1506-MU-01")
        with CaptureQueriesContext(connection) as captured:
            assert len(found(city, "全市联络站规范化建设", "1506-MU-01", limit=60)) == 40
        assert len(captured) == 6

    def test_a_title_as_long_as_may_be_is_answered(self, city: City) -> None:
        long = "推进各旗区重点园区乡镇街道联络站同心之家规范化建设和标准化改造" * 9
        there = matter(city, long[:300])
        assert [each.pk for each in found(city, long[:300])] == [there.pk]
