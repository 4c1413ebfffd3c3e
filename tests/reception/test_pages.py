from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.calendars.queries import calendar_for
from guantong.cases.applicant import Applicant
from guantong.cases.models import Case
from guantong.kernel import clock
from guantong.reception.models import Booking, ReceptionDay, Slot
from guantong.reception.operations.appointments import ask_appointment
from guantong.reception.operations.bookings import book_slot
from guantong.reception.operations.days import publish_days
from reception.cast import leader, said

TODAY = clock.today()


def coming(city: City, *, number: int = 1, published: bool = True, ahead: int = 20) -> ReceptionDay:
    """A day to come, by the clock that pages go by."""
    day = calendar_for(TODAY.year, None).add_workdays(TODAY, ahead)
    made = ReceptionDay.objects.create(
        cycle=city.cycle, rule="R01", host=city.office("1506-LG", "leader", number), day=day, planned_on=day,
        starts_at=dt.time(9), ends_at=dt.time(11, 30), place="一楼接待室", place_en="Ground floor", portfolio="供暖",
    )  # fmt: skip
    if published:
        publish_days(days=[made], actor=city.coordinator, now=clock.now())
    return made


def slots(day: ReceptionDay) -> list[Slot]:
    return list(Slot.objects.filter(day=day).order_by("starts_at"))


def form(**more: str) -> dict[str, str]:
    given = {
        "kind": "difficulty", "wording": "供暖温度不够。", "name": "李女士", "contact": "13800001111", "consent": "on",
        "submission_key": "k1",
    }  # fmt: skip
    return given | more


