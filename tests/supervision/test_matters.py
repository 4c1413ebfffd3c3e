"""From the draft to striking off, and what stands in the way."""

from __future__ import annotations

import datetime as dt

import pytest

from conftest import CONSOLE, City, at
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Obligation
from guantong.supervision import chain
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import Matter, MatterPart, Step
from guantong.supervision.operations import matter_drafts, matters, parts, pauses, verifying
from guantong.supervision.operations.following import follow, follow_waist, matter_stage_now, stage_now
from guantong.supervision.operations.matter_drafts import PartPlan
from supervision.matter_cast import (
    COOPERATING,
    DISTRICT,
    LEAD,
    accept,
    completed,
    dispatched,
    drafted,
    head_of,
    log_is_clean,
    now_of,
    part_of,
    plans,
    report,
    second_coordinator,
    signed_for,
    stages,
    states,
    terms,
)


class TestChain:
    def test_every_move_starts_and_ends_at_a_stage_there_is(self) -> None:
        for table, known in ((chain.MATTER, MatterStage.values), (chain.PART, PartStage.values)):
            for verb, move in table.items():
                assert move.before <= {"", *known}, verb
                assert move.after in {"", *known}, verb
                assert move.who in chain.Who.values

    def test_every_stage_can_be_reached_from_the_first(self) -> None:
        for table, first, known in (
            (chain.MATTER, "", MatterStage.values),
            (chain.PART, "planned", PartStage.values),
        ):
            reached, grown = {first}, True
            while grown:
                more = {move.after for move in table.values() if move.after and move.before & reached}
                grown, reached = not more <= reached, reached | more
            assert reached - {""} == set(known)

    def test_a_refusal_names_the_present_stage(self, city: City) -> None:
        matter = drafted(city)
        with pytest.raises(Refusal, match=r"现在是“拟立项”，不能交办"):
            matters.dispatch_matter(matter=matter, actor=city.coordinator, now=at(3, 2))

    @pytest.mark.parametrize("verb", ["register", "dispatch", "strike_off", "suspend", "reopen", "verify"])
    def test_an_ended_matter_moves_no_more_but_by_reopening(self, city: City, verb: str) -> None:
        for stage in chain.ENDED_MATTERS:
            matter = Matter(stage=stage, title="…")
            assert chain.may_follow(matter, verb) == (verb == "reopen" and stage == "closed")


