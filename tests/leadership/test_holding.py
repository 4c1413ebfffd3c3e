"""A meeting was held: one record for everybody who was there, minutes, and what their lines become."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from conftest import City, at
from guantong.audit.models import AuditEntry
from guantong.cases.models import Case
from guantong.cases.queries import case_by_code
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import Meeting, MinuteLine
from guantong.leadership.operations import minutes
from guantong.leadership.operations.decided import make_task
from guantong.leadership.operations.heard import Asked, make_case
from guantong.leadership.operations.holding import hold_meeting
from guantong.leadership.queries.lines import standing_of
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_fulfilment, review_claim
from guantong.partners.models import Partner
from guantong.records.models import Participation, Record
from guantong.records.operations import enter_record
from guantong.tasks.models import Assignment, Task, TaskList
from leadership.meeting_cast import called, came, district, group_head, held, leader, log_is_clean, office_of


def claimed(city: City) -> set[tuple[int, str]]:
    """(office, rule) of what is claimed."""
    return set(Obligation.objects.filter(cycle=city.cycle, state="claimed").values_list("office", "rule"))


class TestHolding:
    def test_one_record_has_everybody_who_signed_in_and_nobody_else(self, signed_city: City) -> None:
        city = signed_city
        meeting = came(
            city, called(city, leader(city), leader(city, 2), district(city)), leader(city), district(city)
        )
        hold_meeting(
            meeting=meeting, summary="研究部署", entered_by=office_of(city.coordinator), actor=city.coordinator,
            now=at(3, 10), outside=6,
        )  # fmt: skip
        meeting.refresh_from_db()
        record = Record.objects.get()
        assert (meeting.record, meeting.stage, meeting.outside) == (record, "held", 6)
        assert (record.kind, record.happened_on, record.place) == ("meeting", meeting.day, meeting.place)
        there = {office_of(leader(city)).pk, office_of(district(city)).pk}
        assert set(Participation.objects.values_list("office", flat=True)) == there
        assert log_is_clean()

    def test_the_duties_of_whoever_came_are_claimed_with_it(self, signed_city: City) -> None:
        city = signed_city
        meeting = held(
            city, leader(city), leader(city, 2), group_head(city), chair=office_of(group_head(city))
        )
        assert claimed(city) == {
            (office_of(leader(city)).pk, "D04"),
            (office_of(leader(city, 2)).pk, "D04"),
            (office_of(group_head(city)).pk, "D05"),  # who chairs, chairs
        }
        assert {each.record for each in Obligation.objects.get(state="claimed", rule="D05").claims.all()} == {
            meeting.record
        }

    def test_a_group_head_who_only_sat_there_did_not_chair(self, signed_city: City) -> None:
        held(signed_city, group_head(signed_city), leader(signed_city))
        assert {rule for _office, rule in claimed(signed_city)} == {"D04"}

    @pytest.mark.parametrize(
        ("kind", "record_kind", "rules"),
        [
            ("study", "study", {"D01"}),
            ("symposium", "meeting", {"D04"}),
            ("field_visit", "meeting", {"D04"}),
            ("hearing", "hearing", {"D04"}),
        ],
    )
    def test_each_kind_makes_its_record_and_fulfils_its_duties(
        self, signed_city: City, kind: str, record_kind: str, rules: set[str]
    ) -> None:
        """A study session is no talk (D02) and no training plan (D03), though their evidence would fit."""
        held(signed_city, leader(signed_city), signed_city.head, kind=kind)
        assert Record.objects.get().kind == record_kind
        assert {rule for _office, rule in claimed(signed_city)} == rules

    def test_hearing_is_the_duty_of_whoever_hears(self, signed_city: City) -> None:
        """The other district's head was there to report."""
        hears, reports = district(signed_city), district(signed_city, "150622")
        held(signed_city, hears, reports, kind="hearing", chair=office_of(hears))
        assert claimed(signed_city) == {(office_of(hears).pk, "D09")}

    def test_without_anybody_or_before_its_day_or_twice_it_is_refused(self, city: City) -> None:
        meeting = called(city, leader(city))
        act: dict[str, Any] = {
            "meeting": meeting, "summary": "", "entered_by": office_of(city.coordinator), "actor": city.coordinator,
        }  # fmt: skip
        with pytest.raises(Refusal, match="才召开"):
            hold_meeting(now=at(3, 9), **act)
        with pytest.raises(Refusal, match="没有人签到"):
            hold_meeting(now=at(3, 10), **act)
        came(city, meeting, leader(city))
        hold_meeting(now=at(3, 10), **act)
        with pytest.raises(Refusal, match="已召开"):
            hold_meeting(now=at(3, 10), **act)
        assert Record.objects.count() == 1

    def test_only_its_own_unit_says_so(self, city: City) -> None:
        meeting = came(city, called(city, leader(city), district(city)), leader(city), district(city))
        with pytest.raises(Refusal, match="召集单位"):
            hold_meeting(
                meeting=meeting,
                summary="",
                entered_by=office_of(district(city)),
                actor=district(city),
                now=at(3, 10),
            )


