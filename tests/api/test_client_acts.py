"""The client does whatever the interface takes, against a served installation."""

from __future__ import annotations

import datetime as dt
import inspect
import typing
from decimal import Decimal
from typing import Any, Literal

import pytest
from pytest_django.live_server_helper import LiveServer

from api.calling import token_for
from api.moving_time import GoTo, going
from api.test_more_reading import launched
from cases.cast import filed, given
from conftest import City, at
from grassroots.home_cast import keeper_of, registered, room_of
from guantong.accounts.acting import Acting
from guantong.api.addresses_of_acts import OF_ROWS
from guantong.api.client import Guantong, ProblemAnswer
from guantong.api.client_acting import Acting as ActsOfClient
from guantong.api.client_handling import Handling
from guantong.api.client_supervising import Supervising
from guantong.api.connection import Connection
from guantong.api.shapes import acts, rooms
from guantong.api.shapes import cases as handling
from guantong.api.shapes import matters as supervising
from guantong.api.shapes.terms import Number, Text
from guantong.api.shapes.types import bare, fields_of, required_of
from guantong.api.shapes.work import NewRecord
from guantong.supervision.models import Matter
from guantong.supervision.operations.merging import follow_matter
from leadership.meeting_cast import planned
from records.test_evidence_files import PDF
from supervision import finding_cast as finding
from supervision.matter_cast import LEAD, dispatched, part_of

NOT_THERE = "没有这一项，或者它不在您能看到的范围内。"


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> GoTo:
    return going(monkeypatch)


def of(acting: Acting, served: LiveServer) -> Guantong:
    return Guantong(served.url, token_for(acting, days=300)[1])


def made(shape: type) -> Any:
    """The least that may be sent in this shape."""
    return shape(**{name: _value(fields_of(shape)[name]) for name in required_of(shape)})


def _value(hint: Any) -> Any:
    kind = bare(hint)
    if kind.kind is Literal:
        return kind.inner[0]
    plain = {bool: False, dt.date: dt.date(2026, 3, 20), dt.time: dt.time(9), list: [1], Decimal: Decimal(1)}
    if kind.kind is int:
        return next((each.least for each in kind.terms if isinstance(each, Number)), 1)
    if kind.kind is str:
        return "字" * max(1, next((each.least for each in kind.terms if isinstance(each, Text)), 1))
    return plain[kind.kind]


def methods() -> list[str]:
    kinds: tuple[type[Connection], ...] = (ActsOfClient, Supervising, Handling)
    return sorted(name for kind in kinds for name in vars(kind) if not name.startswith("_"))


def test_every_act_reaches_its_address_with_a_body_that_is_understood(
    city: City, go: GoTo, live_server: LiveServer
) -> None:
    """On a row that is not there: not malformed, not at an address that is none, but not found."""
    office = of(city.coordinator, live_server)
    said = {}
    for name in methods():
        method = getattr(office, name)
        shapes = typing.get_type_hints(method)
        sent = [
            made(shapes[each])
            for each in list(inspect.signature(method).parameters)[1:]
            if each in shapes and each not in ("key", "if_match")
        ]
        with pytest.raises(ProblemAnswer) as raised:
            method(999_999, *sent)
        said[name] = (raised.value.problem.status, raised.value.problem.detail)
    known = {"sign_duty_list", "object_to_duty_item", "split_assignment"}  # not for this office
    known |= {
        "reply_to_finding",
        "ask_recheck",
        "sign_for_part",
        "refuse_part",
        "split_part",
        "ask_part_extension",
    }
    assert {name for name, (status, _detail) in said.items() if status == 403} == known
    assert {detail for name, (_status, detail) in said.items() if name not in known} == {NOT_THERE}
    assert len(said) == sum(len(each) for _rows, _name, each in OF_ROWS)