def text(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def booked(day: ReceptionDay, number: int = 0) -> tuple[Booking, str]:
    return book_slot(slot=slots(day)[number], said=said(), actor=Applicant(), now=clock.now())


class TestSchedule:
    def test_anybody_sees_who_when_where_and_what_is_left(self, city: City) -> None:
        day = coming(city)
        coming(city, number=2, published=False)
        booked(day)
        page = text(Client().get("/reception/"))
        assert "领导干部（一）" in page
        assert "领导干部（二）" not in page
        assert all(word in page for word in ("供暖", "一楼接待室", "09:00 余 1 个", "09:30 余 2 个"))

    def test_in_english_too(self, city: City) -> None:
        coming(city)
        page = text(Client(headers={"accept-language": "en"}).get("/reception/"))
        assert "Ground floor" in page
        assert not re.search("[一-鿿]", re.sub("市委工作领导小组|供暖|中文", "", page))

    def test_a_cancelled_day_stays_marked_and_a_wrong_month_is_the_first(self, city: City) -> None:
        day = coming(city)
        ReceptionDay.objects.filter(pk=day.pk).update(cancelled_at=clock.now(), reason="全市会议")
        page = text(Client().get("/reception/?month=x"))
        assert "取消原因：全市会议" in page
        assert "余 2 个" not in page

    def test_no_more_queries_for_more_days(
        self, city: City, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in (1, 2, 3):
            coming(city, number=number)
        with django_assert_max_num_queries(8):
            Client().get("/reception/")

    def test_no_cookie_but_those_of_session_language_and_forms(self, city: City) -> None:
        client, day = Client(), coming(city)
        for path in ("/reception/", f"/reception/slots/{slots(day)[0].pk}/booking/"):
            client.get(path)
        assert set(client.cookies) <= {"csrftoken", "csrf", "sessionid", "session"}


class TestBookingForm:
    def test_a_place_and_the_code_once(self, city: City) -> None:
        path = f"/reception/slots/{slots(coming(city))[0].pk}/booking/"
        client = Client()
        assert client.get(path).status_code == 200
        answer = client.post(path, form())
        assert "已经约上" in text(answer)
        code = re.search(r'slip__code"><span class="nowrap">([^<]+)', answer.content.decode())
        assert code is not None
        assert "no-store" in answer["Cache-Control"]
        again = client.post(path, form())
        assert "没有重复登记" in text(again)
        assert code[1] not in again.content.decode()
        assert Booking.objects.count() == 1
        tracked = client.post(reverse("track"), {"code": code[1]})
        assert all(word in text(tracked) for word in ("见面", "已约定", "一楼接待室"))
        assert verify_log().faults == []

    def test_a_full_slot_is_a_waiting_list_and_says_so_first(self, city: City) -> None:
        day = coming(city)
        booked(day), booked(day)
        path = f"/reception/slots/{slots(day)[0].pk}/booking/"
        assert "24 小时内确认" in text(Client().get(path))
        assert "已进入候补" in text(Client().post(path, form()))

    @pytest.mark.parametrize("missing", ["wording", "name", "contact", "consent"])
    def test_nothing_typed_is_lost_when_something_is_missing(self, city: City, missing: str) -> None:
        path = f"/reception/slots/{slots(coming(city))[0].pk}/booking/"
        answer = Client().post(path, form(**{missing: ""}))
        assert answer.status_code == 422
        left = [value for key, value in form().items() if key in {"wording", "name", "contact"} - {missing}]
        assert all(value in answer.content.decode() for value in left)
        assert not Case.objects.exists()

    def test_only_coming_public_slots(self, city: City) -> None:
        day = coming(city)
        pk = slots(day)[0].pk
        ReceptionDay.objects.filter(pk=day.pk).update(day=TODAY)
        assert Client().get(f"/reception/slots/{pk}/booking/").status_code == 404
        assert Client().post(f"/reception/slots/{pk}/booking/", form()).status_code == 404

    def test_a_complaint_is_kept_from_the_unit_complained_of(self, city: City) -> None:
        path = f"/reception/slots/{slots(coming(city))[0].pk}/booking/"
        unit = city.units["1506-MU-01"]
        Client().post(path, form(kind="complaint", against=str(unit.pk)))
        assert Case.objects.get().against == unit

    def test_the_desk_books_for_whoever_calls(self, city: City, as_: SignIn) -> None:
        path = f"/reception/slots/{slots(coming(city))[0].pk}/booking/"
        as_(city.coordinator).post(path, form(channel="phone"))
        case = Case.objects.get()
        assert (case.channel, case.registered_by) == ("phone", city.coordinator.office)

    def test_an_appointment_at_any_time(self, city: City) -> None:
        host = city.office("1506-LG", "leader", 2)
        answer = Client().post("/reception/appointments/new/", form(host=str(host.pk)))
        assert "已收到约见申请" in text(answer)
        assert Booking.objects.get().host == host
        wrong = city.office("1506-MU-01", "unit_head")
        answer = Client().post("/reception/appointments/new/", form(host=str(wrong.pk), submission_key="k2"))
        assert answer.status_code == 422


class TestByCode:
    def test_change_and_cancel(self, city: City) -> None:
        day = coming(city)
        booking, code = booked(day)
        target = slots(day)[2]
        answer = Client().post(reverse("my-change"), {"code": code, "slot": target.pk})
        assert "已经约上" in text(answer)
        booking.refresh_from_db()
        assert booking.slot == target
        for _time in range(2):
            answer = Client().post(reverse("my-cancellation"), {"code": code})
            assert "预约已取消" in text(answer)
        booking.refresh_from_db()
        assert booking.stage == "cancelled"
        answer = Client().post(reverse("my-change"), {"code": code, "slot": target.pk})
        assert "已经约上" in text(answer)
        assert Booking.objects.filter(case=booking.case).count() == 2

    @pytest.mark.parametrize("name", ["my-confirmation", "my-cancellation", "my-other-time", "my-change"])
    def test_a_wrong_code_is_answered_like_any_other(self, city: City, name: str) -> None:
        booking, _code = booked(coming(city))
        for wrong in ("", "AAAA-AAAA-AAA", "0000000001P"):
            assert Client().post(reverse(name), {"code": wrong}).status_code == 404
        booking.refresh_from_db()
        assert booking.stage == "booked"

    def test_what_cannot_be_done_is_said_on_the_page(self, city: City) -> None:
        _booking, code = booked(coming(city))
        answer = Client().post(reverse("my-confirmation"), {"code": code})
        assert answer.status_code == 200  # it is booked: confirming again is harmless
        answer = Client().post(reverse("my-other-time"), {"code": code})
        assert answer.status_code == 422
        assert "不能请求再约时间" in text(answer)


class TestTheOrder:
    def test_numbers_and_nothing_else(self, city: City) -> None:
        day = coming(city)
        people = [booked(day)[0] for _each in range(4)]
        page = text(Client().get(f"/reception/slots/{slots(day)[0].pk}/order/"))
        assert all(str(each) in page for each in people[2:])
        assert not any(str(each) in page for each in people[:2])
        assert "来访人" not in page
        since = f"{TODAY:%Y-%m-%d}"
        file = Client().get(f"/reception/slots/{slots(day)[0].pk}/order.csv?since={since}")
        assert file.content.decode().split() == ["id", *(str(each.pk) for each in people[2:])]

    def test_not_of_a_draft(self, city: City) -> None:
        day = coming(city, published=False)
        slot = Slot.objects.create(day=day, starts_at=dt.time(9), ends_at=dt.time(10))
        assert Client().get(f"/reception/slots/{slot.pk}/order/").status_code == 404


class TestTheOffice:
    def test_the_calendar_holds_all_three_kinds_and_nobody_s_name(self, city: City, as_: SignIn) -> None:
        day = coming(city)
        booking, _code = booked(day)
        page = text(as_(leader(city, 2)).get(f"/reception/days/?month={day.day:%Y-%m}"))
        assert "已约 1 / 10" in page
        assert str(booking.case.name) not in page

    def test_who_comes_is_for_whoever_receives_or_runs(self, city: City, as_: SignIn) -> None:
        day = coming(city)
        booking, _code = booked(day)
        for actor, sees in ((leader(city), True), (city.coordinator, True), (leader(city, 2), False)):
            assert (str(booking.case.name) in text(as_(actor).get(f"/reception/days/{day.pk}/"))) is sees
            answer = as_(actor).get(f"/reception/days/{day.pk}/list/")
            assert (answer.status_code == 200) is sees
            assert (str(booking.case.contact) in text(answer)) is sees
            assert (as_(actor).get(f"/reception/bookings/{booking.pk}/").status_code == 200) is sees
        assert as_(city.head).get(f"/reception/days/{day.pk}/").status_code == 403

    def test_lay_out_and_publish(self, city: City, as_: SignIn) -> None:
        client = as_(city.coordinator)
        assert client.get("/reception/days/new/").status_code == 200
        given = {"unit": city.units["1506-LG"].pk, "span": "year", "place": "一楼"}
        assert client.post("/reception/days/new/", given | {"place": ""}).status_code == 422
        made = client.post("/reception/days/new/", given)
        assert made.status_code == 302
        day = coming(city, number=3, published=False, ahead=40)
        client.post("/reception/days/publication/", {"days": [day.pk]})
        day.refresh_from_db()
        assert day.published_at is not None
        assert client.post("/reception/days/publication/", {}).status_code == 422

    def act(self, client: Client, name: str, pk: int, **given: Any) -> int:
        return client.post(reverse(name, args=[pk]), given).status_code

    def test_a_day_is_moved_and_cancelled_with_a_reason(self, city: City, as_: SignIn) -> None:
        client, day = as_(city.coordinator), coming(city)
        booking, _code = booked(day)
        assert self.act(client, "day-move", day.pk, to="x", reason="会议") == 422
        to = calendar_for(TODAY.year, None).add_workdays(day.day, 1)
        if to.year == city.cycle.year:
            assert self.act(client, "day-move", day.pk, to=to.isoformat(), reason="会议") == 302
        assert self.act(client, "day-cancellation", day.pk, reason="") == 422
        assert self.act(client, "day-cancellation", day.pk, reason="会议") == 302
        booking.refresh_from_db()
        assert booking.stage == "asked"

    def test_an_appointment_is_answered(self, city: City, as_: SignIn) -> None:
        booking, _code = ask_appointment(
            cycle=city.cycle,
            host=leader(city).office,
            said=said(),
            actor=Applicant(),
            now=clock.now(),  # type: ignore[arg-type]
        )
        client = as_(leader(city))
        assert "1 件约访还没有答复" in text(client.get("/reception/days/"))
        assert "待答复" in text(client.get("/reception/bookings/?stage=asked"))
        on = calendar_for(TODAY.year, None).add_workdays(TODAY, 1).isoformat()
        given = {"day": on, "time": "15:00", "place": "会客室"}
        assert self.act(client, "booking-acceptance", booking.pk, **given | {"place": ""}) == 422
        assert self.act(client, "booking-acceptance", booking.pk, **given) == 302
        assert self.act(client, "booking-acceptance", booking.pk, **given) == 422
        booking.refresh_from_db()
        assert booking.stage == "booked"
        assert self.act(as_(leader(city, 2)), "booking-cancellation", booking.pk) == 404

    def test_checked_in_and_written_down(self, city: City, as_: SignIn) -> None:
        day = coming(city)
        booking, _code = booked(day)
        ReceptionDay.objects.filter(pk=day.pk).update(day=TODAY)
        Booking.objects.update(meet_on=TODAY)
        client = as_(leader(city))
        assert self.act(client, "booking-check-in", booking.pk, came="yes") == 302
        assert self.act(client, "day-record", day.pk, note="") == 302
        assert self.act(client, "day-record", day.pk, note="") == 302
        day.refresh_from_db()
        assert day.record is not None
        assert day.record.participations.get().office == leader(city).office
        assert AuditEntry.objects.filter(verb="reception.day_held").count() == 1

    def test_a_walk_in_gets_the_code(self, city: City, as_: SignIn) -> None:
        client = as_(leader(city))
        assert client.get("/reception/walk-ins/new/").status_code == 200
        given = form(host=str(leader(city).office_ref), on=TODAY.isoformat())
        answer = client.post("/reception/walk-ins/new/", given)
        assert "slip__code" in answer.content.decode()
        assert "没有重复登记" in text(client.post("/reception/walk-ins/new/", given))
        assert Booking.objects.get().kind == "walk_in"

    def test_no_more_queries_for_more_rows(
        self, city: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        days = [coming(city, number=number) for number in (1, 2, 3)]
        for day in days:
            booked(day), booked(day, 1)
        client = as_(city.coordinator)
        client.get("/reception/days/")
        for path, most in (
            (f"/reception/days/?month={days[0].day:%Y-%m}", 22),
            ("/reception/bookings/", 22),
            (f"/reception/days/{days[0].pk}/", 24),
        ):
            with django_assert_max_num_queries(most):
                assert client.get(path).status_code == 200