class TestDraft:
    def test_the_kind_gives_the_due_day_and_how_often_to_report(self, city: City) -> None:
        matter = drafted(city, kind="instruction", due_on=None)
        assert (matter.due_on, matter.first_due_on) == (dt.date(2026, 3, 9), dt.date(2026, 3, 9))
        assert set(matter.parts.values_list("unit__code", "part", "base_report_days", "stage")) == {
            (LEAD, "lead", 7, "planned"),
            (COOPERATING, "cooperating", 7, "planned"),
        }
        assert not Obligation.objects.filter(source="matter").exists()
        assert log_is_clean()

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"title": " "}, "写明督办什么"),
            ({"basis": ""}, "写明依据"),
            ({"kind": "nothing"}, "选择事项类别"),
            ({"origin": "rumour"}, "选择事项来源"),
            ({"due_on": dt.date(2026, 3, 1)}, "已经过去"),
        ],
    )
    def test_what_is_missing_is_said(self, city: City, changes: dict[str, object], sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            drafted(city, **changes)
        assert not Matter.objects.exists()

    @pytest.mark.parametrize(
        ("codes", "sentence"),
        [
            ([], "牵头单位"),
            ([(LEAD, "lead"), (COOPERATING, "lead")], "牵头单位"),
            ([(LEAD, "lead"), (LEAD, "cooperating")], "只承担一次"),
            ([("1506-LGO", "lead")], "交办单位自己"),
            ([("1506-LG", "lead")], "没有可以签收"),
        ],
    )
    def test_the_parts_must_make_sense(self, city: City, codes: list[tuple[str, str]], sentence: str) -> None:
        chosen = [PartPlan(city.units[code], part) for code, part in codes]
        with pytest.raises(Refusal, match=sentence):
            matter_drafts.draft_matter(
                cycle=city.cycle, terms=terms(), parts=chosen, actor=city.coordinator, now=at(3, 2)
            )

    def test_only_a_coordinating_office_drafts(self, city: City) -> None:
        with pytest.raises(Refusal, match="统筹协调"):
            matter_drafts.draft_matter(
                cycle=city.cycle, terms=terms(), parts=plans(city), actor=city.head, now=at(3, 2)
            )

    def test_a_draft_can_be_changed_and_a_registered_matter_cannot(self, city: City) -> None:
        matter = drafted(city)
        change = {
            "matter": matter,
            "terms": terms(title="另一件事"),
            "actor": city.coordinator,
            "now": at(3, 2),
        }
        matter_drafts.amend_draft(parts=plans(city, also=[DISTRICT]), **change)  # type: ignore[arg-type]
        assert now_of(matter).title == "另一件事"
        assert stages(matter) == {LEAD: "planned", DISTRICT: "planned", COOPERATING: "withdrawn"}
        matter_drafts.amend_draft(parts=plans(city), **change)  # type: ignore[arg-type]
        assert stages(matter) == {LEAD: "planned", DISTRICT: "withdrawn", COOPERATING: "planned"}
        matters.register_matter(matter=matter, actor=city.coordinator, now=at(3, 2))
        with pytest.raises(Refusal, match="已立项"):
            matter_drafts.amend_draft(parts=plans(city), **change)  # type: ignore[arg-type]
        assert log_is_clean()


class TestRegisterAndDispatch:
    def test_numbers_follow_each_other_within_the_cycle(self, city: City) -> None:
        made = [drafted(city, title=f"第 {n} 件") for n in range(3)]
        for each in reversed(made):
            matters.register_matter(matter=each, actor=city.coordinator, now=at(3, 2))
        assert list(Matter.objects.order_by("pk").values_list("number", flat=True)) == [3, 2, 1]

    def test_registering_twice_is_refused_and_keeps_the_number(self, city: City) -> None:
        matter = drafted(city)
        matters.register_matter(matter=matter, actor=city.coordinator, now=at(3, 2))
        with pytest.raises(Refusal, match="已立项"):
            matters.register_matter(matter=matter, actor=city.coordinator, now=at(3, 2))
        assert now_of(matter).number == 1

    def test_each_unit_owes_its_part_at_the_waist_from_that_day(self, city: City) -> None:
        matter = dispatched(city, kind="meeting", also=[COOPERATING, DISTRICT])
        owed = Obligation.objects.filter(source="matter")
        assert set(owed.values_list("unit__code", "part", "state", "starts_on", "due_on")) == {
            (code, part, "open", dt.date(2026, 3, 2), dt.date(2026, 4, 30))
            for code, part in ((LEAD, "lead"), (COOPERATING, "cooperating"), (DISTRICT, "cooperating"))
        }
        assert {each.source_ref for each in owed} == set(matter.parts.values_list("pk", flat=True))
        assert {row.obligation_id for row in matter.parts.all()} == {row.pk for row in owed}
        assert set(matter.parts.values_list("stage", "sign_by")) == {("assigned", dt.date(2026, 3, 4))}
        assert log_is_clean()

    def test_nobody_is_asked_to_review_who_does_not_exist(self, city: City) -> None:
        """A member unit has a head and a liaison; the district's head is alone, so nobody could report to it."""
        dispatched(city, kind="instruction", also=[DISTRICT])
        rows = Obligation.objects.filter(source="matter").values_list("unit__code", "reviews", "office__seat")
        assert {(code, tuple(steps), seat) for code, steps, seat in rows} == {
            (LEAD, ("own_head", "issuer", "leader"), "liaison"),
            (DISTRICT, ("issuer", "leader"), "first_responsible"),
        }

    def test_only_the_issuing_unit_registers_and_dispatches(self, city: City) -> None:
        matter = drafted(city)
        with pytest.raises(Refusal, match="交办单位"):
            matters.register_matter(matter=matter, actor=city.head, now=at(3, 2))
        matters.register_matter(matter=matter, actor=city.coordinator, now=at(3, 2))
        with pytest.raises(Refusal, match="交办单位"):
            matters.dispatch_matter(matter=matter, actor=city.acting("1506-LG", "leader"), now=at(3, 2))


class TestFollowTheWaist:
    def test_a_claim_and_its_reviews_move_the_part_and_then_the_matter(self, city: City) -> None:
        matter = signed_for(city, dispatched(city))
        assert matter.stage == "under_way"
        claim = report(city, matter, LEAD)
        assert stage_now(part_of(matter, LEAD)) == "reported"  # shown before it is written down
        assert follow_waist(cycle=city.cycle, now=at(3, 20, 12), actor=CONSOLE) == 1
        assert stages(matter) == {LEAD: "reported", COOPERATING: "under_way"}
        accept(city, claim)
        accept(city, report(city, matter, COOPERATING))
        rows = [part_of(matter, code) for code in (LEAD, COOPERATING)]
        assert matter_stage_now(now_of(matter), rows) == "completed"
        assert follow_waist(cycle=city.cycle, now=at(3, 22), actor=CONSOLE) == 2
        assert (now_of(matter).stage, set(stages(matter).values())) == ("completed", {"completed"})
        assert log_is_clean()

    def test_following_again_changes_nothing(self, city: City) -> None:
        matter = completed(city)
        follow_waist(cycle=city.cycle, now=at(3, 22), actor=CONSOLE)
        steps = Step.objects.count()
        assert follow_waist(cycle=city.cycle, now=at(3, 23), actor=CONSOLE) == 0
        assert follow(matter=matter, now=at(3, 23), actor=CONSOLE) == 0
        assert Step.objects.count() == steps

    def test_the_steps_say_who_claimed_and_who_reviewed_and_when(self, city: City) -> None:
        matter = completed(city, also=[])
        follow_waist(cycle=city.cycle, now=at(3, 25), actor=CONSOLE)
        steps = Step.objects.filter(matter=matter, part__isnull=False).order_by("pk")
        assert [(each.verb, each.before, each.after) for each in steps] == [
            ("assign", "planned", "assigned"),
            ("sign", "assigned", "under_way"),
            ("report", "under_way", "reported"),
            ("complete", "reported", "completed"),
        ]
        assert [each.person for each in steps][2:] == [city.head.person, city.coordinator.person]
        assert [each.taken_at for each in steps][2:] == [at(3, 20), at(3, 21)]

    def test_a_return_at_the_waist_is_a_returned_part_with_the_reason(self, city: City) -> None:
        matter = signed_for(city, dispatched(city, also=[]), LEAD)
        report(city, matter, LEAD)
        verifying.send_back(
            matter=matter, parts=[part_of(matter, LEAD)], reason="缺凭证", due_on=None,
            actor=city.coordinator, now=at(3, 21),
        )  # fmt: skip
        assert (stages(matter), states(matter)) == ({LEAD: "returned"}, {(LEAD, "returned")})
        assert Step.objects.get(verb="return").reason == "缺凭证"
        assert log_is_clean()

    def test_whoever_reports_without_signing_has_it_in_hand(self, city: City) -> None:
        matter = dispatched(city, also=[])
        report(city, matter, LEAD)
        follow_waist(cycle=city.cycle, now=at(3, 20), actor=CONSOLE)
        assert (part_of(matter, LEAD).signed_on, now_of(matter).stage) == (dt.date(2026, 3, 20), "under_way")


class TestVerify:
    def test_a_kind_that_wants_it_is_not_struck_off_before(self, city: City) -> None:
        matter = completed(city, kind="demand")
        with pytest.raises(Refusal, match="先核查"):
            matters.strike_off(matter=matter, actor=city.coordinator, now=at(3, 23))
        verifying.verify_matter(
            matter=matter, result="现场核实，账款已到账", actor=second_coordinator(city), now=at(3, 23)
        )
        matters.strike_off(matter=matter, actor=city.coordinator, now=at(3, 24))
        assert (now_of(matter).stage, set(stages(matter).values())) == ("closed", {"closed"})
        assert now_of(matter).closed_on == dt.date(2026, 3, 24)
        assert log_is_clean()

    def test_not_by_whoever_reviewed(self, city: City) -> None:
        matter = completed(city, kind="demand")
        with pytest.raises(Refusal, match="没有参加"):
            verifying.verify_matter(matter=matter, result="属实", actor=city.coordinator, now=at(3, 23))

    def test_not_by_the_unit(self, city: City) -> None:
        with pytest.raises(Refusal, match="没有参加"):
            verifying.verify_matter(
                matter=completed(city, kind="demand"), result="属实", actor=city.head, now=at(3, 23)
            )

    def test_the_result_must_be_said(self, city: City) -> None:
        with pytest.raises(Refusal, match="怎样核查"):
            verifying.verify_matter(
                matter=completed(city, kind="demand"), result=" ", actor=second_coordinator(city), now=at(3, 23)
            )  # fmt: skip

    @pytest.mark.parametrize("back", [[LEAD], [LEAD, COOPERATING]])
    def test_what_does_not_hold_goes_back_to_one_unit_or_to_all(self, city: City, back: list[str]) -> None:
        matter = completed(city, kind="demand")
        verifying.send_back(
            matter=matter, parts=[part_of(matter, code) for code in back], reason="凭证与账不符",
            due_on=dt.date(2026, 4, 10), actor=second_coordinator(city), now=at(3, 24),
        )  # fmt: skip
        assert now_of(matter).stage == "under_way"
        assert {code for code, stage in stages(matter).items() if stage == "returned"} == set(back)
        anew = Obligation.objects.filter(source="matter", state="open")
        assert set(anew.values_list("unit__code", "due_on")) == {
            (code, dt.date(2026, 4, 10)) for code in back
        }
        assert (
            Obligation.objects.filter(source="matter", state="fulfilled").count() == 2
        )  # as they were settled
        for code in back:
            accept(city, report(city, matter, code, day=at(4, 1)), day=at(4, 2))
        follow_waist(cycle=city.cycle, now=at(4, 2), actor=CONSOLE)
        assert now_of(matter).stage == "completed"
        assert log_is_clean()

    def test_sending_back_what_was_not_reported_is_refused(self, city: City) -> None:
        matter = signed_for(city, dispatched(city))
        with pytest.raises(Refusal, match="没有可以退回的反馈"):
            verifying.send_back(
                matter=matter, parts=[part_of(matter, LEAD)], reason="…", due_on=None,
                actor=city.coordinator, now=at(3, 21),
            )  # fmt: skip
        assert stages(matter)[LEAD] == "under_way"


class TestStrikeOff:
    def test_only_by_the_issuer(self, city: City) -> None:
        matter = completed(city)
        for actor in (city.head, city.acting("1506-LG", "leader")):
            with pytest.raises(Refusal, match="交办单位"):
                matters.strike_off(matter=matter, actor=actor, now=at(3, 23))
        matters.strike_off(matter=matter, actor=city.coordinator, now=at(3, 23))
        assert now_of(matter).stage == "closed"

    def test_not_by_a_person_who_reported_for_the_unit(self, city: City) -> None:
        """Two hats do not help: the person who claimed may not strike off for the issuer."""
        from guantong.accounts.acting import Acting

        matter = completed(city)
        assert city.head.person is not None
        with pytest.raises(Refusal, match="反馈过"):
            matters.strike_off(
                matter=matter, actor=Acting(city.head.person, city.coordinator.office), now=at(3, 23)
            )

    def test_not_while_a_unit_still_works(self, city: City) -> None:
        matter = signed_for(city, dispatched(city))
        accept(city, report(city, matter, LEAD))
        with pytest.raises(Refusal, match="现在是“办理中”，不能销号"):
            matters.strike_off(matter=matter, actor=city.coordinator, now=at(3, 23))


class TestReopen:
    def test_the_units_owe_it_anew_and_the_first_date_is_kept(self, city: City) -> None:
        matter = completed(city)
        matters.strike_off(matter=matter, actor=city.coordinator, now=at(3, 23))
        pauses.reopen_matter(
            matter=matter, reason="问题反弹", due_on=dt.date(2026, 6, 30), parts=[part_of(matter, LEAD)],
            actor=city.coordinator, now=at(5, 6),
        )  # fmt: skip
        found = now_of(matter)
        assert (found.stage, found.closed_on, found.due_on, found.first_due_on) == (
            "under_way", None, dt.date(2026, 6, 30), dt.date(2026, 4, 30),
        )  # fmt: skip
        assert stages(matter) == {LEAD: "under_way", COOPERATING: "closed"}
        assert states(matter) == {(LEAD, "fulfilled"), (LEAD, "open"), (COOPERATING, "fulfilled")}
        accept(city, report(city, matter, LEAD, day=at(6, 1)), day=at(6, 2))
        matters.strike_off(matter=matter, actor=city.coordinator, now=at(6, 3))
        assert log_is_clean()

    def test_it_needs_a_reason(self, city: City) -> None:
        matter = completed(city)
        matters.strike_off(matter=matter, actor=city.coordinator, now=at(3, 23))
        with pytest.raises(Refusal, match="为什么重新打开"):
            pauses.reopen_matter(
                matter=matter, reason="", due_on=dt.date(2026, 6, 30), actor=city.coordinator, now=at(5, 6)
            )


class TestCancel:
    def test_nobody_owes_anything_any_more_but_what_was_done_stays(self, city: City) -> None:
        matter = signed_for(city, dispatched(city))
        accept(city, report(city, matter, COOPERATING))
        pauses.cancel_matter(matter=matter, reason="企业已注销", actor=city.coordinator, now=at(4, 1))
        assert now_of(matter).stage == "cancelled"
        assert states(matter) == {(LEAD, "cancelled"), (COOPERATING, "fulfilled")}
        assert stages(matter) == {LEAD: "withdrawn", COOPERATING: "completed"}
        assert log_is_clean()

    def test_it_needs_a_reason(self, city: City) -> None:
        with pytest.raises(Refusal, match="为什么撤销"):
            pauses.cancel_matter(matter=drafted(city), reason=" ", actor=city.coordinator, now=at(4, 1))


class TestSuspend:
    def test_the_clock_stands_still_and_the_days_are_added(self, city: City) -> None:
        matter = signed_for(city, dispatched(city))
        pauses.suspend_matter(matter=matter, reason="等待上级政策", actor=city.coordinator, now=at(3, 10))
        assert states(matter) == {(LEAD, "suspended"), (COOPERATING, "suspended")}
        with pytest.raises(Refusal, match="已暂停"):
            parts.sign_for(part=part_of(matter, LEAD), actor=head_of(city, LEAD), now=at(3, 11))
        pauses.resume_matter(matter=matter, actor=city.coordinator, now=at(3, 20))
        assert states(matter) == {(LEAD, "open"), (COOPERATING, "open")}
        found = now_of(matter)
        assert (found.stage, found.due_on, found.first_due_on) == (
            "under_way", dt.date(2026, 5, 10), dt.date(2026, 4, 30),
        )  # fmt: skip
        assert {each.due_on for each in MatterPart.objects.filter(matter=matter)} == {dt.date(2026, 5, 10)}
        assert log_is_clean()

    def test_a_matter_nobody_signed_goes_back_to_waiting_for_signatures(self, city: City) -> None:
        matter = dispatched(city)
        pauses.suspend_matter(matter=matter, reason="等待", actor=city.coordinator, now=at(3, 3))
        pauses.resume_matter(matter=matter, actor=city.coordinator, now=at(3, 4))
        assert now_of(matter).stage == "assigned"
