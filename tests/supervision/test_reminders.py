"""Notices follow the state of things: only whoever moves next is asked, and nobody after it has moved on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from conftest import CONSOLE, City, at
from guantong.accounts.models import Office
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.notices.models import Notice
from guantong.notices.operations import Change, ask
from guantong.obligations import operations, timing
from guantong.obligations.models import Claim, Obligation
from guantong.records.operations import enter_record
from guantong.supervision.addressing import Directory, Seat
from guantong.supervision.models import Escalation
from guantong.supervision.operations import sweep_lights
from guantong.supervision.operations.ladder import decide_escalations, propose_escalations
from guantong.supervision.operations.reminders import refresh_notices
from supervision.finding_cast import decide, disputed, drafted, leader, notified, now_of, replied, ruled
from supervision.matter_cast import dispatched, part_of

UNIT = "1506-MU-01"
Said = tuple[Office | None, str]


def refresh(city: City, month: int, day: int) -> Change:
    on, now = dt.date(2026, month, day), at(month, day)
    sweep_lights(actor=CONSOLE, on=on, now=now, cycle=city.cycle)
    return refresh_notices(cycle=city.cycle, on=on, now=now, actor=CONSOLE)


def said_about(about: str, ref: int) -> set[Said]:
    """Who is asked for what about a row now."""
    found = Notice.objects.filter(about=about, about_ref=ref, closed_on=None).select_related("office")
    return {(each.office, each.kind) for each in found}


def owed(city: City, code: str = UNIT) -> Obligation:
    """The first quarter's progress report, due on Wednesday 25 March."""
    return Obligation.objects.filter(unit__code=code, rule="D12").order_by("due_on")[0]


def claimed(city: City, item: Obligation, *, day: int = 20) -> Claim:
    record = enter_record(
        kind="progress", happened_on=dt.date(2026, 3, day), summary="按节点推进",
        entered_by=city.office(UNIT, "unit_head"), actor=city.head, now=at(3, day), today=dt.date(2026, 3, day),
    )  # fmt: skip
    return operations.claim_fulfilment(
        obligation=item, record=record, claimed_by=city.office(UNIT, "unit_head"), actor=city.head, now=at(3, day)
    )  # fmt: skip


class TestOwners:
    def about(self, city: City) -> set[Said]:
        return said_about("obligations.obligation", owed(city).pk)

    def test_the_owing_office_is_asked_from_the_package_s_first_reminder_day(self, signed: City) -> None:
        asked = []
        for day in (17, 18, 25, 26):
            refresh(signed, 3, day)
            asked.append({kind for _office, kind in self.about(signed)})
        assert asked == [set(), {"due"}, {"due"}, {"overdue"}]
        assert self.about(signed) == {(owed(signed).office, "overdue")}

    def test_it_says_what_is_missing_the_minutes_the_place_and_the_day(self, signed: City) -> None:
        refresh(signed, 3, 20)
        item = owed(signed)
        notice = Notice.objects.get(about="obligations.obligation", about_ref=item.pk)
        assert "缺进展报告" in notice.missing
        assert (notice.minutes, notice.url) == (item.minutes, reverse("obligation", args=[item.pk]))
        assert (notice.title, notice.due_on, notice.since) == (str(item), item.due_on, dt.date(2026, 3, 20))

    def test_it_stops_as_soon_as_it_is_claimed(self, signed: City) -> None:
        refresh(signed, 3, 20)
        claimed(signed, owed(signed))
        refresh(signed, 3, 20)
        assert self.about(signed) == set()
        assert Notice.objects.get(about="obligations.obligation", about_ref=owed(signed).pk).closed_on

    def test_a_returned_claim_comes_back_with_the_reviewer_s_words(self, signed: City) -> None:
        claim = claimed(signed, owed(signed))
        operations.review_claim(
            claim=claim, verdict="returned", reason="缺结果", actor=signed.coordinator, now=at(3, 23)
        )
        refresh(signed, 3, 27)
        assert self.about(signed) == {(owed(signed).office, "returned")}
        assert Notice.objects.get(kind="returned").missing == "缺结果"

    def test_what_is_suspended_asks_nobody(self, signed: City) -> None:
        timing.suspend(
            obligation=owed(signed), excused=False, reason="机构改革", actor=signed.coordinator, now=at(3, 1)
        )
        refresh(signed, 3, 26)
        assert self.about(signed) == set()