def line(city: City, meeting: Meeting, kind: str = "decision", **more: Any) -> MinuteLine:
    given = {
        "wording": "市发展改革委 5 月底前拿出账款清偿方案。",
        "actor": city.coordinator,
        "now": at(3, 11),
    } | more
    return minutes.add_line(meeting=meeting, kind=kind, **given)


def task(city: City, made: MinuteLine, **more: Any) -> Task:
    given = {
        "lead": city.units["1506-MU-01"], "cooperating": [city.units["1506-MU-02"]], "due_on": dt.date(2026, 5, 31),
        "actor": city.coordinator, "now": at(3, 11),
    }  # fmt: skip
    return make_task(line=made, **(given | more))


class TestMinutes:
    def test_they_are_written_once_it_was_held_and_may_be_mended(self, city: City) -> None:
        meeting = called(city, leader(city))
        act: dict[str, Any] = {"minuted_by": office_of(city.coordinator), "actor": city.coordinator}
        with pytest.raises(Refusal, match="召开以后"):
            minutes.write_minutes(meeting=meeting, text="……", now=at(3, 10), **act)
        meeting = held(city, leader(city), title="再部署")
        minutes.write_minutes(meeting=meeting, text="会议听取了情况。", now=at(3, 11), **act)
        minutes.write_minutes(meeting=meeting, text="会议听取了全年情况。", now=at(3, 12), **act)
        meeting.refresh_from_db()
        assert (meeting.minutes, meeting.minuted_at) == ("会议听取了全年情况。", at(3, 12))
        assert AuditEntry.objects.filter(verb="leadership.minutes_written").count() == 2
        assert log_is_clean()

    def test_lines_keep_their_order_and_one_without_consequence_can_go(self, city: City) -> None:
        meeting = held(city, leader(city))
        first, second, third = (line(city, meeting, wording=text) for text in ("一", "二", "三"))
        minutes.drop_line(line=second, actor=city.coordinator, now=at(3, 11))
        assert list(meeting.lines) == [first, third]
        assert log_is_clean()

    def test_a_line_says_something_of_a_known_kind(self, city: City) -> None:
        meeting = held(city, leader(city))
        with pytest.raises(Refusal, match="内容"):
            line(city, meeting, wording=" ")
        with pytest.raises(Refusal, match="请选择"):
            line(city, meeting, "thought")


class TestDecided:
    def test_a_decision_becomes_a_task_in_its_own_words_linked_both_ways(self, city: City) -> None:
        made = line(city, held(city, leader(city)))
        found = task(city, made)
        made.refresh_from_db()
        assert (found.title, found.minute_line, made.task) == (made.wording, made, found)
        assert set(found.assignments.values_list("unit__code", "part")) == {
            ("1506-MU-01", "lead"),
            ("1506-MU-02", "cooperating"),
        }
        owed = Obligation.objects.filter(source="task", source_ref__in=found.assignments.values("pk"))
        assert set(owed.values_list("unit__code", "starts_on", "due_on")) == {
            ("1506-MU-01", dt.date(2026, 3, 10), dt.date(2026, 5, 31)),
            ("1506-MU-02", dt.date(2026, 3, 10), dt.date(2026, 5, 31)),
        }
        assert log_is_clean()

    def test_a_problem_found_on_a_field_visit_becomes_one_too(self, city: City) -> None:
        made = line(city, held(city, leader(city), kind="field_visit"), "problem", wording="之家晚上不开门。")
        assert task(city, made).title == "之家晚上不开门。"

    def test_all_meetings_of_a_year_write_into_one_list(self, city: City) -> None:
        for title in ("甲", "甲", "乙"):
            task(city, line(city, held(city, leader(city), title=title)))
        assert list(TaskList.objects.values_list("name", flat=True)) == ["会议议定事项"]
        assert Task.objects.count() == 3

    def test_twice_is_one_task(self, city: City) -> None:
        made = line(city, held(city, leader(city)))
        assert task(city, made) == task(city, made)
        assert Assignment.objects.count() == 2

    def test_what_cannot_be_given_out_is_refused(self, city: City) -> None:
        meeting = held(city, leader(city))
        made = line(city, meeting)
        with pytest.raises(Refusal, match="会议之后"):
            task(city, made, due_on=dt.date(2026, 3, 9))
        with pytest.raises(Refusal, match="会议之后"):
            task(city, made, due_on=dt.date(2027, 1, 1))
        with pytest.raises(Refusal, match="没有设负责岗位"):
            task(city, made, lead=city.units["1506-LGO"], cooperating=[])
        with pytest.raises(Refusal, match="诉求"):
            task(city, line(city, meeting, "demand"))
        assert not Task.objects.exists()

    def test_a_district_gives_out_nothing_beyond_its_own(self, city: City) -> None:
        by = district(city)
        meeting = called(city, by, by=by, title="区里", unit="150602")
        Meeting.objects.filter(pk=meeting.pk).update(stage="held")
        made = minutes.add_line(meeting=meeting, kind="decision", wording="街道落实", actor=by, now=at(3, 11))
        with pytest.raises(Refusal, match="范围内"):
            task(city, made, actor=by)
        found = task(city, made, actor=by, lead=city.units["150602001"], cooperating=[])
        assert found.assignments.get().unit == city.units["150602001"]

    def test_a_line_that_became_a_task_stays(self, city: City) -> None:
        made = line(city, held(city, leader(city)))
        task(city, made)
        with pytest.raises(Refusal, match="不能删除"):
            minutes.drop_line(line=made, actor=city.coordinator, now=at(3, 11))


