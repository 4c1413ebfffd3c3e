"""Who is asked, what they answer, and how they sign in."""

from __future__ import annotations

import datetime as dt

import pytest

from conftest import City, at
from guantong.audit.models import AuditEntry
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import Invitation, Meeting
from guantong.leadership.operations import invitations, meetings
from guantong.leadership.queries.meetings import attendance_of, invitations_waiting, offices_present
from guantong.leadership.sign_codes import code_for, digest_for
from leadership.meeting_cast import called, came, district, leader, log_is_clean, office_of, planned


def sign(city: City, meeting: Meeting, who: object, now: dt.datetime) -> list[Invitation]:
    return invitations.sign_by_code(
        code=code_for(meeting), office=office_of(who), actor=who, now=now  # type: ignore[arg-type]
    )  # fmt: skip


class TestAsking:
    def test_asking_twice_is_once_and_taking_back_lets_one_ask_again(self, city: City) -> None:
        meeting = planned(city)
        for _time in range(2):
            invitations.ask_offices(
                meeting=meeting, offices=[office_of(leader(city))], actor=city.coordinator, now=at(3, 2)
            )
        invitations.take_back(invitation=meeting.invitations.get(), actor=city.coordinator, now=at(3, 2))
        assert meeting.invitations.count() == 0
        invitations.ask_offices(
            meeting=meeting, offices=[office_of(leader(city))], actor=city.coordinator, now=at(3, 2)
        )
        assert meeting.invitations.count() == 1
        assert log_is_clean()

    def test_whoever_signed_in_is_not_taken_back(self, city: City) -> None:
        meeting = came(city, called(city, leader(city)), leader(city))
        with pytest.raises(Refusal, match="已经签到"):
            invitations.take_back(invitation=meeting.invitations.get(), actor=city.coordinator, now=at(3, 10))

    def test_what_waits_for_an_answer_is_shown_until_it_is_given(self, city: City) -> None:
        meeting, today = called(city, district(city)), dt.date(2026, 3, 4)
        assert [each.meeting for each in invitations_waiting(district(city), today=today)] == [meeting]
        assert list(invitations_waiting(district(city), today=dt.date(2026, 3, 11))) == []
        invitations.reply(
            meeting=meeting,
            office=office_of(district(city)),
            answer="coming",
            actor=district(city),
            now=at(3, 4),
        )
        assert list(invitations_waiting(district(city), today=today)) == []


class TestReply:
    def reply(self, city: City, meeting: Meeting, answer: str, **more: object) -> Invitation:
        given = {"meeting": meeting, "office": office_of(city.head), "answer": answer, "actor": city.head,
                 "now": at(3, 5)} | more  # fmt: skip
        return invitations.reply(**given)  # type: ignore[arg-type]

    def test_coming_leave_and_stand_in_and_again(self, city: City) -> None:
        meeting, clerk = called(city, city.head), office_of(city.acting("1506-MU-01", "liaison"))
        said = []
        for answer, more in (("leave", {"reason": "出差"}), ("stand_in", {"reason": "出差", "stand_in": clerk}), ("coming", {})):  # fmt: skip
            row = self.reply(city, meeting, answer, **more)
            said.append((row.reply, row.reason, row.stand_in))
        assert said == [("leave", "出差", None), ("stand_in", "出差", clerk), ("coming", "", None)]
        assert log_is_clean()

    def test_leave_and_stand_in_say_why(self, city: City) -> None:
        meeting = called(city, city.head)
        for answer in ("leave", "stand_in"):
            with pytest.raises(Refusal, match="原因"):
                self.reply(city, meeting, answer, stand_in=office_of(city.acting("1506-MU-01", "liaison")))

    def test_only_an_office_of_the_same_unit_stands_in(self, city: City) -> None:
        meeting = called(city, city.head)
        for stand_in in (None, office_of(city.head), office_of(city.acting("1506-MU-02", "unit_head"))):
            with pytest.raises(Refusal, match="本单位的岗位"):
                self.reply(city, meeting, "stand_in", reason="出差", stand_in=stand_in)

    def test_not_asked_not_called_too_late_or_nonsense_is_refused(self, city: City) -> None:
        meeting = called(city, city.head)
        with pytest.raises(Refusal, match="没有通知您的岗位"):
            self.reply(city, meeting, "coming", office=office_of(leader(city)))
        with pytest.raises(Refusal, match="不再接受"):
            self.reply(city, meeting, "coming", now=at(3, 11))
        with pytest.raises(Refusal, match="请选择"):
            self.reply(city, meeting, "none")
        meetings.cancel_meeting(meeting=meeting, reason="—", actor=city.coordinator, now=at(3, 5))
        with pytest.raises(Refusal, match="不再接受"):
            self.reply(city, meeting, "coming")

    def test_reasons_are_no_part_of_the_log(self, city: City) -> None:
        self.reply(city, called(city, city.head), "leave", reason="身体检查")
        assert not AuditEntry.objects.filter(payload__contains="身体检查").exists()


