"""Programs read meetings, campaigns, rooms and partner organisations as the pages show them: counted, never by person."""

from __future__ import annotations

import datetime as dt

import pytest

from api.calling import Caller, done, problem_of, refused
from api.moving_time import GoTo, going
from conftest import CONSOLE, City, at
from grassroots.home_cast import HOME_CODE, keeper_of, registered, room_of
from guantong.accounts.acting import Acting
from guantong.grassroots.models import RoomBooking
from guantong.grassroots.operations.campaigns import launch_campaign
from guantong.grassroots.operations.homes import register_home
from guantong.leadership.operations.decided import make_task
from guantong.leadership.operations.minutes import add_line
from guantong.organisation.operations import open_unit
from guantong.partners.operations import agree, ask_consent
from guantong.partners.operations.register import register_organisation
from leadership.meeting_cast import district, held, leader, planned


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> GoTo:
    return going(monkeypatch)


def of(acting: Acting) -> Caller:
    return Caller.acting(acting, days=300)


class TestMeetings:
    def test_a_meeting_says_what_was_decided_and_who_came_by_number(self, city: City, go: GoTo) -> None:
        meeting = held(city, leader(city), district(city))
        go(3, 11)
        line = add_line(
            meeting=meeting, kind="decision", wording="三月底前建成清欠台账", actor=city.coordinator, now=at(3, 11)
        )  # fmt: skip
        task = make_task(
            line=line, lead=city.units["150602"], cooperating=[], due_on=dt.date(2026, 6, 30), actor=city.coordinator,
            now=at(3, 11),
        )  # fmt: skip
        told = of(city.coordinator).read(f"meetings/{meeting.pk}/")
        assert (told["stage"], told["day"], told["starts_at"]) == ("held", "2026-03-10", "09:00")
        assert (told["asked"], told["present"], told["record"]) == (2, 2, meeting.record_id)
        assert [(each["wording"], each["task"]) for each in told["lines"]] == [
            ("三月底前建成清欠台账", task.pk)
        ]
        assert not {"invitations", "people", "attendance"} & set(told)

    def test_what_a_line_became_is_named_to_whoever_may_open_it(self, city: City, go: GoTo) -> None:
        meeting = held(city, leader(city), district(city))
        line = add_line(
            meeting=meeting, kind="decision", wording="建台账", actor=city.coordinator, now=at(3, 11)
        )
        make_task(
            line=line, lead=city.units["150622"], cooperating=[], due_on=dt.date(2026, 6, 30), actor=city.coordinator,
            now=at(3, 11),
        )  # fmt: skip
        told = of(district(city)).read(f"meetings/{meeting.pk}/")
        assert [(each["wording"], each["task"]) for each in told["lines"]] == [("建台账", None)]

    def test_whoever_was_not_called_does_not_see_it(self, city: City, go: GoTo) -> None:
        meeting, plan = held(city, leader(city)), planned(city)
        county = of(district(city))
        assert county.read("meetings/")["items"] == []
        assert problem_of(county.get(f"meetings/{meeting.pk}/"))["status"] == 404
        office = of(city.coordinator)
        assert {each["id"] for each in office.read("meetings/")["items"]} == {meeting.pk, plan.pk}
        assert [each["id"] for each in office.read("meetings/?stage=held&day_to=2026-03-10")["items"]] == [
            meeting.pk
        ]
        assert office.read("meetings/?day_from=2026-03-11")["items"] == []


def launched(city: City) -> int:
    for n in range(6):
        unit = open_unit(
            code=f"home-{n}", name=f"之家{n}", kind="home", level="township", parent=city.units["150602001"],
            on=dt.date(2025, 6, 1), actor=CONSOLE, now=at(1, 5),
        )  # fmt: skip
        register_home(unit=unit, actor=CONSOLE, now=at(1, 6))
    made = launch_campaign(
        cycle=city.cycle, identifier="K1", places=[city.units["150602"]], ends_on=dt.date(2026, 7, 10), actor=CONSOLE,
        now=at(3, 2),
    )  # fmt: skip
    return made.pk


