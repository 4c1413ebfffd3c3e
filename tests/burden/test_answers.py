"""Answering: one record, one claim, every value kept and used again; paper by somebody else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from burden.cast import OTHER_VILLAGE, VILLAGE, clerk_of, field, issue, leader, liaison, owed
from conftest import City, at
from guantong.accounts.acting import Acting
from guantong.audit.verification import verify_log
from guantong.burden.models import Answer, Field, FieldRequest, Response
from guantong.burden.operations.answers import answer_request, confirm_unchanged
from guantong.burden.operations.issuing import withdraw_request
from guantong.burden.queries.known import known_values, values_visible_to
from guantong.burden.rules.values import WrongValueError, read_value
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Claim, Obligation
from guantong.obligations.operations import review_claim
from guantong.obligations.queries import claims_awaiting_review
from guantong.records.models import Record


@pytest.fixture
def area(city: City) -> Field:
    return field(city, "活动室面积", kind="decimal", measure="平方米")


@pytest.fixture
def request_(city: City, area: Field) -> FieldRequest:
    return issue(city, [area], per="month", starts_on=dt.date(2026, 3, 2), ends_on=dt.date(2026, 12, 31))


def answer(city: City, obligation: Obligation, given: dict[int, str | None], *, month: int = 5, day: int = 2,
           actor: Acting | None = None, **more: object) -> Response:  # fmt: skip
    by = actor or liaison(city)
    return answer_request(
        obligation=obligation,
        given=given,
        entered_by=by.office,
        actor=by,
        now=at(month, day),
        **more,  # type: ignore[arg-type]
    )


def review(city: City, response: Response, verdict: str) -> None:
    actor = city.acting("150602", "first_responsible")
    reason = "数字不对" if verdict == "returned" else ""
    review_claim(claim=response.claim, verdict=verdict, reason=reason, actor=actor, now=at(5, 4))


class TestAnswer:
    def test_one_record_one_claim_and_the_value(
        self, city: City, request_: FieldRequest, area: Field
    ) -> None:
        obligation = owed(city, request_)
        response = answer(city, obligation, {area.pk: "80.50"})
        obligation.refresh_from_db()
        assert obligation.state == "claimed"
        assert [(each.kind, str(each.summary)) for each in Record.objects.all()] == [
            ("progress", "填报：阵地情况 · 2026年4月")
        ]
        assert set(Answer.objects.values_list("field", "unit__code", "value", "no_data", "kept")) == {
            (area.pk, VILLAGE, "80.5", False, False)
        }
        assert (response.claim.claimed_by.unit.code, response.on_paper, response.entered_by) == (
            VILLAGE, False, liaison(city).office,
        )  # fmt: skip
        assert verify_log().faults == []

    def test_no_data_is_an_answer_and_not_nought(
        self, city: City, request_: FieldRequest, area: Field
    ) -> None:
        answer(city, owed(city, request_), {area.pk: None})
        assert set(Answer.objects.values_list("value", "no_data")) == {("", True)}
        assert known_values(fields=[area.pk], unit=city.units[VILLAGE].pk) == {}

    def test_a_field_left_empty_is_refused_by_name(
        self, city: City, request_: FieldRequest, area: Field
    ) -> None:
        for given in ({}, {area.pk: " "}, {area.pk: "很多"}):
            with pytest.raises(Refusal, match="活动室面积："):
                answer(city, owed(city, request_), given)  # type: ignore[arg-type]
        assert not Record.objects.exists()

    def test_the_same_submission_twice_is_one_response(
        self, city: City, request_: FieldRequest, area: Field
    ) -> None:
        first, second = (
            answer(city, owed(city, request_), {area.pk: "80"}, submission_key="k") for _time in range(2)
        )
        assert first == second
        assert (Record.objects.count(), Claim.objects.count()) == (1, 1)

    def test_a_second_submission_waits_for_the_review(
        self, city: City, request_: FieldRequest, area: Field
    ) -> None:
        answer(city, owed(city, request_), {area.pk: "80"})
        with pytest.raises(Refusal, match="正在等待审核"):
            answer(city, owed(city, request_), {area.pk: "81"})

    def test_only_in_the_unit_that_is_asked(self, city: City, request_: FieldRequest, area: Field) -> None:
        for actor in (
            liaison(city, OTHER_VILLAGE),
            city.acting("150602001", "commissioner"),
            city.coordinator,
        ):
            with pytest.raises(Refusal, match="自己填报"):
                answer(city, owed(city, request_), {area.pk: "80"}, actor=actor)

    def test_not_before_its_period_ends(self, city: City, request_: FieldRequest, area: Field) -> None:
        with pytest.raises(Refusal, match="2026-04-30 起"):
            answer(city, owed(city, request_), {area.pk: "80"}, month=4, day=29)

    def test_not_after_it_stopped(self, city: City, request_: FieldRequest, area: Field) -> None:
        withdraw_request(request=request_, reason="发错了", actor=city.coordinator, now=at(5, 1))
        with pytest.raises(Refusal, match="已经停止"):
            answer(city, owed(city, request_), {area.pk: "80"})

    def test_another_obligation_is_none_of_this_room(self, signed: City) -> None:
        other = Obligation.objects.filter(source="duty", unit__code="1506-MU-01")[0]
        with pytest.raises(Refusal, match="不是填报要求"):
            answer(signed, other, {}, actor=signed.head)

    def test_a_returned_answer_is_given_again_and_is_not_known(
        self, city: City, request_: FieldRequest, area: Field
    ) -> None:
        review(city, answer(city, owed(city, request_), {area.pk: "8000"}), "returned")
        assert known_values(fields=[area.pk], unit=city.units[VILLAGE].pk) == {}
        review(city, answer(city, owed(city, request_), {area.pk: "80"}, day=5), "accepted")
        known = known_values(fields=[area.pk], unit=city.units[VILLAGE].pk)[area.pk]
        assert (known.value, known.answered_on, known.request) == ("80", dt.date(2026, 5, 5), "阵地情况")
        assert owed(city, request_).state == "fulfilled"
        assert verify_log().faults == []

    def test_an_answer_is_a_value_or_no_data_in_the_database_too(
        self, city: City, request_: FieldRequest, area: Field
    ) -> None:
        answer(city, owed(city, request_), {area.pk: "80"})
        for wrong in ({"no_data": True}, {"value": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Answer.objects.update(**wrong)


class TestUnchanged:
    def test_one_tap_confirms_what_is_known(self, city: City, request_: FieldRequest, area: Field) -> None:
        answer(city, owed(city, request_), {area.pk: "80"})
        response = confirm_unchanged(
            obligation=owed(city, request_, period=1), entered_by=liaison(city).office, actor=liaison(city),  # type: ignore[arg-type]
            now=at(6, 2),
        )  # fmt: skip
        assert response.unchanged
        assert set(response.answers.values_list("value", "kept")) == {("80", True)}
        assert verify_log().faults == []

    def test_not_while_something_was_never_answered(
        self, city: City, request_: FieldRequest, area: Field
    ) -> None:
        with pytest.raises(Refusal, match="还没有填过“活动室面积”"):
            confirm_unchanged(
                obligation=owed(city, request_),
                entered_by=liaison(city).office,
                actor=liaison(city),
                now=at(5, 2),  # type: ignore[arg-type]
            )

    def test_what_one_request_asked_another_only_confirms(
        self, city: City, area: Field, request_: FieldRequest
    ) -> None:
        answer(city, owed(city, request_), {area.pk: "80"})
        clerk = clerk_of(city, "150602")
        from burden.cast import draft
        from guantong.accounts.approvals import decide_approval
        from guantong.burden.operations.issuing import issue_request
        from guantong.burden.operations.signing import ask_signature

        other = draft(city, [area], by=clerk, now=at(5, 3), title="另一份", starts_on=dt.date(2026, 5, 3),
                      ends_on=dt.date(2026, 6, 30))  # fmt: skip
        approval = ask_signature(request=other, reason="年中核对", actor=clerk, now=at(5, 3))
        decide_approval(approval=approval, granted=True, decision="", actor=leader(city), now=at(5, 3))
        issue_request(request=other, actor=clerk, now=at(5, 3))
        made = confirm_unchanged(
            obligation=owed(city, other),
            entered_by=liaison(city).office,
            actor=liaison(city),
            now=at(5, 4),  # type: ignore[arg-type]
        )
        assert [each.value for each in made.answers.all()] == ["80"]


class TestPaper:
    def test_somebody_above_types_what_the_village_wrote(
        self, city: City, request_: FieldRequest, area: Field
    ) -> None:
        commissioner = city.acting("150602001", "commissioner")
        made = answer(
            city, owed(city, request_), {area.pk: "80"}, actor=commissioner, on_paper=True, day=6,
            answered_on=dt.date(2026, 5, 2),
        )  # fmt: skip
        assert (made.on_paper, made.entered_by, made.enterer, made.answered_on) == (
            True, commissioner.office, commissioner.person, dt.date(2026, 5, 2),
        )  # fmt: skip
        assert (made.claim.claimed_by.unit.code, made.claim.claimant) == (VILLAGE, commissioner.person)

    def test_whoever_typed_does_not_review(self, city: City, request_: FieldRequest, area: Field) -> None:
        head = city.acting("150602", "first_responsible")
        made = answer(city, owed(city, request_), {area.pk: "80"}, actor=head, on_paper=True)
        assert made.claim not in claims_awaiting_review(head)
        with pytest.raises(Refusal, match="不能审核自己"):
            review_claim(claim=made.claim, verdict="accepted", reason="", actor=head, now=at(5, 4))
        review_claim(claim=made.claim, verdict="accepted", reason="", actor=city.coordinator, now=at(5, 4))

    def test_by_the_issuing_unit_too_but_by_no_other(self, city: City, area: Field) -> None:
        request = issue(city, [area], by=city.head)
        other = city.acting("1506-MU-02", "unit_head")
        with pytest.raises(Refusal, match="代录"):
            answer(city, owed(city, request), {area.pk: "80"}, actor=other, on_paper=True, month=3, day=5)
        assert answer(
            city, owed(city, request), {area.pk: "80"}, actor=city.head, on_paper=True, month=3, day=5
        )

    @pytest.mark.parametrize("day", [dt.date(2026, 4, 29), dt.date(2026, 5, 7)])
    def test_the_day_on_the_paper_lies_in_the_period(
        self, city: City, request_: FieldRequest, area: Field, day: dt.date
    ) -> None:
        with pytest.raises(Refusal, match="填写日期"):
            answer(
                city, owed(city, request_), {area.pk: "80"}, actor=city.acting("150602001", "commissioner"),
                on_paper=True, answered_on=day, day=6,
            )  # fmt: skip


class TestKnown:
    def test_whoever_may_ask_may_read_what_was_answered(
        self, city: City, request_: FieldRequest, area: Field
    ) -> None:
        answer(city, owed(city, request_), {area.pk: "80"})
        answer(city, owed(city, request_, OTHER_VILLAGE), {area.pk: "70"}, actor=liaison(city, OTHER_VILLAGE))
        seen = {
            name: set(values_visible_to(actor, area).values_list("unit__code", "value"))
            for name, actor in {
                "member": city.acting("1506-MU-02", "unit_head"), "office": city.coordinator, "village": liaison(city),
                "banner": city.acting("150622", "first_responsible"), "leader": leader(city),
            }.items()
        }  # fmt: skip
        both = {(VILLAGE, "80"), (OTHER_VILLAGE, "70")}
        assert seen == {
            "member": both,
            "office": both,
            "village": {(VILLAGE, "80")},
            "banner": set(),
            "leader": both,
        }

    def test_the_last_of_each_unit(self, city: City, request_: FieldRequest, area: Field) -> None:
        answer(city, owed(city, request_), {area.pk: "80"})
        answer(city, owed(city, request_, period=1), {area.pk: "85"}, month=6)
        assert [each.value for each in values_visible_to(city.coordinator, area)] == ["85"]


class TestReadValue:
    @pytest.mark.parametrize(
        ("kind", "typed", "kept"),
        [("whole", " １２ ", "12"), ("whole", "1,200", "1200"), ("whole", "-3", "-3"), ("whole", "007", "7"), ("whole", "0", "0"),
         ("decimal", "3.50", "3.5"), ("decimal", "0.0", "0"), ("decimal", "-0", "0"), ("date", "2026/03/31", "2026-03-31"),
         ("choice", "有", "有"), ("text", " 正常 开放 ", "正常 开放")],
    )  # fmt: skip
    def test_is_kept_as_plain_text(self, kind: str, typed: str, kept: str) -> None:
        assert read_value(Field(kind=kind, options=["有", "无"]), typed) == kept

    @pytest.mark.parametrize(
        ("kind", "typed"),
        [("whole", "3.5"), ("whole", "十二"), ("whole", "1e3"), ("whole", "9" * 14), ("decimal", "1.23456"), ("decimal", "NaN"), ("decimal", "80,5"), ("whole", "1,20"),
         ("decimal", "=1+1"), ("date", "3月"), ("date", "2026-02-30"), ("choice", "也许"), ("text", "长" * 201), ("text", "  ")],
    )  # fmt: skip
    def test_or_refused(self, kind: str, typed: str) -> None:
        with pytest.raises(WrongValueError):
            read_value(Field(kind=kind, options=["有", "无"]), typed)
