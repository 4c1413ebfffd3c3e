from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn
from guantong.kernel import clock
from guantong.leadership.models import Course, CourseClass, Enrolment
from leadership.meeting_cast import district, leader, office_of, township
from leadership.study_cast import SCHOOL, TEST, course, pdf, school

TODAY = clock.today()
NOW = timezone.make_aware(dt.datetime.combine(TODAY, dt.time(0, 1)))
GIVEN: dict[str, Any] = {
    "title": "政策法规", "hours": "3", "compulsory": ["policy"], "target": ["commissioner"], "test": TEST, "pass_mark": 2,
}  # fmt: skip


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def of_today(city: City, **changes: Any) -> CourseClass:
    """A class under way: written straight down, so that it does not matter whether today is a working day."""
    made = course(city, **changes)
    found = CourseClass.objects.create(course=made, name="第一期", starts_on=TODAY, ends_on=TODAY, capacity=5)
    found.sittings.create(day=TODAY, half=1, hours=12)
    return found


class TestTheWholeOfACourse:
    def test_set_up_opened_enrolled_and_completed_by_hours(self, city: City, as_: SignIn) -> None:
        keeper = as_(school(city))
        given = GIVEN | {"school": city.units[SCHOOL].pk}
        assert keeper.post("/courses/new/", given | {"test": "问\n甲\n乙"}).status_code == 422
        assert keeper.post("/courses/new/", given).status_code == 302
        made = Course.objects.get()
        page = text(keeper, "/courses/")
        assert "缺理论" in page
        assert "缺法律法规" in page
        assert "缺政策" not in page
        opened = {"name": "第一期", "starts_on": "2026-12-01", "ends_on": "2026-12-01", "capacity": 5}
        assert keeper.post(f"/courses/{made.pk}/classes/", opened | {"capacity": 0}).status_code == 422
        assert keeper.post(f"/courses/{made.pk}/classes/", opened).status_code == 302
        found = CourseClass.objects.get()
        assert f'value="{office_of(township(city)).pk}"' in text(keeper, f"/classes/{found.pk}/")
        assert keeper.post(
            f"/classes/{found.pk}/enrolments/", {"offices": [office_of(township(city)).pk]}
        ).status_code == 302  # fmt: skip
        CourseClass.objects.filter(pk=found.pk).update(starts_on=TODAY, ends_on=TODAY)
        row = Enrolment.objects.get()
        assert keeper.post(f"/classes/{found.pk}/hours/", {f"hours-{row.pk}": "多"}).status_code == 422
        assert keeper.post(f"/classes/{found.pk}/hours/", {f"hours-{row.pk}": "3"}).status_code == 302
        assert keeper.post(f"/classes/{found.pk}/ending/").status_code == 302
        assert keeper.post(f"/classes/{found.pk}/ending/").status_code == 422
        row.refresh_from_db()
        assert row.completed_by == "attendance"

    def test_an_office_enrols_itself_takes_the_test_and_is_not_told_which_were_right(
        self, city: City, as_: SignIn
    ) -> None:
        found, client = of_today(city), as_(township(city))
        at_class, at_test = f"/classes/{found.pk}/", f"/courses/{found.course_id}/test/"
        assert "为我的岗位报名" in text(client, at_class)
        assert (
            client.post(f"{at_class}enrolments/", {"offices": [office_of(district(city)).pk]}).status_code
            == 302
        )
        assert set(Enrolment.objects.values_list("office", flat=True)) == {office_of(township(city)).pk}
        page = text(client, at_test)
        assert "第一责任人" in page
        assert "*" not in page.split("<main")[1].split("</main>")[0]
        assert Enrolment.objects.get().completed_on is None  # opening it completes nothing
        wrong = {"answer-0": 0, "answer-1": 1, "answer-2": 0}
        assert client.post(at_test, {"answer-0": 1}).status_code == 422
        client.post(at_test, wrong)
        assert "还可以测试 2 次" in text(client, f"/courses/{found.course_id}/")
        client.post(at_test, {"answer-0": 1, "answer-1": 0, "answer-2": 0})
        assert Enrolment.objects.get().completed_by == "test"
        assert client.post(at_test, wrong).status_code == 422

    def test_credit_is_asked_by_file_and_decided_by_the_school(self, city: City, as_: SignIn) -> None:
        made = course(city)
        client, keeper = as_(district(city)), as_(school(city))
        name, file = pdf()
        file.name = name  # type: ignore[misc]
        assert client.post(f"/courses/{made.pk}/credit/", {"file": file}).status_code == 302
        asked = Enrolment.objects.get()
        assert "待认定" in text(keeper, f"/courses/{made.pk}/")
        assert "待认定的外部培训" in text(keeper, "/courses/")
        assert keeper.get(f"/enrolments/{asked.pk}/file/").status_code == 200
        assert as_(district(city, "150622")).get(f"/enrolments/{asked.pk}/file/").status_code == 422
        assert client.post(f"/enrolments/{asked.pk}/decision/", {"accepted": "yes"}).status_code == 422
        assert keeper.post(f"/enrolments/{asked.pk}/decision/", {"accepted": "no"}).status_code == 422
        assert keeper.post(f"/enrolments/{asked.pk}/decision/", {"accepted": "yes"}).status_code == 302
        asked.refresh_from_db()
        assert asked.completed_by == "file"

    def test_leaving_and_closing(self, city: City, as_: SignIn) -> None:
        found = of_today(city)
        client, keeper = as_(township(city)), as_(school(city))
        client.post(f"/classes/{found.pk}/enrolments/")
        row = Enrolment.objects.get()
        assert (
            as_(district(city)).post(f"/enrolments/{row.pk}/cancelling/", {"reason": "—"}).status_code == 422
        )
        assert client.post(f"/enrolments/{row.pk}/cancelling/", {"reason": "出差"}).status_code == 302
        assert "政策法规" in text(keeper, f"/courses/{found.course_id}/change/")
        assert client.get(f"/courses/{found.course_id}/change/").status_code == 422
        changed = GIVEN | {"title": "政策法规（修订）"}
        assert keeper.post(f"/courses/{found.course_id}/change/", changed).status_code == 302
        assert keeper.post(f"/courses/{found.course_id}/closing/").status_code == 302
        assert keeper.post(f"/courses/{found.course_id}/closing/").status_code == 422
        assert "已停开" in text(client, "/courses/")