class TestAgainstALiveServer:
    def test_files_go_and_come(self, signed: City, go: GoTo, live_server: LiveServer) -> None:
        head = of(signed.head, live_server)
        new = NewRecord(kind="document", happened_on=dt.date(2026, 3, 2), summary="印发清欠办法")
        files = [('清欠"办法.pdf', PDF)]
        record = head.enter_record(new, files=files, key="upload-0001")
        assert head.enter_record(new, files=files, key="upload-0001") == record
        [evidence] = head.evidence_of(record.id)
        assert head.evidence(evidence.id) == evidence
        loaded = head.evidence_file(evidence.id)
        assert (loaded.content, loaded.media_type, loaded.name) == (PDF, "application/pdf", "清欠_办法.pdf")

    def test_a_matter_is_drafted_handed_out_and_signed_for(
        self, city: City, go: GoTo, live_server: LiveServer
    ) -> None:
        office, lead = of(city.coordinator, live_server), of(city.acting(LEAD, "unit_head"), live_server)
        new = supervising.NewMatter(
            kind="other", title="清欠", origin="meeting", basis="纪要〔2026〕3号", lead=city.units[LEAD].pk,
            due_on=dt.date(2026, 4, 30), target=Decimal("12.50"), target_unit="万元",
        )  # fmt: skip
        matter = office.draft_matter(new, key="matter-0001")
        assert office.register_matter(matter.id).number == 1
        handed = office.dispatch_matter(matter.id, supervising.NewDispatch(sign_by=dt.date(2026, 3, 5)))
        part = lead.sign_for_part(handed.parts[0].id)
        assert (part.stage, part.target, part.matter) == ("under_way", Decimal("12.50"), matter.id)
        assert lead.matter_part(part.id) == part
        with pytest.raises(ProblemAnswer) as raised:
            lead.sign_for_part(part.id)
        assert raised.value.problem.status == 422

    def test_what_was_done_and_cannot_be_shown_is_none(
        self, city: City, go: GoTo, live_server: LiveServer
    ) -> None:
        matter = dispatched(city, also=())
        county = of(city.acting("150602", "first_responsible"), live_server)
        follow_matter(
            matter=matter, reason="也要办", actor=city.acting("150602", "first_responsible"), now=at(3, 2)
        )
        assert county.unfollow_matter(matter.pk) is None
        assert part_of(Matter.objects.get(pk=matter.pk), LEAD).stage == "assigned"

    def test_a_case_is_accepted_given_and_answered(
        self, city: City, go: GoTo, live_server: LiveServer
    ) -> None:
        case, _code = filed(city)
        office, unit = of(city.coordinator, live_server), of(city.acting(LEAD, "unit_head"), live_server)
        go(3, 4)
        taken = office.accept_case(
            case.pk, handling.NewAcceptance(title="路灯不亮", kind="difficulty", against=None)
        )
        assert taken is not None
        assert taken.stage == "accepted"
        office.assign_case(case.pk, handling.NewAssignment(unit=city.units[LEAD].pk, part="lead"))
        told = unit.answer_case(case.pk, handling.NewAnswer(wording="已修好", outcome="solved"))
        assert (told.stage, told.handlings[0].unit.code) == ("answered", LEAD)
        assert {each.kind for each in told.clocks} >= {"notify", "close"}
        assert office.close_case(case.pk, acts.NewReason(reason="没有回应")).closures[0].one_sided

    def test_what_was_read_is_claimed_reviewed_signed_and_replied_to(
        self, signed: City, go: GoTo, live_server: LiveServer
    ) -> None:
        part = given(signed)
        head, office = of(signed.head, live_server), of(signed.coordinator, live_server)
        found = finding.notified(signed)
        replied = head.reply_to_finding(found.pk, supervising.NewReply(text="数据为初步统计。"))
        assert replied == head.finding(found.pk)
        assert [each.id for each in head.findings()] == [found.pk]
        assert part.obligation is not None
        paused = acts.NewSuspension(excused=False, reason="等检测")
        assert office.suspend_obligation(part.obligation.pk, paused).suspensions[0].reason == "等检测"
        assert office.resume_obligation(part.obligation.pk).state == "open"
        assert list(office.claims_to_review()) == []
        assert all(office.duty_list(each.id).signed_on for each in office.duty_lists(limit=3))

    def test_rooms_meetings_campaigns_and_partners_are_read(
        self, city: City, go: GoTo, live_server: LiveServer
    ) -> None:
        room = room_of(registered(city))
        go(4, 10)
        keeper, office = of(keeper_of(city), live_server), of(city.coordinator, live_server)
        hour = rooms.NewBooking(
            room=room.pk,
            day=dt.date(2026, 4, 13),
            starts_at=dt.time(9),
            ends_at=dt.time(10, 30),
            purpose="议事",
        )
        booking = keeper.book_room(hour)
        assert (booking.starts_at, booking.ends_at) == (dt.time(9), dt.time(10, 30))
        assert [each.id for each in keeper.bookings(room=room.pk)] == [booking.id]
        assert keeper.room(room.pk) == next(keeper.rooms())
        assert keeper.cancel_booking(booking.id) == keeper.booking(booking.id)
        pk, meeting = launched(city), planned(city)
        campaign = office.campaign(pk)
        assert (campaign.campaign, next(office.campaigns()).id) == ("K1", pk)
        assert office.campaign_measure(pk, campaign.measures[0].criterion).lines
        assert office.meeting(meeting.pk).starts_at == dt.time(9)
        assert [each.id for each in office.meetings()] == [meeting.pk]
        assert list(office.partners()) == []
