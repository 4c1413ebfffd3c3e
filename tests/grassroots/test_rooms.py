"""Rooms of homes: nobody has one twice, a neighbour finds the idle ones, use is counted from what was booked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn, at
from grassroots.home_cast import (
    MONDAY,
    NOW,
    TODAY,
    another_home,
    keeper_of,
    planned,
    recorded,
    registered,
    room_of,
)
from guantong.accounts.acting import Acting
from guantong.audit.verification import verify_log
from guantong.grassroots.models import Room, RoomBooking
from guantong.grassroots.operations.homes import change_home
from guantong.grassroots.operations.rooms import book_room, cancel_booking, close_room, open_room
from guantong.grassroots.queries.rooms import bookings_on, free_spans, idle_rooms
from guantong.grassroots.queries.use import use_of
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def book(room: Room, acting: Acting, **changed: Any) -> RoomBooking:
    given: dict[str, Any] = {
        "day": MONDAY, "starts_at": dt.time(9), "ends_at": dt.time(11), "purpose": "议事会",
        "booked_by": acting.office, "actor": acting, "now": NOW, "room": room,
    } | changed  # fmt: skip
    return book_room(**given)


class TestBook:
    def test_the_keeper_books_and_the_same_form_twice_is_one(self, city: City) -> None:
        room, keeper = room_of(registered(city)), keeper_of(city)
        assert book(room, keeper) == book(room, keeper)
        assert RoomBooking.objects.count() == 1
        assert verify_log().faults == []

    @pytest.mark.parametrize(
        ("start", "end", "is_free"),
        [
            (9, 11, False),
            (8.5, 9, True),
            (8.5, 9.5, False),
            (10, 11.5, False),
            (11, 11.5, True),
            (9.5, 10, False),
        ],
    )
    def test_no_two_overlap(self, city: City, start: float, end: float, is_free: bool) -> None:
        room, keeper = room_of(registered(city)), keeper_of(city)
        book(room, keeper)
        span = {"starts_at": time_of(start), "ends_at": time_of(end)}
        if is_free:
            book(room, keeper, purpose="另一场", **span)
        else:
            with pytest.raises(Refusal, match="09:00—11:00 已有人预订"):
                book(room, keeper, purpose="另一场", **span)

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"purpose": " "}, "用途"),
            ({"day": TODAY - dt.timedelta(days=1)}, "今天起"),
            ({"day": TODAY + dt.timedelta(days=200)}, "今天起"),
            ({"ends_at": dt.time(9)}, "晚于"),
            ({"ends_at": dt.time(12)}, "开放"),
            ({"day": dt.date(2026, 4, 12)}, "开放"),
        ],
    )
    def test_what_cannot_be_is_refused(self, city: City, changed: dict[str, Any], why: str) -> None:
        with pytest.raises(Refusal, match=why):
            book(room_of(registered(city)), keeper_of(city), **changed)
        assert RoomBooking.objects.count() == 0

    def test_a_neighbour_books_an_idle_room_another_banner_does_not(self, city: City) -> None:
        room = room_of(registered(city))
        assert book(room, city.acting("150602001002", "liaison")).pk
        with pytest.raises(Refusal, match="本旗区"):
            book(room, city.acting("150622100", "commissioner"), starts_at=dt.time(15), ends_at=dt.time(16))

    def test_a_neighbour_does_not_book_in_another_offices_name(self, city: City) -> None:
        room, liaison = room_of(registered(city)), city.acting("150602001002", "liaison")
        with pytest.raises(Refusal, match="本旗区"):
            book(room, liaison, booked_by=keeper_of(city).office)

    def test_cancelling_frees_it_and_twice_changes_nothing(self, city: City) -> None:
        room, keeper = room_of(registered(city)), keeper_of(city)
        liaison = city.acting("150602001002", "liaison")
        made = book(room, liaison)
        with pytest.raises(Refusal, match="由预订的岗位"):
            cancel_booking(booking=made, actor=city.acting("150602001001", "liaison"), now=NOW)
        cancel_booking(booking=made, actor=liaison, now=NOW)
        assert cancel_booking(booking=made, actor=keeper, now=at(4, 11)).cancelled_at == NOW
        assert book(room, keeper).pk != made.pk
        assert verify_log().faults == []

    def test_an_activitys_room_is_freed_with_the_activity_alone(self, city: City) -> None:
        home = registered(city)
        made = planned(city, home, room=room_of(home), starts_at=dt.time(9), ends_at=dt.time(11))
        assert made.booking is not None
        with pytest.raises(Refusal, match="取消活动"):
            cancel_booking(booking=made.booking, actor=keeper_of(city), now=NOW)

    def test_a_booked_room_is_not_closed(self, city: City) -> None:
        room, keeper = room_of(registered(city)), keeper_of(city)
        made = book(room, keeper)
        with pytest.raises(Refusal, match="1 个预订"):
            close_room(room=room, actor=keeper, now=NOW)
        cancel_booking(booking=made, actor=keeper, now=NOW)
        close_room(room=room, actor=keeper, now=NOW)
        with pytest.raises(Refusal, match="停用"):
            book(room, keeper)
        assert open_room(home=room.home, name=room.name, places=5, actor=keeper, now=NOW).pk != room.pk


class TestIdle:
    def test_a_neighbour_finds_what_is_free_and_big_enough_nearest_first(
        self, city: City, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        street = registered(city)
        taken, small, hall = room_of(street, "甲"), room_of(street, "乙", 6), room_of(street, "丙", 50)
        village = room_of(another_home(city, "150602001002", "150602001002-H1", "民族之家"))
        district = room_of(another_home(city, "150602", "150602-H1", "东胜之家"), places=80)
        room_of(another_home(city, "150622100", "150622100-H1", "薛家湾之家"), places=80)
        book(taken, keeper_of(city))
        liaison = city.acting("150602001002", "liaison")
        span = (dt.time(10), dt.time(11))
        with django_assert_max_num_queries(5):
            assert idle_rooms(liaison, day=MONDAY, span=span) == [village, hall, small, district]
        assert idle_rooms(liaison, day=MONDAY, span=span, places=30) == [hall, district]
        assert idle_rooms(liaison, day=MONDAY, span=(dt.time(11), dt.time(13))) == []
        assert idle_rooms(liaison, day=dt.date(2026, 4, 12), span=span) == []

    def test_what_is_left_of_a_day(self, city: City) -> None:
        room, keeper = room_of(registered(city)), keeper_of(city)
        book(room, keeper)
        assert free_spans(room, MONDAY, list(bookings_on(room, MONDAY))) == [
            (dt.time(8, 30), dt.time(9)), (dt.time(11), dt.time(11, 30)), (dt.time(14, 30), dt.time(17, 30)),
        ]  # fmt: skip


class TestUse:
    def test_booked_hours_of_open_hours_and_people_of_places(
        self, city: City, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        home = registered(city)
        room, keeper = room_of(home), keeper_of(city)
        book(room, keeper)
        cancel_booking(
            booking=book(room, keeper, starts_at=dt.time(15), ends_at=dt.time(16)), actor=keeper, now=NOW
        )
        recorded(city, home, title="不知座位数", signed_in=99)
        seated = recorded(city, home, title="有名额", signed_in=15)
        seated.capacity = 20
        seated.save()
        with django_assert_max_num_queries(4):
            use = use_of(home, since=dt.date(2026, 4, 6), until=MONDAY)
        assert (use.open_minutes, use.booked_minutes) == (6 * 360, 120)  # six working days of six hours
        assert use.room_rate == 6
        assert (use.people, use.places, use.place_rate, use.n_held) == (15, 20, 75, 2)

    def test_days_that_are_over_are_measured_by_the_hours_they_had(self, city: City) -> None:
        home = registered(city)
        room_of(home)
        keeper = keeper_of(city)
        before = use_of(home, since=dt.date(2026, 3, 2), until=dt.date(2026, 4, 9)).open_minutes
        for to in ("11:00", "12:00"):  # twice on one day: the first was nobody's
            change_home(home=home, actor=keeper, now=NOW, hours=[{"day": 5, "from": "10:00", "to": to}])
        home.refresh_from_db()
        after = use_of(home, since=dt.date(2026, 3, 2), until=dt.date(2026, 4, 9))
        assert before == after.open_minutes > 0
        assert use_of(home, since=TODAY, until=TODAY).open_minutes == 120
        assert home.past_hours.count() == 1
        assert verify_log().faults == []

    def test_a_booking_outside_todays_hours_counts_for_what_is_inside(self, city: City) -> None:
        home, keeper = registered(city), keeper_of(city)
        book(room_of(home), keeper)
        change_home(home=home, actor=keeper, now=NOW, hours=[{"day": 1, "from": "10:00", "to": "12:00"}])
        home.refresh_from_db()
        use = use_of(home, since=MONDAY, until=MONDAY)
        assert (use.booked_minutes, use.open_minutes, use.room_rate) == (60, 120, 50)

    def test_nothing_to_divide_by_is_not_nought(self, city: City) -> None:
        use = use_of(registered(city), since=TODAY, until=TODAY)
        assert (use.room_rate, use.place_rate) == (None, None)

    def test_not_before_the_home_was_registered(self, city: City) -> None:
        home = registered(city)
        room_of(home)
        assert use_of(home, since=dt.date(2025, 1, 1), until=dt.date(2026, 1, 6)).open_minutes == 360


class TestPages:
    def test_a_neighbour_searches_books_and_frees(self, city: City, as_: SignIn) -> None:
        room = room_of(registered(city))
        client = as_(city.acting("150602001002", "liaison"))
        assert client.get(reverse("idle-rooms")).status_code == 200
        asked = {"day": "2026-04-13", "starts_at": "09:00", "ends_at": "11:00"}
        page = client.get(reverse("idle-rooms"), asked)
        assert [row["room"] for row in page.context["rows"]] == [room]
        address = page.context["rows"][0]["url"]
        assert 'value="2026-04-13"' in client.get(address).content.decode()
        for _each in range(2):
            assert client.post(address, asked | {"purpose": "议事会"}).status_code == 302
        made = RoomBooking.objects.get()
        assert client.post(address, asked | {"purpose": "别的"}).status_code == 422
        assert [row["room"] for row in client.get(reverse("idle-rooms"), asked).context["rows"]] == []
        freeing = reverse("room-freeing", args=[made.pk])
        assert client.get(freeing).status_code == 405
        assert as_(city.acting("150622100", "commissioner")).post(freeing).status_code == 404
        assert client.post(freeing).status_code == 302
        made.refresh_from_db()
        assert made.cancelled_at is not None

    def test_hours_the_wrong_way_round_are_said(self, city: City, as_: SignIn) -> None:
        client = as_(city.acting("150602001002", "liaison"))
        asked = {"day": "2026-04-13", "starts_at": "11:00", "ends_at": "09:00"}
        page = client.get(reverse("idle-rooms"), asked)
        assert page.status_code == 422
        assert "结束时间须晚于开始时间" in page.content.decode()

    def test_another_banner_does_not_find_the_room(self, city: City, as_: SignIn) -> None:
        room = room_of(registered(city))
        client = as_(city.acting("150622100", "commissioner"))
        assert client.get(reverse("room-booking", args=[room.pk])).status_code == 404

    def test_the_keeper_opens_and_closes_rooms(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        client = as_(keeper_of(city))
        for _each in range(2):
            client.post(reverse("home-rooms", args=[home.pk]), {"name": "大厅", "places": "40"})
        room = Room.objects.get()
        assert client.post(reverse("room-closing", args=[room.pk])).status_code == 302
        room.refresh_from_db()
        assert room.closed_on == TODAY
        neighbour = as_(city.acting("150602001002", "liaison"))
        assert neighbour.get(reverse("home-rooms", args=[home.pk])).status_code == 404
        assert neighbour.post(reverse("room-closing", args=[room.pk])).status_code == 404

    def test_the_page_of_use_opens_its_figure(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        book(room_of(home), keeper_of(city), day=TODAY, starts_at=dt.time(15), ends_at=dt.time(16, 30))
        page = as_(keeper_of(city)).get(reverse("home-use", args=[home.pk]) + "?days=30").content.decode()
        assert "已订 1.5 小时" in page
        assert "议事会" in page
        neighbour = as_(city.acting("150602001002", "liaison"))
        assert neighbour.get(reverse("home-use", args=[home.pk])).status_code == 404


def time_of(hour: float) -> dt.time:
    return dt.time(int(hour), int(hour % 1 * 60))