class TestReviewers:
    @pytest.mark.parametrize(
        ("step", "code", "seat"),
        [
            ("own_head", UNIT, "unit_head"),
            ("issuer", "1506-LGO", "coordinator"),
            ("leader", "1506-LG", "leader"),
        ],
    )
    def test_the_office_whose_step_it_is(self, signed: City, step: str, code: str, seat: str) -> None:
        item = owed(signed)
        item.reviews = [step]
        item.save()
        claim = claimed(signed, item)
        refresh(signed, 3, 20)
        assert said_about("obligations.claim", claim.pk) == {(signed.office(code, seat), "review")}
        Obligation.objects.filter(pk=item.pk).update(state="fulfilled")
        refresh(signed, 3, 20)
        assert said_about("obligations.claim", claim.pk) == set()

    def test_a_township_s_claim_goes_to_the_nearest_office_above_and_not_to_the_city(
        self, signed: City
    ) -> None:
        item = Obligation.objects.filter(unit__code="150602001").order_by("due_on")[0]
        claim = Claim.objects.create(
            obligation=item, nothing_new=True, claimed_by=item.office, claimed_at=at(3, 2)
        )
        Obligation.objects.filter(pk=item.pk).update(state="claimed", claimed_on=dt.date(2026, 3, 2))
        refresh(signed, 3, 20)
        district = signed.office("150602", "first_responsible")
        assert said_about("obligations.claim", claim.pk) == {(district, "review")}

    def test_an_extension_is_answered_by_the_coordinating_office(self, signed: City) -> None:
        asked = timing.ask_extension(
            obligation=owed(signed), until=dt.date(2026, 4, 10), reason="数据未出",
            asked_by=signed.office(UNIT, "unit_head"), actor=signed.head, now=at(3, 20),
        )  # fmt: skip
        refresh(signed, 3, 20)
        office = signed.coordinator.office
        assert said_about("obligations.extension", asked.pk) == {(office, "extension")}
        timing.decide_extension(
            extension=asked, granted=True, decision="", actor=signed.coordinator, now=at(3, 21)
        )
        refresh(signed, 3, 21)
        assert said_about("obligations.extension", asked.pk) == set()


class TestDirectory:
    def test_the_nearest_subtree_wins_and_the_unit_itself_is_passed_over(self) -> None:
        seats = [
            Seat(1, 10, "coordinator", "A"), Seat(2, 20, "unit_head", "AB"), Seat(3, 30, "unit_head", "ABC"),
            Seat(4, 11, "leader", "A"), Seat(5, 30, "clerk", "ABC"), Seat(6, 40, "commissioner", "ABD"),
        ]  # fmt: skip
        directory = Directory.from_seats(seats)
        assert directory.reviewer(unit=30, path="ABC", step="issuer") == 2
        assert directory.reviewer(unit=20, path="AB", step="") == 1
        assert directory.reviewer(unit=30, path="ABC", step="own_head") == 3
        assert directory.reviewer(unit=30, path="ABC", step="leader") == 4
        assert (directory.answerer(30), directory.answerer(40), directory.answerer(99)) == (3, 6, None)
        assert directory.runner("ABC") == 1
        assert directory.decider(unit=30, path="ABC", without=[1]) == 4
        assert directory.decider(unit=30, path="ABC", without=[1, 4]) == 1


class TestMatters:
    def test_the_units_are_asked_to_sign_and_the_issuer_answers_a_refusal(self, signed: City) -> None:
        matter = dispatched(signed)
        refresh(signed, 3, 2)
        for code in (UNIT, "1506-MU-02"):
            part = part_of(matter, code)
            assert said_about("supervision.matterpart", part.pk) == {(part.office, "sign_for")}
        part = part_of(matter, UNIT)
        part.stage = "refused"
        part.save()
        refresh(signed, 3, 3)
        assert said_about("supervision.matterpart", part.pk) == {(matter.issued_by, "refusal")}

    @pytest.mark.parametrize(
        ("kind", "stage", "asked"),
        [
            ("instruction", "completed", {"verify"}),
            ("instruction", "verified", {"strike_off"}),
            ("other", "completed", {"strike_off"}),
            ("other", "closed", set()),
        ],
    )
    def test_the_issuer_verifies_where_the_kind_asks_for_it_then_strikes_off(
        self, signed: City, kind: str, stage: str, asked: set[str]
    ) -> None:
        matter = dispatched(signed)
        matter.kind, matter.stage = kind, stage
        matter.save()
        refresh(signed, 3, 3)
        assert said_about("supervision.matter", matter.pk) == {(matter.issued_by, each) for each in asked}


