from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from conftest import City, at
from guantong.audit.models import AuditEntry
from guantong.kernel.refusals import Refusal
from guantong.leadership.chain import MOVES
from guantong.leadership.choices import MeetingKind, MeetingStage
from guantong.leadership.models import Meeting
from guantong.leadership.operations import agenda, invitations, meetings
from guantong.leadership.operations.series import repeat_meeting
from guantong.leadership.queries.calling import clashes_of, merges_for, minutes_of
from guantong.leadership.queries.meetings import meetings_visible_to, proposed_for
from guantong.leadership.terms import fulfilled_by, hearing_rules, pillar_of
from guantong.mechanisms.operations import read_valid_package
from leadership.meeting_cast import (
    NINE,
    asked,
    called,
    district,
    group,
    group_head,
    held,
    leader,
    log_is_clean,
    office_of,
    planned,
    terms,
    township,
)


class TestTerms:
    def test_what_a_meeting_fulfils_is_read_from_the_package(self, city: City) -> None:
        said = {kind.value: fulfilled_by(city.cycle.package, kind) for kind in MeetingKind}
        assert {kind: (each.everybody, each.chair) for kind, each in said.items()} == {
            "deployment": (("D04",), ("D05",)),
            "deliberation": (("D04",), ("D05",)),
            "symposium": (("D04",), ("D05",)),
            "field_visit": (("D04",), ("D05",)),
            "hearing": (("D04",), ("D05", "D09")),
            "study": (("D01",), ()),
        }
        assert hearing_rules(city.cycle.package) == ("D09",)

    def test_each_kind_has_its_pillar(self, city: City) -> None:
        assert {kind.value: pillar_of(city.cycle.package, kind) for kind in MeetingKind} == {
            "deployment": "lead_meeting", "deliberation": "lead_meeting", "symposium": "lead_meeting",
            "field_visit": "lead_meeting", "hearing": "lead_contact", "study": "lead_study",
        }  # fmt: skip

    def test_another_mechanism_is_read_the_same_way(self) -> None:
        package = read_valid_package("river-chief")
        assert fulfilled_by(package, "deployment").chair == ("D08",)
        assert hearing_rules(package) == ()
        pillars = {each.id for tier in package.tiers for each in tier.pillars}
        assert {pillar_of(package, kind) for kind in MeetingKind} <= pillars


