from __future__ import annotations

import datetime as dt

from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn, at
from guantong.leadership.operations import meetings
from guantong.leadership.queries.load import load_of_townships
from guantong.leadership.queries.meetings import called_from_above, meetings_visible_to
from leadership.meeting_cast import asked, called, district, leader, planned, township


def other_township(city: City) -> object:
    return city.acting("150622100", "commissioner")


def loads(city: City, actor: object = None) -> dict[str, tuple[int, int, int, int]]:
    rows = load_of_townships(actor or city.coordinator, city.cycle)  # type: ignore[arg-type]
    return {each.unit.code: (each.meetings, each.minutes, each.untimed, each.people) for each in rows}


class TestLoad:
    def test_meetings_of_bodies_above_are_counted_with_their_minutes(self, city: City) -> None:
        head = city.acting("150602001", "first_responsible")
        called(city, township(city), head, leader(city))
        called(city, township(city), title="再部署", starts_at=None, ends_at=None)
        assert loads(city) == {"150602001": (2, 120, 1, 3), "150622100": (0, 0, 0, 0)}

    def test_its_own_meetings_drafts_and_cancelled_ones_are_not(self, city: City) -> None:
        own = asked(
            city, planned(city, unit="150602001", by=township(city)), township(city), by=township(city)
        )
        meetings.call_meeting(meeting=own, actor=township(city), now=at(3, 3))
        asked(city, planned(city, title="草稿"), township(city))
        gone = called(city, township(city), title="取消的")
        meetings.cancel_meeting(meeting=gone, reason="—", actor=city.coordinator, now=at(3, 4))
        assert loads(city)["150602001"] == (0, 0, 0, 0)

    def test_a_meeting_of_the_district_comes_from_above_and_villages_count_for_their_township(
        self, city: City
    ) -> None:
        village = city.acting("150602001001", "liaison")
        by = district(city)
        meeting = asked(city, planned(city, unit="150602", by=by), village, by=by)
        meetings.call_meeting(meeting=meeting, actor=by, now=at(3, 3))
        assert loads(city)["150602001"] == (1, 120, 0, 1)

    def test_a_district_sees_its_own_townships_alone(self, city: City) -> None:
        called(city, township(city))
        assert set(loads(city, district(city))) == {"150602001"}

    def test_the_figure_opens_to_the_meetings_it_counts(self, city: City, as_: SignIn) -> None:
        counted = called(city, township(city))
        called(city, leader(city), title="别人的")
        unit = city.units["150602001"]
        assert set(called_from_above(meetings_visible_to(city.coordinator), unit)) == {counted}
        page = as_(city.coordinator).get("/meetings/load/").content.decode()
        assert f"/meetings/?called={unit.pk}" in page
        opened = as_(city.coordinator).get(f"/meetings/?called={unit.pk}").content.decode()
        assert counted.title in opened
        assert "别人的" not in opened

    def test_the_number_of_queries_does_not_grow_with_the_meetings(
        self, city: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(5):
            called(city, township(city), title=f"会议{number}", day=dt.date(2026, 3, 10 + number))
        client = as_(city.coordinator)
        for address, most in (("/meetings/load/", 13), ("/meetings/", 15)):
            with django_assert_max_num_queries(most):
                assert client.get(address).status_code == 200
        assert other_township(city)
