from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections

from conftest import City, at
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import Course, CourseClass, Enrolment
from guantong.leadership.operations import classes, completion, courses
from guantong.leadership.queries import study as queries
from guantong.leadership.terms import compulsory_of
from guantong.leadership.tests_of_courses import questions_in, right_answers, text_of
from guantong.mechanisms.package.building import build
from guantong.obligations.models import Obligation
from guantong.records.models import Participation, Record
from leadership.meeting_cast import district, leader, log_is_clean, office_of, township
from leadership.study_cast import SCHOOL, TEST, a_class, course, enrolled, pdf, school, terms

RIGHT, HALF, WRONG = {0: 1, 1: 0, 2: 1}, {0: 1, 1: 1, 2: 0}, {0: 0, 1: 1, 2: 0}


class TestQuestions:
    def test_a_text_is_read_and_written_back(self) -> None:
        found = questions_in(TEST)
        assert [(each.answers[each.right], len(each.answers)) for each in found] == [
            ("第一责任人", 3), ("六十天", 2), ("须本人同意", 2),
        ]  # fmt: skip
        assert text_of(each.as_plain() for each in found) == TEST
        assert questions_in("") == []

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("问\n*甲", "2 至 6"),
            ("问\n甲\n乙", "有且只有一个"),
            ("问\n*甲\n*乙", "有且只有一个"),
            ("问\n*\n乙", "不能为空"),
            ("问\n*甲\n乙\n\n问二\n甲", "第 2 题"),
            ("\n\n".join(["问\n*甲\n乙"] * 31), "最多 30 题"),
        ],
    )
    def test_what_is_no_question_is_named(self, text: str, sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            questions_in(text)

    def test_right_answers_are_counted(self) -> None:
        plain = [each.as_plain() for each in questions_in(TEST)]
        assert [right_answers(plain, given) for given in (RIGHT, HALF, WRONG, {})] == [3, 1, 0, 0]


class TestCourse:
    def test_it_says_what_it_carries_and_whom_it_is_for(self, city: City) -> None:
        made = course(city)
        assert (made.compulsory, made.target, made.hours) == (
            ["policy", "law"], ["commissioner", "first_responsible"], Decimal(12),
        )  # fmt: skip
        assert log_is_clean()

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"title": " "}, "课程名称"),
            ({"hours": Decimal(0)}, "学时"),
            ({"target": []}, "面向哪些岗位"),
            ({"target": ["mayor"]}, "列出"),
            ({"compulsory": ["history"]}, "列出"),
            ({"pass_mark": None}, "答对几题"),
            ({"pass_mark": 4}, "答对几题"),
        ],
    )
    def test_what_is_no_course_is_refused(self, city: City, wrong: dict[str, Any], sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            course(city, **wrong)
        assert not Course.objects.exists()

    def test_a_school_keeps_its_own_and_the_office_above_everybody_s(self, city: City) -> None:
        with pytest.raises(Refusal, match="开课单位"):
            courses.open_course(
                cycle=city.cycle, school=city.units[SCHOOL], terms=terms(), actor=city.head, now=at(3, 2)
            )
        made = courses.open_course(
            cycle=city.cycle, school=city.units[SCHOOL], terms=terms(), actor=city.coordinator, now=at(3, 2)
        )
        with pytest.raises(Refusal, match="已经有名为"):
            course(city)
        courses.close_course(course=made, closed_on=dt.date(2026, 3, 3), actor=school(city), now=at(3, 3))
        with pytest.raises(Refusal, match="已经停开"):
            a_class(city, made)

    def test_its_terms_stand_once_somebody_has_completed_it(self, city: City) -> None:
        made = course(city)
        courses.change_course(course=made, terms=terms(hours=Decimal(6)), actor=school(city), now=at(3, 3))
        enrolled(city, a_class(city, made), township(city))
        completion.take_test(
            course=made, office=office_of(township(city)), answers=RIGHT, actor=township(city), now=at(4, 9)
        )
        with pytest.raises(Refusal, match="已有人完成"):
            courses.change_course(course=made, terms=terms(), actor=school(city), now=at(4, 9))


class TestCurriculum:
    def test_what_is_compulsory_is_covered_or_missing_by_school(self, city: City) -> None:
        course(city)
        [found] = queries.curricula_of(Course.objects.select_related("school"), city.cycle.package)
        assert [(key, len(taught)) for key, _name, taught in found.covered] == [
            ("theory", 0), ("policy", 1), ("law", 1),
        ]  # fmt: skip
        assert [str(each) for each in found.missing] == ["理论"]

    def test_the_package_says_what_is_compulsory(self, city: City) -> None:
        plain = city.cycle.package.source
        other = build(
            {**plain, "study": {"compulsory": [{"id": "safety", "name": {"zh": "安全", "en": "Safety"}}]}}
        )
        assert compulsory_of(other) == [("safety", "安全")]
        silent = build({key: each for key, each in plain.items() if key != "study"})
        assert [key for key, _name in compulsory_of(silent)] == ["theory", "policy", "law"]
        course(city)
        [found] = queries.curricula_of(Course.objects.select_related("school"), other)
        assert found.missing == ["安全"]

    def test_a_closed_course_covers_nothing(self, city: City) -> None:
        courses.close_course(
            course=course(city), closed_on=dt.date(2026, 3, 3), actor=school(city), now=at(3, 3)
        )
        [found] = queries.curricula_of(Course.objects.select_related("school"), city.cycle.package)
        assert len(found.missing) == 3


class TestClass:
    def test_its_half_days_are_laid_on_working_days(self, city: City) -> None:
        made = a_class(city, course(city), starts_on=dt.date(2026, 4, 3), ends_on=dt.date(2026, 4, 8))
        # 4 to 6 April are days off
        assert {(f"{each.day}", each.half, each.hours) for each in made.sittings.all()} == {
            ("2026-04-03", 1, 3), ("2026-04-03", 2, 3), ("2026-04-07", 1, 3), ("2026-04-07", 2, 3),
        }  # fmt: skip
        assert queries.hours_of(made) == 12
        assert log_is_clean()

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"ends_on": dt.date(2026, 4, 8)}, "排不下"),
            ({"ends_on": dt.date(2026, 4, 7)}, "早于开始"),
            ({"starts_on": dt.date(2027, 1, 4), "ends_on": dt.date(2027, 1, 8)}, "年度内"),
            ({"capacity": 0}, "名额"),
            ({"name": ""}, "班次名称"),
        ],
    )
    def test_what_cannot_be_held_is_refused(self, city: City, wrong: dict[str, Any], sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            a_class(city, course(city), **wrong)

    def test_the_same_twice_is_one(self, city: City) -> None:
        made = course(city)
        assert a_class(city, made) == a_class(city, made)


class TestEnrolment:
    def test_the_school_puts_in_whom_it_is_for_and_others_themselves_alone(self, city: City) -> None:
        made = a_class(city, course(city))
        enrolled(city, made, township(city))
        with pytest.raises(Refusal, match="只能为自己"):
            classes.enrol(
                course_class=made,
                offices=[office_of(district(city, "150622"))],
                actor=district(city),
                now=at(3, 5),
            )
        classes.enrol(
            course_class=made, offices=[office_of(district(city))], actor=district(city), now=at(3, 5)
        )
        assert set(made.enrolments.values_list("office", flat=True)) == {
            office_of(township(city)).pk,
            office_of(district(city)).pk,
        }
        assert log_is_clean()

    def test_the_places_are_counted_and_leaving_gives_one_back(self, city: City) -> None:
        made = enrolled(city, a_class(city, course(city), capacity=1), township(city))
        with pytest.raises(Refusal, match="还剩 0 个"):
            enrolled(city, made, district(city))
        classes.leave_class(
            enrolment=made.enrolments.get(), reason="出差", actor=township(city), now=at(3, 6)
        )
        enrolled(city, made, district(city))
        assert made.enrolments.filter(cancelled_on=None).count() == 1

    def test_twice_is_once(self, city: City) -> None:
        made = a_class(city, course(city))
        enrolled(city, made, township(city))
        enrolled(city, made, township(city))
        assert Enrolment.objects.count() == 1

    def test_who_is_not_of_the_target_group_is_refused(self, city: City) -> None:
        with pytest.raises(Refusal, match="对象范围"):
            enrolled(city, a_class(city, course(city)), leader(city))

    def test_not_after_its_end_nor_by_a_stranger_for_another(self, city: City) -> None:
        made = enrolled(city, a_class(city, course(city)), township(city))
        with pytest.raises(Refusal, match="不再接受"):
            classes.enrol(
                course_class=made, offices=[office_of(district(city))], actor=district(city), now=at(4, 10)
            )
        with pytest.raises(Refusal, match="自己岗位"):
            classes.leave_class(
                enrolment=made.enrolments.get(), reason="—", actor=district(city), now=at(3, 6)
            )


class TestAttendance:
    def count(self, city: City, made: CourseClass, **hours: str) -> list[Enrolment]:
        rows = {each.office.unit.code: each.pk for each in made.enrolments.select_related("office__unit")}
        given = {rows[code.removeprefix("u")]: Decimal(text) for code, text in hours.items()}
        return classes.count_hours(course_class=made, hours=given, actor=school(city), now=at(4, 9))

    def end(self, city: City, made: CourseClass, now: dt.datetime | None = None) -> CourseClass:
        return classes.end_class(
            course_class=made, entered_by=office_of(school(city)), actor=school(city), now=now or at(4, 9)
        )

    def test_full_hours_complete_at_its_end_with_one_record(self, city: City) -> None:
        made = enrolled(city, a_class(city, course(city)), township(city), district(city))
        self.count(city, made, u150602001="12", u150602="9.5")
        assert not Enrolment.objects.filter(completed_on__isnull=False).exists()
        self.end(city, made)
        done = Enrolment.objects.filter(completed_on__isnull=False)
        assert set(done.values_list("office", "completed_by", "completed_on")) == {
            (office_of(township(city)).pk, "attendance", dt.date(2026, 4, 9))
        }
        assert Record.objects.get().kind == "study"
        assert set(Participation.objects.values_list("office", flat=True)) == {
            office_of(township(city)).pk,
            office_of(district(city)).pk,
        }
        assert log_is_clean()

    def test_a_class_is_no_study_session_of_the_group(self, signed: City) -> None:
        made = enrolled(signed, a_class(signed, course(signed, target=["leader"])), leader(signed))
        rows = {each.pk: Decimal(12) for each in made.enrolments.all()}
        classes.count_hours(course_class=made, hours=rows, actor=school(signed), now=at(4, 9))
        self.end(signed, made)
        assert not Obligation.objects.filter(state="claimed").exists()

    def test_more_hours_than_there_were_or_before_it_began_is_refused(self, city: City) -> None:
        made = enrolled(city, a_class(city, course(city)), township(city))
        for hours in ("12.5", "-1"):
            with pytest.raises(Refusal, match="0 到 12"):
                self.count(city, made, u150602001=hours)
        with pytest.raises(Refusal, match="才开班"):
            classes.count_hours(course_class=made, hours={}, actor=school(city), now=at(4, 7))
        with pytest.raises(Refusal, match="开课单位"):
            classes.count_hours(course_class=made, hours={}, actor=township(city), now=at(4, 9))

    def test_it_ends_once_on_its_last_day_with_somebody_there(self, city: City) -> None:
        made = enrolled(city, a_class(city, course(city)), township(city))
        with pytest.raises(Refusal, match="不能提前"):
            self.end(city, made, at(4, 8))
        with pytest.raises(Refusal, match="任何人的学时"):
            self.end(city, made)
        self.count(city, made, u150602001="3")
        self.end(city, made)
        with pytest.raises(Refusal, match="已经结班"):
            self.end(city, made)

    def test_no_row_says_who_was_where_when(self) -> None:
        """Counted, not tracked: an enrolment knows hours in all, and nothing points from it to a half-day."""
        fields = {field.name for field in Enrolment._meta.get_fields()}
        assert "hours" in fields
        assert not {"sitting", "sittings", "attended_at", "checked_in_at"} & fields


class TestShortTest:
    def take(self, city: City, made: Course, answers: dict[int, int], **more: Any) -> Enrolment:
        given = {"course": made, "office": office_of(township(city)), "answers": answers, "actor": township(city),
                 "now": at(4, 8)}  # fmt: skip
        return completion.take_test(**(given | more))

    def test_enough_right_answers_complete_the_course(self, city: City) -> None:
        made = course(city)
        enrolled(city, a_class(city, made), township(city))
        first = self.take(city, made, HALF)
        assert (first.completed_on, first.right_answers, first.tries) == (None, 1, 1)
        second = self.take(city, made, RIGHT)
        assert (second.completed_on, second.completed_by, second.right_answers) == (
            dt.date(2026, 4, 8),
            "test",
            3,
        )
        with pytest.raises(Refusal, match="已经完成"):
            self.take(city, made, RIGHT)
        assert log_is_clean()

    def test_the_mark_is_where_the_course_sets_it(self, city: City) -> None:
        for mark, passed in ((1, True), (2, False)):
            made = course(city, title=f"{mark}", pass_mark=mark)
            enrolled(city, a_class(city, made), township(city))
            assert (self.take(city, made, HALF).completed_on is not None) is passed

    def test_there_are_three_tries(self, city: City) -> None:
        made = course(city)
        enrolled(city, a_class(city, made), township(city))
        for _time in range(3):
            self.take(city, made, WRONG)
        with pytest.raises(Refusal, match="已经测试 3 次"):
            self.take(city, made, RIGHT)

    def test_only_the_enrolled_once_it_began_with_every_question_answered(self, city: City) -> None:
        made = course(city)
        with pytest.raises(Refusal, match="先报名"):
            self.take(city, made, RIGHT)
        enrolled(city, a_class(city, made), township(city))
        with pytest.raises(Refusal, match="开班以后"):
            self.take(city, made, RIGHT, now=at(4, 7))
        with pytest.raises(Refusal, match="没有选择"):
            self.take(city, made, {0: 1, 1: 0})
        without = course(city, title="没有测试", test=(), pass_mark=None)
        enrolled(city, a_class(city, without), township(city))
        with pytest.raises(Refusal, match="没有测试"):
            self.take(city, without, {})


class TestCredit:
    def ask(self, city: City, made: Course) -> Enrolment:
        return completion.ask_credit(
            course=made, office=office_of(district(city)), file=pdf(), actor=district(city), now=at(3, 9)
        )

    def decide(self, city: City, asked: Enrolment, **more: Any) -> Enrolment:
        given = {"enrolment": asked, "accepted": True, "reason": "", "actor": school(city), "now": at(3, 10)}
        return completion.decide_credit(**(given | more))

    def test_another_person_accepts_the_file_and_the_course_is_completed(self, city: City) -> None:
        made = self.decide(city, self.ask(city, course(city)))
        assert (made.completed_on, made.completed_by, made.accepted_by) == (
            dt.date(2026, 3, 10), "file", office_of(school(city)),
        )  # fmt: skip
        assert log_is_clean()

    def test_whoever_asked_does_not_accept_it_in_any_office(self, city: City) -> None:
        made = course(city, target=["unit_head"])
        asked = completion.ask_credit(
            course=made, office=office_of(school(city)), file=pdf(), actor=school(city), now=at(3, 9)
        )
        for actor in (school(city), district(city)):
            with pytest.raises(Refusal, match="另一人"):
                self.decide(city, asked, actor=actor)
        assert self.decide(city, asked, actor=city.coordinator).completed_on

    def test_refused_with_a_reason_it_can_be_asked_again(self, city: City) -> None:
        made = course(city)
        asked = self.ask(city, made)
        with pytest.raises(Refusal, match="写明理由"):
            self.decide(city, asked, accepted=False)
        self.decide(city, asked, accepted=False, reason="学时不足")
        with pytest.raises(Refusal, match="已经有人办过"):
            self.decide(city, asked)
        assert self.ask(city, made).pk != asked.pk

    def test_not_beside_a_class_nor_twice_nor_by_a_stranger(self, city: City) -> None:
        made = course(city)
        self.ask(city, made)
        with pytest.raises(Refusal, match="已经报名"):
            self.ask(city, made)
        with pytest.raises(Refusal, match="对象范围"):
            completion.ask_credit(
                course=made, office=office_of(leader(city)), file=pdf(), actor=leader(city), now=at(3, 9)
            )


class TestCoverage:
    def test_who_of_the_target_group_is_missing(self, city: City) -> None:
        made = course(city)
        wanted = set(queries.target_offices(made).values_list("unit__code", "seat"))
        assert wanted == {
            ("150602", "first_responsible"), ("150622", "first_responsible"), ("150602001", "first_responsible"),
            ("150622100", "first_responsible"), ("150602001", "commissioner"), ("150622100", "commissioner"),
            ("1506-MU-01", "first_responsible"), ("1506-MU-02", "first_responsible"),
        }  # fmt: skip
        enrolled(city, a_class(city, made), township(city), district(city))
        completion.take_test(
            course=made, office=office_of(township(city)), answers=RIGHT, actor=township(city), now=at(4, 8)
        )
        missing = {
            (each.unit.code, each.seat): each.enrolled
            for each in queries.missing_from(made, city.coordinator)
        }  # type: ignore[attr-defined]
        assert set(missing) == wanted - {("150602001", "commissioner")}
        assert {key for key, is_in in missing.items() if is_in} == {("150602", "first_responsible")}
        count = queries.coverage_of(made, city.coordinator)
        assert (count.wanted, count.completed, count.missing, count.percent) == (8, 1, 7, 12)

    def test_each_sees_its_own_part_the_school_the_whole_and_nobody_is_no_zero(self, city: City) -> None:
        made = course(city)
        assert queries.coverage_of(made, school(city)).wanted == 8
        assert queries.coverage_of(made, district(city)).wanted == 3
        assert queries.coverage_of(made, city.acting("150602001001", "liaison")).percent is None


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_one_of_two_that_ask_at_once(city: City) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("an SQLite database in memory has one writer anyway")
    made = a_class(city, course(city), capacity=1)
    people = [township(city), district(city)]

    def ask(number: int) -> str:
        try:
            classes.enrol(
                course_class=made, offices=[office_of(people[number])], actor=people[number], now=at(3, 5)
            )
        except Refusal as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "in"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(ask, (0, 1)))
    assert said.count("in") == 1
    assert Enrolment.objects.count() == 1
