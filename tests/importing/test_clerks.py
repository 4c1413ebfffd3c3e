"""What a clerk sees of a workbook as clerks send them: the right verdict of every row, and sentences that help."""

from __future__ import annotations

import datetime as dt

import pytest

from conftest import City, at
from guantong.importing.choices import Stage, Verdict
from guantong.importing.kinds import kind_by_id
from guantong.importing.kinds.hours import hours_in
from guantong.importing.models import Import
from guantong.importing.operations import apply_import, check_import, read_import, receive_file
from guantong.importing.queries import about_columns
from guantong.importing.staged import verdicts_of
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit
from guantong.tasks.models import Task
from importing import test_kinds
from importing.clerks import LETTERS, MARCH_5, Letter, days, tasks_with_notes
from importing.test_kinds import brought, said
from importing.test_table_links import administrator


def seen(city: City, letter: Letter) -> Import:
    actor = administrator(city) if letter.kind == "holders" else city.coordinator
    found = receive_file(content=letter.make(), name=letter.file, cycle=city.cycle, actor=actor, now=at(3, 1))
    found = read_import(imported=found, actor=actor)
    if found.stage == Stage.READ:
        found = check_import(imported=found, actor=actor, now=at(3, 1))
    return found


@pytest.mark.parametrize("letter", LETTERS, ids=str)
def test_each_row_is_judged_rightly(city: City, letter: Letter) -> None:
    found = seen(city, letter)
    if letter.refused:
        assert (found.stage, letter.refused in " ".join(found.why)) == (Stage.UNREADABLE, True)
        return
    verdicts = [verdict for page in found.pages.all() for verdict, _said in verdicts_of(page).values()]
    counts = [
        verdicts.count(each)
        for each in (Verdict.GOOD, Verdict.SAME, Verdict.WARNING, Verdict.ERROR, Verdict.ASIDE)
    ]
    assert found.kind == letter.kind
    assert counts == [letter.good, letter.same, letter.warns, letter.wrong, letter.aside], said(found)
    kind = kind_by_id(found.kind)
    words = " ".join([*said(found), *([] if kind.whole_book else about_columns(found, kind))])
    assert [each for each in (*letter.says, *letter.notes) if each not in words] == []


def test_there_are_enough_of_them() -> None:
    assert len(LETTERS) >= 35
    assert {each.kind for each in LETTERS} == {"units", "homes", "partners", "tasks", "holders", "duties"}


def test_days_are_the_days_that_were_meant(city: City) -> None:
    given = ("2026.3.5", "2026年3月5日", "２０２６／３／５", MARCH_5, "46086", 46086)
    for content, n in ((days(*given), len(given)), (days(MARCH_5, epoch=1904), 1)):
        Unit.objects.filter(code__startswith="15060200110").delete()
        found = brought(city, city.coordinator, content)
        apply_import(imported=found, only_valid=False, actor=city.coordinator, now=at(3, 1))
        made = Unit.objects.filter(code__startswith="15060200110").values_list("opened_on", flat=True)
        assert list(made) == [dt.date(2026, 3, 5)] * n


def test_tasks_are_what_was_written(city: City) -> None:
    found = brought(city, city.coordinator, tasks_with_notes())
    apply_import(imported=found, only_valid=False, actor=city.coordinator, now=at(3, 1))
    made = Task.objects.order_by("pk").values_list(
        "number", "category", "title", "lead_text", "cooperating_text", "due_text"
    )
    assert list(made) == [
        ("1", "民生保障", "建成社区服务点 3 个", "市教育体育局", "市发展和改革委员会", "6月底前"),
        ("2", "民生保障", "开展专题调研 2 次", "市发展和改革委员会", "", "2026.9.30"),
    ]


def test_hours_of_study_with_their_unit_and_seats_by_name(city: City) -> None:
    made = test_kinds.TestAttendance().course_class(city)
    rows = [["班次编号", "单位名称", "岗位", "学时"], [made.pk, "市发展和改革委员会", "成员单位主要负责人", "6学时"],
            ["合计", "", "", "6"]]  # fmt: skip
    school = city.acting("1506-MU-02", "unit_head")
    found = brought(city, school, rows, now=at(3, 4))
    assert (found.n_good, found.n_errors, found.n_rows) == (1, 0, 2)


def test_progress_without_a_year_or_with_another_word_says_what_is_missing(signed: City) -> None:
    owed = Obligation.objects.filter(unit__code="1506-MU-01")[0]
    rows = [["事项编号", "完成日期", "工作类型", "进展情况"], [owed.pk, "3月15日", "开会", "召开会议"]]
    sentences = " ".join(said(brought(signed, signed.head, rows, now=at(3, 20))))
    assert "没有写年份" in sentences
    assert "可填：" in sentences


@pytest.mark.parametrize(
    ("text", "days_of_week", "spans"),
    [
        ("周一至周五 9:00-17:30", [1, 2, 3, 4, 5], 1),
        ("每天9:00—12:00，15:00—18:00", [1, 2, 3, 4, 5, 6, 7], 2),
        ("周一、周三 9:00-11:30；周六 9:00~12:00", [1, 3, 6], 1),
        ("工作日：8:30至11:30、14:30至17:30", [1, 2, 3, 4, 5], 2),
        ("星期一到星期三 9:00-11:00\n周日 10:00-11:00", [1, 2, 3, 7], 1),
        ("周六日", None, 0),
        ("9:00-17:00", None, 0),
        ("周五至周一 9:00-17:00", None, 0),
        ("周一 9:00-17:00（午休除外）", None, 0),
    ],
)
def test_opening_hours_are_read_or_said_not_to_be(
    text: str, days_of_week: list[int] | None, spans: int
) -> None:
    hours, unread = hours_in(text)
    if days_of_week is None:
        assert (hours, unread) == ([], [text])
    else:
        assert unread == []
        assert sorted({each["day"] for each in hours}) == days_of_week
        assert len(hours) == spans * len(days_of_week)
