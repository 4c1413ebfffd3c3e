"""Draft, sign, issue, end, withdraw."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from burden.cast import (
    FAR_VILLAGE,
    OTHER_VILLAGE,
    VILLAGE,
    clerk_of,
    draft,
    field,
    issue,
    leader,
    liaison,
    owed,
    terms,
)
from conftest import CONSOLE, City, at
from guantong.accounts.approvals import decide_approval
from guantong.audit.verification import verify_log
from guantong.burden import chain
from guantong.burden.models import Addressee, Field, FieldRequest
from guantong.burden.operations.answers import answer_request
from guantong.burden.operations.budgets import set_budget
from guantong.burden.operations.drafts import amend_request
from guantong.burden.operations.issuing import end_request, end_requests, issue_request, withdraw_request
from guantong.burden.operations.signing import ask_signature
from guantong.burden.queries.budgets import standing_of
from guantong.burden.queries.requests import cost_of, objections_to, owed_for, requests_visible_to
from guantong.burden.rules.requests import windows
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import Source, State
from guantong.obligations.models import Obligation


@pytest.fixture
def area(city: City) -> Field:
    return field(city, "活动室面积")


def budget(city: City, minutes: int, code: str = "1506-LGO") -> None:
    set_budget(
        cycle=city.cycle, unit=city.units[code], minutes=minutes, basis="年度减负安排", actor=city.coordinator,
        now=at(1, 10),
    )  # fmt: skip


class TestDraft:
    def test_nobody_owes_anything_yet(self, city: City, area: Field) -> None:
        request = draft(city, [area])
        assert (request.stage, request.minutes, owed_for(request).count()) == ("draft", 2, 0)
        assert {each.unit.code for each in request.addressees.all()} == {VILLAGE, OTHER_VILLAGE}
        assert [(each.verb, each.before, each.after) for each in request.steps.all()] == [
            ("draft", "", "draft")
        ]
        assert verify_log().faults == []

    def test_each_unit_has_a_code_of_its_own(self, city: City, area: Field) -> None:
        request = draft(city, [area])
        codes = set(request.addressees.values_list("code", flat=True))
        assert len(codes) == 2
        assert {len(each) for each in codes} == {11}

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"title": ""}, "填什么"),
            ({"purpose": ""}, "填什么"),
            ({"basis": ""}, "填什么"),
            ({"title": "长" * 121}, "120"),
            ({"pillar": "nothing"}, "抓手"),
            ({"per": "week"}, "多久"),
            ({"due_days": 61}, "60"),
            ({"ends_on": dt.date(2026, 3, 1)}, "早于开始"),
            ({"starts_on": dt.date(2026, 3, 1)}, "早于今天"),
            ({"ends_on": dt.date(2027, 1, 2)}, "2026 年内"),
            ({"per": "quarter"}, "没有完整的一期"),
        ],
    )
    def test_terms_nobody_could_ask_on_are_refused(
        self, city: City, area: Field, wrong: dict[str, object], sentence: str
    ) -> None:
        with pytest.raises(Refusal, match=sentence):
            draft(city, [area], **wrong)  # type: ignore[arg-type]
        assert not FieldRequest.objects.exists()

    @pytest.mark.parametrize(
        ("asker", "code"),
        [("150602", FAR_VILLAGE), ("150602", "150602"), ("150602", "1506-MU-01"), ("1506-MU-01", "1506-MU-02"),
         ("1506-MU-01", "1506"), ("1506-LGO", "1506-LGO"), ("1506-LGO", "15")],
    )  # fmt: skip
    def test_only_units_below_are_asked(self, city: City, area: Field, asker: str, code: str) -> None:
        actor = city.coordinator if asker == "1506-LGO" else clerk_of(city, asker)
        with pytest.raises(Refusal, match="下级单位"):
            draft(city, [area], (code,), by=actor)

    @pytest.mark.parametrize(
        ("asker", "code"),
        [("150602", VILLAGE), ("150602", "150602001"), ("1506-MU-01", FAR_VILLAGE), ("1506-MU-01", "150602"),
         ("1506-LGO", "1506-MU-01"), ("1506-MU-01", "150602001-H1")],
    )  # fmt: skip
    def test_those_below_are(self, city: City, area: Field, asker: str, code: str) -> None:
        actor = city.coordinator if asker == "1506-LGO" else clerk_of(city, asker)
        assert draft(city, [area], (code,), by=actor).issuer.code == asker

    def test_whoever_asks_nobody_drafts_nothing(self, city: City, area: Field) -> None:
        for actor in (liaison(city), leader(city)):
            with pytest.raises(Refusal, match="负责人、经办人"):
                draft(city, [area], by=actor)

    def test_a_retired_field_is_not_asked(self, city: City, area: Field) -> None:
        area.retired_at = at(3, 1)
        area.save()
        with pytest.raises(Refusal, match="已停用"):
            draft(city, [area])

    def test_a_request_without_an_end_cannot_be_stored(self, city: City, area: Field) -> None:
        request = draft(city, [area])
        with pytest.raises(IntegrityError), transaction.atomic():
            FieldRequest.objects.filter(pk=request.pk).update(ends_on=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            FieldRequest.objects.filter(pk=request.pk).update(ends_on=dt.date(2026, 3, 1))

    def test_amending_is_for_the_issuing_unit(self, city: City, area: Field) -> None:
        request = draft(city, [area], by=city.head)
        with pytest.raises(Refusal, match="下发单位"):
            amend_request(
                request=request, actor=city.acting("1506-MU-02", "unit_head"), now=at(3, 2), fields=[]
            )
        units = [city.units[FAR_VILLAGE]]
        amend_request(
            request=request,
            actor=city.head,
            now=at(3, 2),
            fields=[],
            units=units,
            terms=terms(title="另一份"),
        )
        request.refresh_from_db()
        assert (request.title, request.minutes, request.asked_fields.count()) == ("另一份", 0, 0)
        assert {each.unit.code for each in request.addressees.all()} == {FAR_VILLAGE}
        assert verify_log().faults == []


class TestWindows:
    def test_once_is_due_some_days_after_the_start_and_never_after_the_end(self) -> None:
        for days, due in ((10, 12), (60, 31)):
            [only] = windows("once", dt.date(2026, 3, 2), dt.date(2026, 3, 31), days)
            assert (only.starts_on, only.due_on) == (dt.date(2026, 3, 2), dt.date(2026, 3, due))

    def test_each_whole_period_is_due_after_its_end(self) -> None:
        found = windows("month", dt.date(2026, 3, 2), dt.date(2026, 7, 10), 10)
        assert [(each.label.en, each.starts_on, each.due_on) for each in found] == [
            ("Apr 2026", dt.date(2026, 4, 30), dt.date(2026, 5, 10)),
            ("May 2026", dt.date(2026, 5, 31), dt.date(2026, 6, 10)),
            ("Jun 2026", dt.date(2026, 6, 30), dt.date(2026, 7, 10)),
        ]
        assert len(windows("month", dt.date(2026, 3, 2), dt.date(2026, 7, 9), 10)) == 2


class TestIssue:
    def test_one_obligation_for_each_unit_and_period(self, city: City, area: Field) -> None:
        request = issue(
            city, [area], per="quarter", starts_on=dt.date(2026, 4, 1), ends_on=dt.date(2026, 12, 31)
        )
        rows = set(owed_for(request).values_list("unit__code", "period_en", "due_on", "minutes"))
        assert rows == {
            (code, label, due, 2)
            for code in (VILLAGE, OTHER_VILLAGE)
            for label, due in (("Q2 2026", dt.date(2026, 7, 10)), ("Q3 2026", dt.date(2026, 10, 10)))
        }
        assert request.issued_on == dt.date(2026, 3, 2)
        assert verify_log().faults == []

    def test_the_price_is_minutes_times_units_times_periods(self, city: City, area: Field) -> None:
        number = field(city, "培训学时", minutes=5)
        request = draft(
            city, [area, number], per="month", starts_on=dt.date(2026, 4, 1), ends_on=dt.date(2026, 7, 31)
        )
        cost = cost_of(request)
        assert (cost.minutes, cost.units, cost.times, cost.forms, cost.total) == (7, 2, 3, 6, 42)

    def test_twice_is_refused_and_changes_nothing(self, city: City, area: Field) -> None:
        request = issue(city, [area])
        with pytest.raises(Refusal, match="“填报中”"):
            issue_request(request=request, actor=city.coordinator, now=at(3, 3))
        assert owed_for(request).count() == 2

    def test_without_fields_or_after_its_first_day_it_is_not_issued(self, city: City, area: Field) -> None:
        with pytest.raises(Refusal, match="还没有填报项"):
            issue(city, [])
        late = draft(city, [area])
        with pytest.raises(Refusal, match="已过"):
            issue_request(request=late, actor=city.coordinator, now=at(3, 3))

    def test_by_the_issuing_unit(self, city: City, area: Field) -> None:
        request = draft(city, [area], by=city.head)
        with pytest.raises(Refusal, match="下发单位"):
            issue_request(request=request, actor=city.acting("1506-MU-02", "unit_head"), now=at(3, 2))
        assert issue_request(request=request, actor=city.head, now=at(3, 2)).stage == "issued"

    def test_no_other_record_fulfils_it(self, city: City, area: Field) -> None:
        from guantong.records.choices import kinds_fitting

        assert kinds_fitting(owed(city, issue(city, [area])).evidence) == frozenset()


class TestBudget:
    def test_none_is_set_by_default(self, city: City) -> None:
        standing = standing_of(city.units["1506-LGO"], city.cycle)
        assert (standing.most, standing.left, standing.is_over_with(10**9)) == (None, None, False)

    def test_whatever_the_unit_asks_counts(self, city: City, area: Field) -> None:
        budget(city, 10, "1506-MU-01")
        issue(city, [area], by=city.head)
        assert standing_of(city.units["1506-MU-01"], city.cycle).left == 6

    def test_exactly_the_budget_may_be_asked_and_not_a_minute_more(self, city: City, area: Field) -> None:
        budget(city, 4, "1506-MU-01")
        issue(city, [area], by=city.head)
        with pytest.raises(Refusal, match="超出 4 分钟"):
            issue(city, [field(city, "培训学时")], by=city.head)

    def test_the_latest_counts_and_the_same_again_changes_nothing(self, city: City) -> None:
        unit = city.units["1506-MU-01"]
        for minutes in (10, 20, 20):
            budget(city, minutes, unit.code)
        assert (standing_of(unit, city.cycle).most, unit.burden_budgets.count()) == (20, 2)

    def test_it_is_set_by_whoever_runs_the_year_on_a_basis(self, city: City) -> None:
        for actor in (city.head, leader(city)):
            with pytest.raises(Refusal, match="统筹协调单位"):
                set_budget(
                    cycle=city.cycle,
                    unit=city.units["1506-MU-01"],
                    minutes=1,
                    basis="—",
                    actor=actor,
                    now=at(3, 2),
                )
        for wrong, sentence in (
            ({"basis": " "}, "依据"),
            ({"minutes": -1}, "额度须在"),
            ({"basis": "长" * 301}, "300"),
        ):
            with pytest.raises(Refusal, match=sentence):
                set_budget(**{"cycle": city.cycle, "unit": city.units["1506-MU-01"], "minutes": 1, "basis": "文件",
                              "actor": city.coordinator, "now": at(3, 2)} | wrong)  # type: ignore[arg-type]  # fmt: skip


class TestWhatStandsAgainst:
    def test_the_same_field_of_the_same_unit_is_asked_once(self, city: City, area: Field) -> None:
        issue(city, [area], title="第一份")
        with pytest.raises(Refusal, match="“活动室面积”已由领导小组办公室在“第一份”中向其中 1 个单位要过"):
            issue(city, [area], (VILLAGE, FAR_VILLAGE), by=city.head)

    def test_other_units_or_other_fields_are_no_overlap(self, city: City, area: Field) -> None:
        issue(city, [area])
        assert issue(city, [area], (FAR_VILLAGE,), by=city.head)
        assert issue(city, [field(city, "培训学时")], by=city.head)

    def test_what_was_taken_back_is_no_overlap_what_ended_is(self, city: City, area: Field) -> None:
        first = issue(city, [area])
        withdraw_request(request=first, reason="发错了", actor=city.coordinator, now=at(3, 2))
        second = issue(city, [area])
        end_request(request=second, reason="够了", actor=city.coordinator, now=at(3, 2))
        with pytest.raises(Refusal, match="要过"):
            issue(city, [area])

    def test_more_fields_than_the_package_allows(self, city: City) -> None:
        names = ["甲乙", "丙丁", "戊己", "庚辛", "壬癸", "子丑", "寅卯", "辰巳", "午未"]
        fields = [field(city, name, meaning=name) for name in names]
        assert issue(city, fields[:8], (FAR_VILLAGE,))
        with pytest.raises(Refusal, match="填 9 项，机制包规定最多 8 项"):
            issue(city, fields)


class TestSign:
    @pytest.fixture
    def over(self, city: City, area: Field) -> FieldRequest:
        budget(city, 3, "1506-MU-01")
        return draft(city, [area], by=city.head)

    def put_up(self, city: City, request: FieldRequest) -> object:
        return ask_signature(request=request, reason="省里要求", actor=city.head, now=at(3, 2))

    def test_a_leader_signs_and_then_it_may_be_issued(self, city: City, over: FieldRequest) -> None:
        approval = self.put_up(city, over)
        with pytest.raises(Refusal, match="报领导签批"):
            issue_request(request=over, actor=city.head, now=at(3, 2))
        decide_approval(approval=approval, granted=True, decision="同意", actor=leader(city), now=at(3, 2))  # type: ignore[arg-type]
        over.refresh_from_db()
        assert (over.stage, over.approval) == ("signed", approval)
        assert issue_request(request=over, actor=city.head, now=at(3, 2)).stage == "issued"
        assert [each.verb for each in over.steps.all()] == ["draft", "put_up", "sign", "issue"]
        assert verify_log().faults == []

    def test_a_coordinating_office_does_not_sign(self, city: City, over: FieldRequest) -> None:
        approval = self.put_up(city, over)
        with pytest.raises(Refusal, match="领导"):
            decide_approval(
                approval=approval, granted=True, decision="", actor=city.coordinator, now=at(3, 2)
            )  # type: ignore[arg-type]
        over.refresh_from_db()
        assert over.stage == "draft"

    def test_a_refused_one_stays_a_draft(self, city: City, over: FieldRequest) -> None:
        approval = self.put_up(city, over)
        decide_approval(
            approval=approval, granted=False, decision="已有数据", actor=leader(city), now=at(3, 2)
        )  # type: ignore[arg-type]
        with pytest.raises(Refusal, match="报领导签批"):
            issue_request(request=over, actor=city.head, now=at(3, 2))

    def test_nothing_is_changed_while_a_leader_looks_at_it(self, city: City, over: FieldRequest) -> None:
        self.put_up(city, over)
        with pytest.raises(Refusal, match="答复之前不能修改"):
            amend_request(request=over, actor=city.head, now=at(3, 2), fields=[])

    def test_what_was_changed_or_taken_back_in_between_is_not_signed(
        self, city: City, over: FieldRequest
    ) -> None:
        approval = self.put_up(city, over)
        FieldRequest.objects.filter(pk=over.pk).update(title="改了")
        with pytest.raises(Refusal, match="已撤回或改动"):
            decide_approval(approval=approval, granted=True, decision="", actor=leader(city), now=at(3, 2))  # type: ignore[arg-type]

    def test_amending_afterwards_drops_the_signature(self, city: City, over: FieldRequest) -> None:
        approval = self.put_up(city, over)
        decide_approval(approval=approval, granted=True, decision="", actor=leader(city), now=at(3, 2))  # type: ignore[arg-type]
        amended = amend_request(request=over, actor=city.head, now=at(3, 2), terms=terms(title="改了"))
        assert (amended.stage, amended.approval) == ("draft", None)
        with pytest.raises(Refusal, match="报领导签批"):
            issue_request(request=over, actor=city.head, now=at(3, 2))

    def test_what_stands_against_it_later_was_not_signed(
        self, city: City, over: FieldRequest, area: Field
    ) -> None:
        approval = self.put_up(city, over)
        decide_approval(approval=approval, granted=True, decision="", actor=leader(city), now=at(3, 2))  # type: ignore[arg-type]
        issue(city, [area], title="别的单位先问了")
        with pytest.raises(Refusal, match="别的单位先问了"):
            issue_request(request=over, actor=city.head, now=at(3, 2))

    def test_a_request_that_needs_no_signature_is_not_put_up(self, city: City, area: Field) -> None:
        request = draft(city, [area], by=city.head)
        assert objections_to(request, issuer=request.issuer) == []
        with pytest.raises(Refusal, match="直接下发"):
            self.put_up(city, request)

    def test_a_reason_is_needed(self, city: City, over: FieldRequest) -> None:
        with pytest.raises(Refusal, match="理由"):
            ask_signature(request=over, reason=" ", actor=city.head, now=at(3, 2))

    def test_a_signed_request_without_signature_cannot_be_stored(
        self, city: City, over: FieldRequest
    ) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            FieldRequest.objects.filter(pk=over.pk).update(stage="signed")


class TestEnd:
    def test_the_day_after_its_last_it_asks_nobody(self, city: City, area: Field) -> None:
        request = issue(city, [area])
        answer_request(
            obligation=owed(city, request), given={area.pk: "80"}, entered_by=liaison(city).office,  # type: ignore[arg-type]
            actor=liaison(city), now=at(3, 5),
        )  # fmt: skip
        assert end_requests(on=dt.date(2026, 3, 31), now=at(3, 31), actor=CONSOLE) == 0
        assert end_requests(on=dt.date(2026, 4, 1), now=at(4, 1), actor=CONSOLE) == 1
        assert end_requests(on=dt.date(2026, 4, 1), now=at(4, 1), actor=CONSOLE) == 0
        request.refresh_from_db()
        states = dict(owed_for(request).values_list("unit__code", "state"))
        assert (request.stage, states) == ("ended", {VILLAGE: "claimed", OTHER_VILLAGE: "cancelled"})
        assert verify_log().faults == []

    def test_only_that_cycle_is_looked_at(self, city: City, area: Field) -> None:
        issue(city, [area])
        assert end_requests(on=dt.date(2026, 4, 1), now=at(4, 1), actor=CONSOLE, cycle=city.cycle) == 1

    def test_earlier_with_a_reason(self, city: City, area: Field) -> None:
        request = issue(city, [area])
        with pytest.raises(Refusal, match="理由"):
            end_request(request=request, reason="", actor=city.coordinator, now=at(3, 3))
        for _time in range(2):
            end_request(request=request, reason="数已够用", actor=city.coordinator, now=at(3, 3))
        request.refresh_from_db()
        assert (request.stage, request.ended_on) == ("ended", dt.date(2026, 3, 3))
        assert request.steps.filter(verb="end").count() == 1

    def test_a_draft_is_withdrawn_without_a_reason_an_issued_request_with_one(
        self, city: City, area: Field
    ) -> None:
        withdraw_request(request=draft(city, [area]), reason="", actor=city.coordinator, now=at(3, 3))
        request = issue(city, [area])
        with pytest.raises(Refusal, match="理由"):
            withdraw_request(request=request, reason=" ", actor=city.coordinator, now=at(3, 3))
        withdraw_request(request=request, reason="发错了", actor=city.coordinator, now=at(3, 3))
        assert set(owed_for(request).values_list("state", flat=True)) == {State.CANCELLED}

    def test_others_do_not_stop_it(self, city: City, area: Field) -> None:
        request = issue(city, [area])
        for act in (end_request, withdraw_request):
            with pytest.raises(Refusal, match="下发单位"):
                act(request=request, reason="—", actor=city.head, now=at(3, 3))

    def test_the_table_has_every_move_and_no_way_back(self, city: City, area: Field) -> None:
        request = issue(city, [area])
        end_request(request=request, reason="—", actor=city.coordinator, now=at(3, 3))
        request.refresh_from_db()
        assert not any(chain.may_follow(request, verb) for verb in chain.MOVES)


class TestSeen:
    def test_a_draft_by_the_issuing_side_only(self, city: City, area: Field) -> None:
        request = draft(city, [area], by=city.head)
        assert set(requests_visible_to(city.head)) == set(requests_visible_to(city.coordinator)) == {request}
        assert set(requests_visible_to(liaison(city))) == set()

    def test_issued_by_those_who_are_asked_and_those_above_them(self, city: City, area: Field) -> None:
        request = issue(city, [area], by=city.head)
        seen = {
            code: request in requests_visible_to(actor)
            for code, actor in {
                "village": liaison(city), "far": liaison(city, FAR_VILLAGE), "township": city.acting("150602001", "commissioner"),
                "other": city.acting("1506-MU-02", "unit_head"), "banner": city.acting("150622", "first_responsible"),
            }.items()
        }  # fmt: skip
        assert seen == {"village": True, "far": False, "township": True, "other": False, "banner": False}


def test_every_obligation_of_this_room_names_its_addressee(city: City, area: Field) -> None:
    issue(city, [area])
    refs = set(Obligation.objects.filter(source=Source.REQUEST).values_list("source_ref", flat=True))
    assert refs == set(Addressee.objects.values_list("pk", flat=True))
