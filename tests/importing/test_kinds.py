"""Every kind: what it takes in, what it refuses, that what goes out comes in unchanged, and that all can be taken back."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from conftest import CONSOLE, City, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Holding, Office, Person
from guantong.audit.verification import verify_log
from guantong.duties.models import DutyItem
from guantong.duties.operations import issue_duty_lists
from guantong.grassroots.models import Home
from guantong.importing.choices import Stage
from guantong.importing.exporting import workbook_of
from guantong.importing.kinds import kind_by_id
from guantong.importing.kinds.base import Scope
from guantong.importing.models import Effect, Import
from guantong.importing.operations import (
    apply_import,
    check_import,
    read_import,
    receive_file,
    try_import,
    undo_import,
)
from guantong.importing.queries import remarks_of
from guantong.importing.staged import verdicts_of
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import CourseClass, Enrolment
from guantong.leadership.operations.classes import open_class
from guantong.leadership.operations.courses import Terms, open_course
from guantong.obligations.choices import State
from guantong.obligations.models import Claim, Obligation
from guantong.partners.models import Partner
from guantong.records.models import Record
from guantong.tasks.models import Task
from importing.sheets import saved, xlsx

TASKS = [["序号", "重点任务", "责任单位", "完成时限"], ["1", "建成服务点 3 个", "市教育体育局", "2026年6月底前"],
         ["2", "开展专题调研", "市发展和改革委员会", "2026年9月底前"]]  # fmt: skip

NOW = at(3, 1)


def brought(
    city: City,
    actor: Acting,
    rows: Sequence[Sequence[Any]] | bytes,
    *,
    kind: str = "",
    now: dt.datetime = NOW,
) -> Import:
    content = rows if isinstance(rows, bytes) else xlsx(rows)
    found = receive_file(content=content, name="a.xlsx", kind=kind, cycle=city.cycle, actor=actor, now=now)
    found = read_import(imported=found, actor=actor)
    assert found.why == []
    return check_import(imported=found, actor=actor, now=now)


def applied(city: City, actor: Acting, found: Import, *, now: dt.datetime = NOW) -> Import:
    assert try_import(imported=found, actor=actor, now=now).n_errors == 0, said(found)
    return apply_import(imported=found, only_valid=False, actor=actor, now=now)


def said(found: Import) -> list[str]:
    return [
        text for page in found.pages.all() for _v, rows in verdicts_of(page).values() for _n, text, *_ in rows
    ]


def out(city: City, actor: Acting, kind: str, *, now: dt.datetime = NOW) -> bytes:
    return workbook_of(kind_by_id(kind), Scope(actor, city.cycle, now, now.date()))


def rows_in(content: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def comes_in_unchanged(city: City, actor: Acting, kind: str, *, now: dt.datetime = NOW) -> int:
    """The export of a kind is guessed to be that kind and changes nothing; returns its rows."""
    content = out(city, actor, kind, now=now)
    found = brought(city, actor, content, now=now)
    assert (found.kind, found.n_same, said(found)) == (kind, len(rows_in(content)) - 1, [])
    with pytest.raises(Refusal, match="没有可以导入的行"):
        apply_import(imported=found, only_valid=False, actor=actor, now=now)
    return found.n_rows


class TestPartners:
    HEAD = ["类别", "登记名称", "所在地代码"]
    ROWS = [HEAD, ["企业", "某某能源有限公司", "150602"], ["商会", "@某某商会", "150622"]]

    def test_in_out_and_back(self, city: City) -> None:
        actor = city.coordinator
        found = applied(city, actor, brought(city, actor, self.ROWS))
        assert set(Partner.objects.values_list("name", "kind")) == {
            ("某某能源有限公司", "enterprise"), ("@某某商会", "chamber"),
        }  # fmt: skip
        assert comes_in_unchanged(city, actor, "partners") == 2
        undo_import(imported=found, actor=actor, now=at(3, 2))
        assert not Partner.objects.exists()
        assert verify_log().clean

    def test_no_person_comes_in(self, city: City) -> None:
        found = brought(city, city.coordinator, [self.HEAD, ["代表人士", "张三", "150602"]])
        assert (found.n_errors, "由本人" in said(found)[0]) == (1, True)


class TestHolders:
    HEAD = ["单位代码", "岗位", "岗位序号", "岗位名称", "登录名", "称呼", "任职自"]
    ROWS = [HEAD, ["1506-MU-01", "clerk", "1", "市发展和改革委员会经办", "zhang", "张三", "2026-01-05"],
            ["1506-MU-02", "unit_head", "1", "", "li", "李四", "2026-01-05"],
            ["1506-MU-02", "clerk", "2", "市教育体育局经办（二）", "", "", ""]]  # fmt: skip

    def admin(self, city: City) -> Acting:
        from guantong.accounts.operations import open_office

        if not Office.objects.filter(seat="security_admin").exists():
            open_office(
                unit=city.units["1506-LGO"],
                seat="security_admin",
                title="安全管理员",
                role="security_admin",
                actor=CONSOLE,
                now=at(1, 6),
            )
        return city.acting("1506-LGO", "security_admin")

    def test_in_out_and_back(self, city: City) -> None:
        admin = self.admin(city)
        offices, holdings = Office.objects.count(), Holding.objects.count()
        found = brought(city, admin, self.ROWS)
        assert (found.kind, found.n_good) == ("holders", 3)
        found = applied(city, admin, found)
        assert (Office.objects.count() - offices, Holding.objects.count() - holdings) == (2, 2)
        zhang = Person.objects.by_sign_in("zhang")
        assert zhang is not None
        assert str(zhang.display_name) == "张三"
        assert not zhang.has_usable_password()
        assert comes_in_unchanged(city, admin, "holders") > 3
        assert not any("张三" in str(each.rows) for each in Effect.objects.all())
        undo_import(imported=found, actor=admin, now=at(3, 2))
        assert (Office.objects.count() - offices, Holding.objects.count() - holdings) == (0, 0)
        assert Person.objects.by_sign_in("zhang") is None
        assert verify_log().clean

    def test_a_trial_leaves_no_person_behind(self, city: City) -> None:
        admin = self.admin(city)
        people = Person.objects.count()
        try_import(imported=brought(city, admin, self.ROWS), actor=admin, now=at(3, 1))
        assert Person.objects.count() == people

    def test_the_coordinating_office_cannot_appoint(self, city: City) -> None:
        with pytest.raises(Refusal, match="没有导入这类表格的职责"):
            receive_file(
                content=xlsx(self.ROWS), name="a.xlsx", kind="holders", actor=city.coordinator, now=at(3, 1)
            )


class TestDuties:
    def changed(self, city: City) -> list[list[Any]]:
        rows = [list(each) for each in rows_in(out(city, city.coordinator, "duties"))][:3]
        place = list(rows[0]).index("职责内容")
        rows[1][place] = "改写后的职责内容"
        return rows

    def test_in_out_and_back(self, city: City) -> None:
        actor = city.coordinator
        before = set(DutyItem.objects.values_list("pk", "text_zh"))
        found = brought(city, actor, self.changed(city))
        assert (found.n_good, found.n_same) == (1, 1)
        found = applied(city, actor, found)
        assert DutyItem.objects.filter(text_zh="改写后的职责内容").count() == 1
        assert comes_in_unchanged(city, actor, "duties") == DutyItem.objects.count()
        undo_import(imported=found, actor=actor, now=at(3, 2))
        assert set(DutyItem.objects.values_list("pk", "text_zh")) == before
        assert verify_log().clean

    def test_an_issued_list_is_not_changed(self, city: City) -> None:
        rows = self.changed(city)
        issue_duty_lists(cycle=city.cycle, actor=CONSOLE, now=at(3, 1))
        found = brought(city, city.coordinator, rows)
        assert (found.n_errors, "已经下达" in said(found)[0]) == (1, True)


class TestTasks:
    def test_in_out_and_back(self, city: City) -> None:
        actor = city.coordinator
        found = applied(city, actor, brought(city, actor, TASKS))
        assert (found.kind, Task.objects.count()) == ("tasks", 2)
        owed = Obligation.objects.filter(source="task").count()
        assert owed
        assert comes_in_unchanged(city, actor, "tasks") == 2
        undo_import(imported=found, actor=actor, now=at(3, 2))
        assert (Task.objects.count(), Obligation.objects.filter(source="task").count()) == (0, 0)
        assert verify_log().clean

    def test_a_remark_stands_at_the_cell_that_it_is_about(self, city: City) -> None:
        book = openpyxl.load_workbook(io.BytesIO(xlsx([["2026年任务"], *TASKS])))
        other = book.create_sheet("二")
        for row in (["任务", "期限", "牵头单位"], ["再做一件", "", "没有这个单位"]):
            other.append(row)
        found = brought(city, city.coordinator, saved(book))
        remarks = [each[:3] for each in remarks_of(found, kind_by_id("tasks"))]
        assert ("二", 2, 2) in remarks
        assert ("二", 2, 3) in remarks

    def test_tasks_that_are_there_are_not_issued_again(self, city: City) -> None:
        actor = city.coordinator
        applied(city, actor, brought(city, actor, TASKS))
        applied(
            city, actor, brought(city, actor, [*TASKS, ["3", "新增一项", "市教育体育局", "2026年10月底前"]])
        )
        assert Task.objects.count() == 3

    def test_what_was_claimed_since_stops_the_undoing(self, city: City) -> None:
        actor = city.coordinator
        found = applied(city, actor, brought(city, actor, TASKS))
        owed = Obligation.objects.filter(source="task", unit__code="1506-MU-01")[0]
        progress = [
            ["事项编号", "工作日期", "工作类型", "做了什么"],
            [str(owed.pk), "2026-03-01", "任务进展", "完成调研"],
        ]
        applied(city, city.head, brought(city, city.head, progress))
        with pytest.raises(Refusal) as refused:
            undo_import(imported=found, actor=actor, now=at(3, 2))
        assert "完成申报 1 条" in str(refused.value)


class TestProgress:
    def rows(self, owed: Obligation) -> list[list[Any]]:
        return [["事项编号", "工作日期", "工作类型", "做了什么", "依据"],
                [str(owed.pk), "2026年3月15日", "会议活动", "召开专题会议", "会议纪要第 3 号"]]  # fmt: skip

    def owed(self, city: City) -> Obligation:
        return next(
            each
            for each in Obligation.objects.filter(
                unit__code="1506-MU-01", state=State.OPEN, starts_on__lte="2026-03-01"
            )
            if "meeting_ref" in each.evidence
        )

    def test_in_out_and_back(self, signed: City) -> None:
        owed, head, now = self.owed(signed), signed.head, at(3, 20)
        found = applied(signed, head, brought(signed, head, self.rows(owed), now=now), now=now)
        owed.refresh_from_db()
        assert (found.kind, owed.state, Record.objects.count()) == ("progress", State.CLAIMED, 1)
        assert comes_in_unchanged(signed, head, "progress", now=now) > 1
        undo_import(imported=found, actor=head, now=now)
        owed.refresh_from_db()
        assert (owed.state, Record.objects.count(), Claim.objects.count()) == (State.OPEN, 0, 0)
        assert verify_log().clean

    def test_another_units_obligation_is_not_there(self, signed: City) -> None:
        owed = Obligation.objects.filter(unit__code="1506-MU-02")[0]
        found = brought(signed, signed.head, self.rows(owed), now=at(3, 20))
        assert said(found) == [f"本单位没有编号为“{owed.pk}”的应办事项。"]


class TestAttendance:
    def course_class(self, city: City) -> CourseClass:
        terms = Terms(title="统战理论", hours=Decimal(6), target=["unit_head"])
        course = open_course(
            cycle=city.cycle, school=city.units["1506-MU-02"], terms=terms, actor=CONSOLE, now=at(2, 1)
        )
        return open_class(
            course=course, name="第一期", starts_on=dt.date(2026, 3, 2), ends_on=dt.date(2026, 3, 6), capacity=20,
            actor=CONSOLE, now=at(2, 1),
        )  # fmt: skip

    def test_in_out_and_back(self, city: City) -> None:
        made, now = self.course_class(city), at(3, 10)
        school = city.acting("1506-MU-02", "unit_head")
        rows = [
            ["班次编号", "单位代码", "岗位", "学时"],
            [made.pk, "1506-MU-01", "unit_head", "６"],
            [made.pk, "1506-MU-02", "unit_head", 3],
        ]
        made.refresh_from_db()
        found = brought(city, school, rows, now=at(3, 4))
        assert (found.kind, said(found)) == ("attendance", [])
        found = applied(city, school, found, now=at(3, 4))
        assert set(Enrolment.objects.values_list("office__unit__code", "hours")) == {
            ("1506-MU-01", Decimal(6)), ("1506-MU-02", Decimal(3)),
        }  # fmt: skip
        assert comes_in_unchanged(city, school, "attendance", now=now) == 2
        undo_import(imported=found, actor=school, now=now)
        assert not Enrolment.objects.exists()
        assert verify_log().clean

    def test_another_schools_class_is_not_there(self, city: City) -> None:
        made = self.course_class(city)
        found = brought(
            city,
            city.head,
            [["班次编号", "单位代码", "岗位", "学时"], [made.pk, "1506-MU-01", "unit_head", "6"]],
            kind="attendance",
        )
        assert "不由本单位开课" in said(found)[0]


class TestHomes:
    HEAD = ["单位代码", "地址", "服务内容", "开放时间", "开放时间已公示", "制度已上墙"]
    ROWS = [
        HEAD,
        [
            "150602001-H1",
            "交通街道 1 号",
            "学习宣传、议事协商",
            "周一 9:00-17:30；周六 09:00～12:00",
            "是",
            "否",
        ],
    ]

    def test_in_out_and_back(self, city: City) -> None:
        actor = city.coordinator
        found = applied(city, actor, brought(city, actor, self.ROWS))
        home = Home.objects.get()
        assert (home.contents, home.hours_posted, home.rules_posted) == (
            ["study", "consultation"],
            True,
            False,
        )
        assert [each["day"] for each in home.hours] == [1, 6]
        assert comes_in_unchanged(city, actor, "homes") == 1
        other = [self.HEAD, ["150602001-H1", "交通街道 2 号", "学习宣传", "周一 09:00-17:30", "是", "是"]]
        later = applied(city, actor, brought(city, actor, other))
        with pytest.raises(Refusal, match="又改过"):
            undo_import(imported=found, actor=actor, now=at(3, 2))
        undo_import(imported=later, actor=actor, now=at(3, 2))
        home.refresh_from_db()
        assert home.address == "交通街道 1 号"
        assert undo_import(imported=found, actor=actor, now=at(3, 3)).stage == Stage.UNDONE
        assert not Home.objects.exists()
        assert verify_log().clean

    def test_hours_nobody_can_read_are_said(self, city: City) -> None:
        found = brought(city, city.coordinator, [self.HEAD, ["150602001-H1", "", "", "天天开", "", ""]])
        assert "请写成" in said(found)[0]