class TestPlanning:
    def test_nobody_is_told_before_it_is_called(self, city: City) -> None:
        meeting = asked(city, planned(city), district(city))
        assert meeting.stage == "planned"
        assert set(meetings_visible_to(district(city))) == set()
        meetings.call_meeting(meeting=meeting, actor=city.coordinator, now=at(3, 3))
        assert set(meetings_visible_to(district(city))) == {meeting}

    def test_the_same_form_sent_twice_is_one_meeting(self, city: City) -> None:
        assert planned(city) == planned(city)
        assert Meeting.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"title": ""}, "会议名称"),
            ({"kind": "party"}, "会议类型"),
            ({"day": dt.date(2026, 3, 1)}, "过去的日子"),
            ({"day": dt.date(2027, 1, 2)}, "2026 年度内"),
            ({"starts_at": None}, "也要写开始时间"),
            ({"ends_at": NINE}, "晚于开始时间"),
        ],
    )
    def test_what_cannot_be_held_is_refused(self, city: City, wrong: dict[str, Any], sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            planned(city, **wrong)
        assert not Meeting.objects.exists()

    def test_a_unit_calls_its_own_meetings_and_no_other_s(self, city: City) -> None:
        assert planned(city, unit="150602", by=district(city)).unit == city.units["150602"]
        with pytest.raises(Refusal, match="只能召集本单位"):
            planned(city, unit="150602001", by=district(city))
        with pytest.raises(Refusal, match="只能召集本单位"):
            planned(city, unit="150602001", by=city.acting("150602001001", "liaison"))

    def test_a_body_of_another_unit_is_refused(self, city: City) -> None:
        with pytest.raises(Refusal, match="不属于召集单位"):
            planned(city, unit="1506-LGO", body=group(city))

    def test_members_of_the_body_are_proposed_once(self, city: City) -> None:
        meeting = planned(city, body=group(city))
        members = {office_of(each) for each in (group_head(city), leader(city), leader(city, 2))}
        assert set(proposed_for(meeting)) == members
        asked(city, meeting, leader(city))
        assert set(proposed_for(meeting)) == members - {office_of(leader(city))}


class TestChain:
    def test_the_table_is_the_whole_of_what_a_meeting_can_do(self, city: City) -> None:
        """Every stage × every move: taken where the table says so, refused and unchanged elsewhere."""
        acts = {
            "call": lambda meeting: meetings.call_meeting(meeting=meeting, actor=city.coordinator, now=at(3, 3)),
            "cancel": lambda meeting: meetings.cancel_meeting(
                meeting=meeting, reason="时间冲突", actor=city.coordinator, now=at(3, 3)
            ),
        }  # fmt: skip
        for stage, move in itertools.product(MeetingStage.values, acts):
            meeting = asked(city, planned(city, title=f"{stage} {move}"), leader(city))
            Meeting.objects.filter(pk=meeting.pk).update(stage=stage, reason="—")
            froms, to = MOVES[move]
            if stage in froms:
                assert acts[move](meeting).stage == to
            else:
                with pytest.raises(Refusal):
                    acts[move](meeting)
                meeting.refresh_from_db()
                assert meeting.stage == stage

    def test_an_empty_round_or_a_day_past_is_not_called(self, city: City) -> None:
        meeting = planned(city)
        with pytest.raises(Refusal, match="没有参会岗位"):
            meetings.call_meeting(meeting=meeting, actor=city.coordinator, now=at(3, 3))
        asked(city, meeting, leader(city))
        with pytest.raises(Refusal, match="日期已过"):
            meetings.call_meeting(meeting=meeting, actor=city.coordinator, now=at(3, 11))

    def test_cancelling_says_why(self, city: City) -> None:
        meeting = called(city, leader(city))
        with pytest.raises(Refusal, match="原因"):
            meetings.cancel_meeting(meeting=meeting, reason=" ", actor=city.coordinator, now=at(3, 4))
        made = meetings.cancel_meeting(meeting=meeting, reason="改期", actor=city.coordinator, now=at(3, 4))
        assert (made.stage, made.reason, made.cancelled_at) == ("cancelled", "改期", at(3, 4))
        assert log_is_clean()

    def test_another_unit_does_nothing_to_it(self, city: City) -> None:
        meeting = asked(city, planned(city), district(city))
        for act in (
            lambda: meetings.call_meeting(meeting=meeting, actor=district(city), now=at(3, 3)),
            lambda: meetings.cancel_meeting(meeting=meeting, reason="—", actor=district(city), now=at(3, 3)),
            lambda: meetings.change_meeting(
                meeting=meeting, terms=terms(), actor=district(city), now=at(3, 3)
            ),
            lambda: agenda.add_item(meeting=meeting, title="—", actor=district(city), now=at(3, 3)),
            lambda: asked(city, meeting, leader(city), by=district(city)),
        ):
            with pytest.raises(Refusal, match="召集单位"):
                act()

    def test_the_chair_may_keep_a_meeting_of_another_unit(self, city: City) -> None:
        meeting = planned(city, unit="1506-LGO", chair=office_of(leader(city)))
        assert asked(city, meeting, leader(city), by=leader(city)).invitations.count() == 1


class TestChanging:
    def test_another_day_asks_everybody_anew_and_changes_the_code(self, city: City) -> None:
        meeting = called(city, district(city))
        invitations.reply(
            meeting=meeting,
            office=office_of(district(city)),
            answer="coming",
            actor=district(city),
            now=at(3, 4),
        )
        before = meeting.sign_code_digest
        changed = meetings.change_meeting(
            meeting=meeting, terms=terms(day=dt.date(2026, 3, 12)), actor=city.coordinator, now=at(3, 5)
        )
        assert set(changed.invitations.values_list("reply", flat=True)) == {"none"}
        assert changed.sign_code_digest not in ("", before)
        assert log_is_clean()

    def test_another_place_does_not(self, city: City) -> None:
        meeting = called(city, district(city))
        invitations.reply(
            meeting=meeting,
            office=office_of(district(city)),
            answer="coming",
            actor=district(city),
            now=at(3, 4),
        )
        meetings.change_meeting(
            meeting=meeting, terms=terms(place="二楼"), actor=city.coordinator, now=at(3, 5)
        )
        assert set(meeting.invitations.values_list("reply", flat=True)) == {"coming"}

    def test_what_was_held_is_not_changed(self, city: City) -> None:
        meeting = held(city, leader(city))
        with pytest.raises(Refusal, match="不能再改"):
            meetings.change_meeting(meeting=meeting, terms=terms(), actor=city.coordinator, now=at(3, 10))


class TestAgenda:
    def test_items_keep_their_order_and_one_taken_off_is_gone(self, city: City) -> None:
        meeting = planned(city)
        items = [
            agenda.add_item(meeting=meeting, title=title, minutes=20, actor=city.coordinator, now=at(3, 2))
            for title in ("通报情况", "研究办法", "部署工作")
        ]
        agenda.drop_item(item=items[1], actor=city.coordinator, now=at(3, 3))
        agenda.drop_item(item=items[1], actor=city.coordinator, now=at(3, 3))
        assert list(meeting.agenda.values_list("title", flat=True)) == ["通报情况", "部署工作"]
        assert AuditEntry.objects.filter(verb="leadership.agenda_dropped").count() == 1
        assert log_is_clean()

    def test_an_item_has_a_title(self, city: City) -> None:
        with pytest.raises(Refusal, match="议题"):
            agenda.add_item(meeting=planned(city), title=" ", actor=city.coordinator, now=at(3, 2))


class TestSeries:
    def days(self, meeting: Meeting) -> list[dt.date]:
        return list(Meeting.objects.filter(series=meeting).order_by("day").values_list("day", flat=True))

    def test_the_same_again_each_month_moved_past_holidays(self, city: City) -> None:
        meeting = asked(city, planned(city, day=dt.date(2026, 3, 4)), leader(city), district(city))
        agenda.add_item(meeting=meeting, title="通报情况", actor=city.coordinator, now=at(3, 2))
        made = repeat_meeting(meeting=meeting, per="month", times=3, actor=city.coordinator, now=at(3, 2))
        # 4 April is Qingming (off to the 6th), 4 May Labour Day (off to the 5th)
        assert self.days(meeting) == [dt.date(2026, 4, 7), dt.date(2026, 5, 6), dt.date(2026, 6, 4)]
        assert {(each.stage, each.title, each.agenda.count(), each.invitations.count()) for each in made} == {
            ("planned", meeting.title, 1, 2)
        }
        assert log_is_clean()

    def test_again_plans_nothing_twice_and_nothing_beyond_the_year(self, city: City) -> None:
        meeting = planned(city, day=dt.date(2026, 10, 20))
        repeat_meeting(meeting=meeting, per="month", times=6, actor=city.coordinator, now=at(3, 2))
        assert self.days(meeting) == [dt.date(2026, 11, 20), dt.date(2026, 12, 21)]
        with pytest.raises(Refusal, match="没有可以再安排"):
            repeat_meeting(meeting=meeting, per="month", times=6, actor=city.coordinator, now=at(3, 2))

    def test_the_last_day_of_a_short_month_stands_for_the_thirty_first(self, city: City) -> None:
        meeting = planned(city, day=dt.date(2026, 3, 31))
        repeat_meeting(meeting=meeting, per="month", times=1, actor=city.coordinator, now=at(3, 2))
        assert self.days(meeting) == [dt.date(2026, 4, 30)]

    def test_a_meeting_of_the_series_repeats_for_the_series(self, city: City) -> None:
        meeting = planned(city, day=dt.date(2026, 3, 10))
        [second] = repeat_meeting(meeting=meeting, per="week", times=1, actor=city.coordinator, now=at(3, 2))
        repeat_meeting(meeting=second, per="week", times=1, actor=city.coordinator, now=at(3, 2))
        assert self.days(meeting) == [dt.date(2026, 3, 17), dt.date(2026, 3, 24)]

    @pytest.mark.parametrize(("per", "times"), [("day", 1), ("week", 0), ("week", 27)])
    def test_what_is_no_rhythm_is_refused(self, city: City, per: str, times: int) -> None:
        with pytest.raises(Refusal):
            repeat_meeting(meeting=planned(city), per=per, times=times, actor=city.coordinator, now=at(3, 2))


def plain_overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """By counting minutes: whether there is a minute in both."""
    return bool(set(range(*one)) & set(range(*other)))


class TestClashes:
    def test_offices_asked_to_two_meetings_at_once_are_named(self, city: City) -> None:
        first = called(city, leader(city), district(city))
        second = asked(
            city, planned(city, title="座谈", starts_at=dt.time(10), ends_at=dt.time(12)), district(city)
        )
        found = clashes_of(second)
        assert [(each.meeting, each.offices) for each in found] == [(first, [office_of(district(city))])]

    @pytest.mark.parametrize("start", range(8, 13))
    @pytest.mark.parametrize("length", [1, 2, 4])
    def test_overlap_is_a_minute_in_both(self, city: City, start: int, length: int) -> None:
        called(city, district(city))
        other = asked(
            city, planned(city, title="座谈", starts_at=dt.time(start), ends_at=dt.time(start + length)), district(city)
        )  # fmt: skip
        wanted = plain_overlap((9 * 60, 11 * 60), (start * 60, (start + length) * 60))
        assert bool(clashes_of(other)) is wanted

    def test_without_hours_it_takes_the_whole_day(self, city: City) -> None:
        called(city, district(city), starts_at=None, ends_at=None)
        late = asked(
            city, planned(city, title="晚间", starts_at=dt.time(19), ends_at=dt.time(20)), district(city)
        )
        assert len(clashes_of(late)) == 1

    def test_other_days_other_offices_and_what_is_over_do_not_clash(self, city: City) -> None:
        mine = asked(city, planned(city, title="座谈"), district(city))
        called(city, leader(city), title="别人的")
        called(city, district(city), title="改天", day=dt.date(2026, 3, 11))
        gone = called(city, district(city), title="取消的")
        meetings.cancel_meeting(meeting=gone, reason="—", actor=city.coordinator, now=at(3, 4))
        assert clashes_of(mine) == []

    def test_whoever_stands_in_is_the_one_who_clashes(self, city: City) -> None:
        clerk = city.acting("1506-MU-01", "liaison")
        first = called(city, city.head)
        invitations.reply(
            meeting=first, office=office_of(city.head), answer="stand_in", reason="出差", stand_in=office_of(clerk),
            actor=city.head, now=at(3, 4),
        )  # fmt: skip
        head_s = asked(city, planned(city, title="甲"), city.head)
        clerk_s = asked(city, planned(city, title="乙"), clerk)
        assert (len(clashes_of(head_s)), len(clashes_of(clerk_s))) == (0, 1)


class TestMerging:
    def round_of(self, meeting: Meeting) -> set[str]:
        return set(meeting.invitations.values_list("office__unit__code", flat=True))

    def test_the_same_kind_week_and_offices_are_offered_as_one(self, city: City) -> None:
        first = called(city, district(city), district(city, "150622"))
        second = asked(city, planned(city, title="再部署", day=dt.date(2026, 3, 13)), district(city))
        [found] = merges_for(second)
        assert (found.meeting, found.shared, found.minutes) == (first, 1, 120)
        assert minutes_of(first) == 120

    @pytest.mark.parametrize(
        "changes", [{"day": dt.date(2026, 3, 16)}, {"day": dt.date(2026, 3, 8)}, {"kind": "symposium"}]
    )
    def test_another_week_or_kind_is_not(self, city: City, changes: dict[str, Any]) -> None:
        called(city, district(city))
        assert merges_for(asked(city, planned(city, title="再", **changes), district(city))) == []

    def test_less_than_half_of_the_same_offices_is_not(self, city: City) -> None:
        called(city, leader(city), district(city), city.head)
        second = asked(
            city, planned(city, title="再"), district(city), district(city, "150622"), township(city)
        )
        assert merges_for(second) == []

    def test_one_takes_the_other_s_agenda_and_round_along(self, city: City) -> None:
        into = called(city, district(city))
        meeting = asked(city, planned(city, title="再部署"), district(city), district(city, "150622"))
        agenda.add_item(meeting=into, title="一", actor=city.coordinator, now=at(3, 3))
        agenda.add_item(meeting=meeting, title="二", actor=city.coordinator, now=at(3, 3))
        meetings.merge_meeting(meeting=meeting, into=into, actor=city.coordinator, now=at(3, 4))
        meeting.refresh_from_db()
        assert (meeting.stage, "合并召开" in meeting.reason) == ("cancelled", True)
        assert self.round_of(into) == {"150602", "150622"}
        assert list(into.agenda.values_list("title", flat=True)) == ["一", "二"]
        assert log_is_clean()

    def test_not_with_itself_nor_with_another_kind(self, city: City) -> None:
        meeting = planned(city)
        for other in (meeting, planned(city, kind="symposium")):
            with pytest.raises(Refusal, match="同类会议"):
                meetings.merge_meeting(meeting=meeting, into=other, actor=city.coordinator, now=at(3, 4))