class TestSigningByCode:
    def test_each_office_signs_for_itself_on_the_day(self, city: City) -> None:
        meeting = called(city, leader(city), district(city))
        sign(city, meeting, leader(city), at(3, 10, 8))
        rows = dict(meeting.invitations.values_list("office", "signed_how"))
        assert rows == {office_of(leader(city)).pk: "code", office_of(district(city)).pk: ""}
        assert log_is_clean()

    def test_twice_is_once(self, city: City) -> None:
        meeting = called(city, leader(city))
        sign(city, meeting, leader(city), at(3, 10, 8))
        sign(city, meeting, leader(city), at(3, 10, 9))
        assert meeting.invitations.get().signed_at == at(3, 10, 8)
        assert AuditEntry.objects.filter(verb="leadership.signed_in").count() == 1

    @pytest.mark.parametrize("day", [9, 11])
    def test_the_day_before_and_after_are_refused(self, city: City, day: int) -> None:
        meeting = called(city, leader(city))
        with pytest.raises(Refusal, match="会议当天"):
            sign(city, meeting, leader(city), at(3, day))
        assert meeting.invitations.get().signed_at is None

    def test_whoever_was_not_asked_and_a_wrong_code_are_refused(self, city: City) -> None:
        meeting = called(city, leader(city))
        with pytest.raises(Refusal, match="没有通知您的岗位"):
            sign(city, meeting, district(city), at(3, 10))
        with pytest.raises(Refusal, match="签到码不对"):
            invitations.sign_by_code(
                code="A" * 24, office=office_of(leader(city)), actor=leader(city), now=at(3, 10)
            )

    def test_the_code_is_not_in_the_database_and_ends_with_the_day_it_is_for(self, city: City) -> None:
        meeting = called(city, leader(city))
        code = code_for(meeting)
        assert meeting.sign_code_digest == digest_for(meeting)
        assert code not in meeting.sign_code_digest
        meeting.day = dt.date(2026, 3, 12)
        assert code_for(meeting) != code

    def test_a_stand_in_signs_and_whom_it_stands_in_for_cannot(self, city: City) -> None:
        meeting, clerk = called(city, city.head), city.acting("1506-MU-01", "liaison")
        invitations.reply(
            meeting=meeting, office=office_of(city.head), answer="stand_in", reason="出差", stand_in=office_of(clerk),
            actor=city.head, now=at(3, 4),
        )  # fmt: skip
        with pytest.raises(Refusal, match="没有通知您的岗位"):
            sign(city, meeting, city.head, at(3, 10))
        sign(city, meeting, clerk, at(3, 10))
        assert offices_present(meeting) == [office_of(clerk)]


class TestTheList:
    def test_what_is_ticked_came_and_what_is_unticked_did_not(self, city: City) -> None:
        meeting = came(city, called(city, leader(city), district(city)), leader(city), district(city))
        came(city, meeting, leader(city))
        assert offices_present(meeting) == [office_of(leader(city))]
        assert log_is_clean()

    def test_it_does_not_take_away_what_the_code_said(self, city: City) -> None:
        meeting = called(city, leader(city))
        sign(city, meeting, leader(city), at(3, 10))
        came(city, meeting)
        assert offices_present(meeting) == [office_of(leader(city))]

    def test_not_before_the_day_and_not_by_others(self, city: City) -> None:
        meeting = called(city, leader(city))
        with pytest.raises(Refusal, match="会议当天起"):
            came(city, meeting, leader(city), now=at(3, 9))
        with pytest.raises(Refusal, match="召集单位"):
            invitations.sign_from_list(meeting=meeting, present=set(), actor=district(city), now=at(3, 10))


class TestAttendance:
    def test_it_is_counted(self, city: City) -> None:
        people = [leader(city), leader(city, 2), district(city), district(city, "150622"), city.head]
        meeting = called(city, *people)
        sign(city, meeting, people[0], at(3, 10, 8))  # in time
        sign(city, meeting, people[1], at(3, 10, 10))  # an hour late
        invitations.reply(
            meeting=meeting,
            office=office_of(people[2]),
            answer="leave",
            reason="出差",
            actor=people[2],
            now=at(3, 5),
        )
        came(city, meeting, city.head)  # on the list: nobody knows when
        count = attendance_of(meeting, meeting.invitations)
        assert (count.asked, count.present, count.late, count.on_leave, count.absent) == (5, 3, 1, 1, 0)
        meeting.stage = "held"
        assert attendance_of(meeting, meeting.invitations).absent == 1