class TestStanding:
    def test_a_line_stands_where_its_task_stands(self, city: City) -> None:
        made = line(city, held(city, leader(city)))
        said = [standing_of([made])[made.pk].words]
        found = task(city, made, cooperating=[])
        made.refresh_from_db()
        said.append(standing_of([made])[made.pk].words)
        owed = Obligation.objects.get(source="task", source_ref=found.assignments.get().pk)
        Obligation.objects.filter(pk=owed.pk).update(light="red")
        said.append(standing_of([made])[made.pk].words)
        record = enter_record(
            kind="progress", happened_on=dt.date(2026, 5, 1), summary="方案已印发", entered_by=office_of(city.head),
            actor=city.head, now=at(5, 1), today=dt.date(2026, 5, 1),
        )  # fmt: skip
        claim = claim_fulfilment(
            obligation=owed, record=record, claimed_by=office_of(city.head), actor=city.head, now=at(5, 1)
        )
        review_claim(claim=claim, verdict="accepted", reason="", actor=city.coordinator, now=at(5, 2))
        said.append(standing_of([made])[made.pk].words)
        assert said == ["待下达任务", "办理中", "逾期", "已完成"]


class TestHeard:
    def demand(self, city: City, **more: Any) -> MinuteLine:
        meeting = held(city, leader(city), kind="symposium", chair=office_of(leader(city)))
        return line(city, meeting, "demand", wording="希望延长之家开放时间")

    def asked(self, **more: Any) -> Asked:
        given: dict[str, Any] = {"kind": "suggestion", "wording": "晚上八点以后没地方去，能不能开到九点？"}
        return Asked(**(given | more))

    def test_a_demand_becomes_a_case_that_the_chair_carries(self, city: City) -> None:
        made = self.demand(city)
        case, code = make_case(line=made, asked=self.asked(), actor=city.coordinator, now=at(3, 11))
        made.refresh_from_db()
        assert (made.case, case.channel, case.host) == (case, "visit", office_of(leader(city)))
        assert (case.title, case.received_on) == ("希望延长之家开放时间", made.meeting.day)
        assert str(case.wording) == "晚上八点以后没地方去，能不能开到九点？"
        assert case_by_code(code) == case
        assert log_is_clean()

    def test_words_and_names_stand_sealed_in_the_case_and_nowhere_else(self, city: City) -> None:
        made = self.demand(city)
        asked = self.asked(name="王某", contact="13900000000", consents=True)
        make_case(line=made, asked=asked, actor=city.coordinator, now=at(3, 11))
        made.refresh_from_db()
        for word in ("八点", "王某", "13900000000"):
            assert word not in made.wording
            assert not AuditEntry.objects.filter(payload__contains=word).exists()

    def test_a_name_or_contact_without_consent_is_refused(self, city: City) -> None:
        made = self.demand(city)
        for more in ({"name": "王某"}, {"contact": "13900000000"}):
            with pytest.raises(Refusal, match="本人同意"):
                make_case(line=made, asked=self.asked(**more), actor=city.coordinator, now=at(3, 11))
        assert not Case.objects.exists()

    def test_an_organisation_asks_as_itself_and_as_nobody_else(self, city: City) -> None:
        partner = Partner.objects.create(
            kind="enterprise", name="某能源公司", area=city.units["150602"], registered_at=at(1, 5)
        )
        made = self.demand(city)
        with pytest.raises(Refusal, match="不要再填个人"):
            make_case(
                line=made, asked=self.asked(partner=partner, name="王某", consents=True), actor=city.coordinator,
                now=at(3, 11),
            )  # fmt: skip
        case, _code = make_case(
            line=made,
            asked=self.asked(kind="difficulty", partner=partner),
            actor=city.coordinator,
            now=at(3, 11),
        )
        assert (case.partner, case.anonymous) == (partner, False)

    def test_once_and_only_a_demand(self, city: City) -> None:
        made = self.demand(city)
        make_case(line=made, asked=self.asked(), actor=city.coordinator, now=at(3, 11))
        with pytest.raises(Refusal, match="只显示一次"):
            make_case(line=made, asked=self.asked(), actor=city.coordinator, now=at(3, 11))
        decision = line(city, made.meeting)
        with pytest.raises(Refusal, match="听取的诉求"):
            make_case(line=decision, asked=self.asked(), actor=city.coordinator, now=at(3, 11))
        assert Case.objects.count() == 1


@pytest.fixture
def signed_city(signed: City) -> City:
    """The year with its duties owed."""
    return signed