class TestCampaigns:
    def test_before_and_after_in_the_units_in_sight(self, city: City, go: GoTo) -> None:
        registered(city, hours_posted=True)
        pk = launched(city)
        go(4, 10)
        office = of(city.coordinator)
        [listed] = office.read("campaigns/")["items"]
        assert (listed["id"], listed["campaign"], listed["ended_on"]) == (pk, "K1", None)
        told = office.read(f"campaigns/{pk}/")
        first = told["measures"][0]
        assert (first["measured"], first["first"], first["last"]) == (True, "2026-03-02", "2026-04-10")
        assert sum(each["units"] for each in first["groups"]) == 7
        shown = office.read(f"campaigns/{pk}/measure/?criterion={first['criterion']}")
        assert {each["unit"]["code"]: each["before"] for each in shown["lines"]}[HOME_CODE] == "100"
        assert office.read(f"campaigns/{pk}/measure/") == shown
        assert problem_of(office.get(f"campaigns/{pk}/measure/?criterion=love"))["status"] == 404
        elsewhere = of(city.acting("150622", "first_responsible"))
        assert elsewhere.read(f"campaigns/{pk}/measure/")["lines"] == []


class TestRooms:
    def test_a_room_is_found_booked_and_given_back(self, city: City, go: GoTo) -> None:
        room = room_of(registered(city))
        go(4, 10)
        keeper, near = of(keeper_of(city)), of(city.acting("150602001", "commissioner"))
        assert [each["id"] for each in near.read("rooms/")["items"]] == [room.pk]
        hour = {
            "room": room.pk,
            "day": "2026-04-13",
            "starts_at": "09:00",
            "ends_at": "10:30",
            "purpose": "议事",
        }
        booked = done(near.post("bookings/", hour, key="book-0001"))
        assert (booked["starts_at"], booked["ends_at"], booked["cancelled"]) == ("09:00", "10:30", False)
        assert near.post("bookings/", hour, key="book-0001").status_code == 201
        assert "已有人预订" in refused(keeper.post("bookings/", hour | {"purpose": "另一件"}))
        assert "没有全部开放" in refused(keeper.post("bookings/", hour | {"ends_at": "13:00"}))
        assert [
            each["id"] for each in keeper.read(f"bookings/?room={room.pk}&day_from=2026-04-13")["items"]
        ] == [booked["id"]]
        assert done(near.post(f"bookings/{booked['id']}/cancellations/", {}))["cancelled"] is True
        assert RoomBooking.objects.count() == 1

    def test_times_are_written_plainly(self, city: City, go: GoTo) -> None:
        room = room_of(registered(city))
        hour = {
            "room": room.pk,
            "day": "2026-04-13",
            "starts_at": "09:00",
            "ends_at": "10:30",
            "purpose": "议事",
        }
        for wrong in ("9:00", "24:00", "09:60", "09:00:00", 9, "０9:00", "09:00\n"):
            told = problem_of(of(keeper_of(city)).post("bookings/", hour | {"starts_at": wrong}))
            assert (told["status"], told["errors"][0]["where"]) == (400, "starts_at"), wrong

    def test_another_county_finds_neither_room_nor_booking(self, city: City, go: GoTo) -> None:
        room = room_of(registered(city))
        go(4, 10)
        hour = {
            "room": room.pk,
            "day": "2026-04-13",
            "starts_at": "09:00",
            "ends_at": "10:30",
            "purpose": "议事",
        }
        booked = done(of(keeper_of(city)).post("bookings/", hour))
        far = of(city.acting("150622", "first_responsible"))
        assert far.read("rooms/")["items"] == far.read("bookings/")["items"] == []
        assert problem_of(far.get(f"bookings/{booked['id']}/"))["status"] == 404
        assert refused(far.post("bookings/", hour)) == f"没有编号为 {room.pk} 的房间。"


class TestPartners:
    def test_organisations_alone_and_no_person(self, city: City, go: GoTo) -> None:
        company = register_organisation(
            kind="enterprise", name="某某商贸有限公司", area=city.units["150602"], actor=city.coordinator, now=at(3, 2)
        )  # fmt: skip
        asked, _code = ask_consent(
            area=city.units["150602"], retention_days=365, actor=city.coordinator, now=at(3, 2)
        )
        agree(consent=asked, name="张代表", contact="13900001111", now=at(3, 2))
        asked.refresh_from_db()
        office = of(city.coordinator)
        [told] = office.read("partners/")["items"]
        assert (told["id"], told["name"], told["area"]["code"]) == (company.pk, "某某商贸有限公司", "150602")
        assert set(told) == {"id", "kind", "name", "name_en", "area", "closed_on"}
        assert problem_of(office.get(f"partners/{asked.partner_id}/"))["status"] == 404
        assert problem_of(office.get("partners/?kind=representative"))["status"] == 400
        assert problem_of(of(city.head).get("partners/"))["status"] == 403