class TestFindings:
    def about(self, city: City, finding: object, month: int, day: int) -> set[Said]:
        refresh(city, month, day)
        return said_about("supervision.finding", finding.pk)  # type: ignore[attr-defined]

    def test_a_draft_asks_its_finder_and_a_notice_asks_the_unit_until_its_day(self, city: City) -> None:
        found = drafted(city)
        assert self.about(city, found, 3, 2) == {(found.found_by, "notify")}
        told = notified(city)
        assert self.about(city, told, 3, 16) == {(city.head.office, "finding")}
        decider = city.office("1506-LG", "leader")
        assert self.about(city, told, 3, 17) == {(decider, "rule")}

    def test_after_the_reply_somebody_else_than_the_finder_s_office_is_asked_to_rule(
        self, city: City
    ) -> None:
        finding = replied(city)
        assert self.about(city, finding, 3, 6) == {(city.office("1506-LG", "leader"), "rule")}

    def test_the_unit_is_told_of_its_right_and_then_of_nothing_more(self, city: City) -> None:
        finding = ruled(city)
        assert self.about(city, finding, 3, 11) == {(city.head.office, "ruling")}
        finding.stage = "final"
        finding.save()
        assert self.about(city, finding, 4, 12) == set()

    def test_a_recheck_goes_to_a_third_office_where_there_is_one(self, city: City) -> None:
        finding = disputed(city)
        [(third, kind)] = self.about(city, finding, 3, 21)
        assert kind == "recheck"
        assert third not in (finding.found_by, finding.ruling.ruled_by)
        decide(finding, city.acting("1506-LG", "leader", 2), kept=True, day=at(4, 1))
        assert now_of(finding).stage == "final"
        assert self.about(city, finding, 4, 1) == set()


class TestLadder:
    def test_each_coordinating_office_is_asked_once_for_all_proposals(self, signed: City) -> None:
        refresh(signed, 3, 26)
        number = propose_escalations(
            cycle=signed.cycle, on=dt.date(2026, 3, 26), now=at(3, 26), actor=CONSOLE
        )
        refresh(signed, 3, 26)
        notice = Notice.objects.get(about="mechanisms.cycle")
        assert (notice.office, notice.kind) == (signed.coordinator.office, "escalation")
        assert notice.title == f"{number} 项建议措施等待确认"

    def test_a_confirmed_reminder_takes_the_place_of_the_plain_one_for_the_same_office(
        self, signed: City
    ) -> None:
        refresh(signed, 3, 26)
        propose_escalations(cycle=signed.cycle, on=dt.date(2026, 3, 26), now=at(3, 26), actor=CONSOLE)
        item = owed(signed)
        step = Escalation.objects.get(obligation=item)
        decide_escalations(
            escalations=[step], confirmed=True, reason="", actor=signed.coordinator, now=at(3, 26)
        )
        refresh(signed, 3, 26)
        assert said_about("supervision.escalation", step.pk) == {(signed.head.office, "reminded")}
        others = {item.office} - {signed.head.office}
        assert said_about("obligations.obligation", item.pk) == {(each, "overdue") for each in others}
        claimed(signed, item, day=27)
        refresh(signed, 3, 27)
        assert said_about("supervision.escalation", step.pk) == set()


class TestRefresh:
    def test_a_second_time_touches_nothing_and_writes_no_log_row(self, signed: City) -> None:
        assert refresh(signed, 3, 20)
        rows = AuditEntry.objects.filter(verb="supervision.notices_refreshed").count()
        assert not refresh(signed, 3, 20)
        assert AuditEntry.objects.filter(verb="supervision.notices_refreshed").count() == rows == 1

    def test_notices_of_other_rooms_and_cycles_are_left_alone(self, signed: City) -> None:
        kept = ask(
            office=signed.office(UNIT, "unit_head"), kind="self_score", about="assessment.round", about_ref=1,
            title="自评", missing="缺自评。", minutes=30, url="/", on=dt.date(2026, 3, 1),
        )  # fmt: skip
        other = ask(
            office=signed.office(UNIT, "unit_head"), kind="due", about="obligations.obligation", about_ref=999_999,
            title="别的年度", missing="缺进展报告。", minutes=2, url="/", on=dt.date(2026, 3, 1),
        )  # fmt: skip
        refresh(signed, 3, 20)
        left = Notice.objects.filter(pk__in=[kept.pk, other.pk], closed_on=None)
        assert set(left) == {kept, other}

    def test_the_number_of_queries_does_not_grow(
        self, signed: City, django_assert_max_num_queries: object
    ) -> None:
        dispatched(signed)
        disputed(signed)
        on, now = dt.date(2026, 9, 1), at(9, 1)
        sweep_lights(actor=CONSOLE, on=on, now=now, cycle=signed.cycle)
        with django_assert_max_num_queries(30):  # type: ignore[operator]
            change = refresh_notices(cycle=signed.cycle, on=on, now=now, actor=CONSOLE)
        assert change.opened > 60

    def test_the_log_is_sound(self, signed: City) -> None:
        disputed(signed)
        refresh(signed, 3, 20)
        refresh(signed, 4, 20)
        assert verify_log().faults == []

    def test_the_leader_of_the_cast_is_the_one_asked(self, city: City) -> None:
        assert leader(city).office == city.office("1506-LG", "leader")