class TestCoverage:
    def test_who_is_missing_is_listed_within_sight(
        self, city: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        made = course(city)
        client = as_(district(city))
        with django_assert_max_num_queries(14):
            page = text(client, f"/courses/{made.pk}/coverage/")
        assert "交通街道" in page
        assert "薛家湾" not in page
        with django_assert_max_num_queries(16):
            text(client, "/courses/")


class TestSight:
    def test_readers_and_wrong_verbs(self, city: City, as_: SignIn) -> None:
        found = of_today(city)
        reader = as_(city.acting("150602001001", "liaison"))
        for address in (f"/courses/{found.course_id}/closing/", f"/courses/{found.course_id}/classes/",
                        f"/classes/{found.pk}/hours/", f"/classes/{found.pk}/ending/"):  # fmt: skip
            assert reader.post(address).status_code == 403, address
            assert as_(township(city)).post(address, {"name": "—"}).status_code == 422, address
            assert as_(school(city)).get(address).status_code == 405, address
        assert reader.get(f"/classes/{found.pk}/").status_code == 200
        assert "为我的岗位报名" not in text(as_(leader(city)), f"/classes/{found.pk}/")

    def test_an_administrator_and_a_course_that_there_is_not(self, city: City, as_: SignIn) -> None:
        made = course(city)
        assert as_(city.acting("1506-LGO", "system_admin")).get(f"/courses/{made.pk}/").status_code == 403
        assert as_(leader(city)).get(f"/courses/{made.pk + 1}/").status_code == 404
