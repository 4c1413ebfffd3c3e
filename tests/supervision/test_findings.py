"""A finding goes through notice, reply and ruling; a recheck is decided by a third person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.models import Absence, Holding
from guantong.accounts.operations import open_office
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Obligation
from guantong.supervision.models import Finding
from guantong.supervision.operations import findings, rulings
from guantong.supervision.queries.findings import findings_visible_to, next_step, upheld_findings
from guantong.supervision.rules import findings as rules
from supervision.finding_cast import (
    REPLY_BY,
    UNIT,
    decide,
    disputed,
    drafted,
    leader,
    notified,
    now_of,
    replied,
    rule,
    ruled,
)


@pytest.fixture
def second(city: City) -> Acting:
    """A second coordinating office, held by somebody else."""
    unit = city.units["1506-LGO"]
    open_office(
        unit=unit, seat="deputy", title="办公室副主任", role=Role.COORDINATOR, scope=city.units["1506"],
        actor=CONSOLE, now=at(1, 6),
    )  # fmt: skip
    return city.acting("1506-LGO", "deputy")


def stands_in(city: City, person: Acting, holder: Acting, *, first: dt.date, last: dt.date) -> Acting:
    """The person acting for the holder's office while the holder is away."""
    assert holder.office is not None
    Absence.objects.create(
        holding=Holding.objects.get(person=holder.person, office=holder.office),
        stand_in=person.person,
        starts_on=first,
        ends_on=last,
        recorded_at=at(1, 6),
    )
    return Acting(person.person, holder.office, holder.person)


class TestDraft:
    def test_says_what_was_found_its_basis_and_the_rule_and_by_whom(self, city: City) -> None:
        finding = drafted(city)
        assert (finding.stage, finding.kind, finding.rule_cited) == (
            "drafted", "false_report", "《政府督查工作条例》第十六条",
        )  # fmt: skip
        assert (finding.found_by, finding.finder) == (city.coordinator.office, city.coordinator.person)

    @pytest.mark.parametrize("missing", ["text", "basis"])
    def test_without_facts_or_basis_it_is_refused(self, city: City, missing: str) -> None:
        with pytest.raises(Refusal, match="请写明"):
            drafted(city, **{missing: "  "})

    def test_the_kinds_are_those_the_package_counts_or_names_in_a_veto(self, city: City) -> None:
        kinds = rules.finding_kinds(city.cycle.package)
        assert set(kinds) == {"false_report", "false_report_serious"}
        assert drafted(city, kind="").kind == ""
        with pytest.raises(Refusal, match="没有“late”"):
            drafted(city, kind="late")

    def test_only_the_coordinating_office_finds_and_not_at_its_own_unit(self, city: City) -> None:
        for actor in (city.head, leader(city)):
            with pytest.raises(Refusal, match="统筹协调单位"):
                drafted(city, actor=actor)
        with pytest.raises(Refusal, match="不能对本单位"):
            drafted(city, unit=city.units["1506-LGO"])

    def test_it_may_be_about_an_obligation_of_that_unit_and_no_other(self, signed: City) -> None:
        owed = Obligation.objects.filter(unit__code=UNIT)[0]
        assert drafted(signed, obligation=owed).obligation == owed
        with pytest.raises(Refusal, match="不是这个单位"):
            drafted(signed, unit=signed.units["1506-MU-02"], obligation=owed)

    def test_the_words_may_be_mended_until_the_unit_is_told(self, city: City) -> None:
        finding = drafted(city)
        words = {"text": "改过", "basis": "会议", "rule_cited": "", "kind": ""}
        findings.revise_finding(finding=finding, actor=city.coordinator, now=at(3, 2), **words)
        assert now_of(finding).text == "改过"
        findings.send_notice(finding=finding, actor=city.coordinator, now=at(3, 2))
        with pytest.raises(Refusal, match="不能再改动"):
            findings.revise_finding(finding=finding, actor=city.coordinator, now=at(3, 3), **words)


class TestNotice:
    def test_the_unit_has_ten_working_days_to_reply(self, city: City) -> None:
        finding = notified(city)
        assert (finding.stage, finding.notice.reply_by) == ("notified", REPLY_BY)

    def test_another_day_may_be_set_but_not_so_soon_that_it_is_no_hearing(self, city: City) -> None:
        finding = drafted(city)
        with pytest.raises(Refusal, match="不能少于 5 个工作日，最早 2026-03-09"):
            findings.send_notice(
                finding=finding, reply_by=dt.date(2026, 3, 6), actor=city.coordinator, now=at(3, 2)
            )
        sent = findings.send_notice(
            finding=finding, reply_by=dt.date(2026, 3, 9), actor=city.coordinator, now=at(3, 2)
        )
        assert sent.reply_by == dt.date(2026, 3, 9)

    def test_telling_twice_is_refused(self, city: City) -> None:
        finding = notified(city)
        with pytest.raises(Refusal, match="已经告知过"):
            findings.send_notice(finding=finding, actor=city.coordinator, now=at(3, 3))

    def test_a_unit_cannot_send_it(self, city: City) -> None:
        with pytest.raises(Refusal, match="统筹协调单位"):
            findings.send_notice(finding=drafted(city), actor=city.head, now=at(3, 2))


class TestReply:
    def test_the_unit_says_what_it_has_to_say_once(self, city: City) -> None:
        finding = replied(city)
        assert (finding.stage, finding.reply.text) == ("replied", "数据为初步统计。")
        with pytest.raises(Refusal, match="已经答复过"):
            findings.reply_to_finding(finding=finding, text="再说", actor=city.head, now=at(3, 6))

    def test_another_unit_cannot_reply_for_it(self, city: City) -> None:
        finding = notified(city)
        for actor in (city.acting("1506-MU-02", "unit_head"), city.coordinator):
            with pytest.raises(Refusal, match="只有被告知的单位"):
                findings.reply_to_finding(finding=finding, text="…", actor=actor, now=at(3, 5))

    def test_nothing_is_replied_to_before_it_was_told_nor_after_the_ruling(self, city: City) -> None:
        with pytest.raises(Refusal, match="拟告知"):
            findings.reply_to_finding(finding=drafted(city), text="…", actor=city.head, now=at(3, 2))
        finding = notified(city)
        rule(finding, leader(city), day=at(3, 17))
        with pytest.raises(Refusal, match="已认定"):
            findings.reply_to_finding(finding=finding, text="…", actor=city.head, now=at(3, 18))

    def test_after_the_day_it_is_heard_as_long_as_nobody_has_ruled(self, city: City) -> None:
        finding = notified(city)
        findings.reply_to_finding(finding=finding, text="晚了", actor=city.head, now=at(3, 18))
        assert now_of(finding).stage == "replied"

    def test_an_empty_reply_is_refused(self, city: City) -> None:
        with pytest.raises(Refusal, match="答复意见"):
            findings.reply_to_finding(finding=notified(city), text=" ", actor=city.head, now=at(3, 5))


class TestRuling:
    def test_nobody_is_ruled_on_before_being_told(self, city: City) -> None:
        with pytest.raises(Refusal, match="拟告知"):
            rule(drafted(city), leader(city), day=at(12, 1))

    def test_nor_before_the_reply_or_the_end_of_its_day(self, city: City) -> None:
        finding = notified(city)
        with pytest.raises(Refusal, match="答复期到 2026-03-16"):
            rule(finding, leader(city), day=at(3, 16))
        assert rule(finding, leader(city), day=at(3, 17)).ruled_on == dt.date(2026, 3, 17)

    def test_a_reply_opens_the_way_to_it_at_once(self, city: City) -> None:
        finding = ruled(city)
        assert (finding.stage, finding.ruling.upheld, finding.ruling.measure) == ("ruled", True, "remind")

    def test_the_finder_does_not_rule_but_another_coordinator_or_a_leader_does(
        self, city: City, second: Acting
    ) -> None:
        with pytest.raises(Refusal, match="提出问题的人不能"):
            rule(replied(city), city.coordinator, day=at(3, 10))
        assert rule(replied(city), second, day=at(3, 10)).ruler == second.person
        assert rule(replied(city), leader(city), day=at(3, 10)).ruler == leader(city).person

    def test_nor_does_the_finder_through_another_office_or_while_standing_in(
        self, city: City, second: Acting
    ) -> None:
        finding = replied(city)
        with pytest.raises(Refusal, match="提出问题的人不能"):
            rule(finding, Acting(city.coordinator.person, second.office), day=at(3, 10))
        standing_in = stands_in(
            city, second, city.coordinator, first=dt.date(2026, 3, 10), last=dt.date(2026, 3, 10)
        )
        with pytest.raises(Refusal, match="提出问题的人不能"):
            rule(finding, standing_in, day=at(3, 10))

    def test_nor_the_holder_for_whom_the_finder_stood_in(self, city: City, second: Acting) -> None:
        standing_in = stands_in(
            city, city.coordinator, second, first=dt.date(2026, 3, 2), last=dt.date(2026, 3, 2)
        )
        finding = drafted(city, actor=standing_in)
        findings.send_notice(finding=finding, actor=city.coordinator, now=at(3, 2))
        with pytest.raises(Refusal, match="提出问题的人不能"):
            rule(finding, second, day=at(3, 20))

    def test_nobody_of_the_unit_nor_of_a_unit_without_the_function_rules(self, city: City) -> None:
        finding = replied(city)
        for actor in (
            city.head,
            city.acting("1506-LGO", "assessor"),
            city.acting("150602", "first_responsible"),
        ):
            with pytest.raises(Refusal, match="统筹协调单位或领导"):
                rule(finding, actor, day=at(3, 10))

    def test_a_leader_of_the_unit_itself_does_not_rule_on_it(self, city: City) -> None:
        finding = notified(city, unit=city.units["1506-LG"])
        with pytest.raises(Refusal, match="被认定的单位不能参与"):
            rule(finding, leader(city), day=at(3, 20))

    def test_reasons_are_given_and_the_measure_is_one_of_the_package_s_ladder(self, city: City) -> None:
        finding = replied(city)
        with pytest.raises(Refusal, match="认定理由"):
            rule(finding, leader(city), day=at(3, 10), reason=" ")
        for measure, upheld in (("dismiss", True), ("talk", False)):
            with pytest.raises(Refusal, match="机制包规定的措施"):
                rule(finding, leader(city), day=at(3, 10), measure=measure, upheld=upheld)

    def test_not_upheld_is_the_end_of_it(self, city: City) -> None:
        finding = ruled(city, upheld=False, measure="")
        assert finding.stage == "final"
        with pytest.raises(Refusal, match="已终结"):
            rulings.ask_recheck(finding=finding, reason="…", actor=city.head, now=at(3, 11))

    def test_a_finding_is_ruled_on_once(self, city: City) -> None:
        with pytest.raises(Refusal, match="已经作出认定"):
            rule(ruled(city), leader(city), day=at(3, 11))


class TestRecheck:
    def test_is_asked_within_thirty_days_and_decided_within_thirty(self, city: City) -> None:
        finding = disputed(city)
        assert (finding.stage, finding.ruling.recheck.decide_by) == ("rechecking", dt.date(2026, 4, 19))

    def test_the_thirtieth_day_is_in_time_and_the_next_is_not(self, city: City) -> None:
        late, in_time = ruled(city), ruled(city)
        rulings.ask_recheck(finding=in_time, reason="…", actor=city.head, now=at(4, 9))
        with pytest.raises(Refusal, match="到 2026-04-09"):
            rulings.ask_recheck(finding=late, reason="…", actor=city.head, now=at(4, 10))

    def test_the_days_are_the_package_s(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        finding = ruled(city)
        rechecks = {"finding_dispute": {"ask_days": 5, "answer_days": 7}}
        monkeypatch.setitem(city.cycle.package.supervision, "rechecks", rechecks)
        with pytest.raises(Refusal, match="到 2026-03-15"):
            rulings.ask_recheck(finding=finding, reason="…", actor=city.head, now=at(3, 16))
        asked = rulings.ask_recheck(finding=finding, reason="…", actor=city.head, now=at(3, 12))
        assert asked.decide_by == dt.date(2026, 3, 19)

    def test_only_the_unit_asks_with_a_reason_and_once(self, city: City) -> None:
        finding = ruled(city)
        with pytest.raises(Refusal, match="只有被认定的单位"):
            rulings.ask_recheck(finding=finding, reason="…", actor=city.coordinator, now=at(3, 20))
        with pytest.raises(Refusal, match="申请复核的理由"):
            rulings.ask_recheck(finding=finding, reason="", actor=city.head, now=at(3, 20))
        rulings.ask_recheck(finding=finding, reason="…", actor=city.head, now=at(3, 20))
        with pytest.raises(Refusal, match="复核中"):
            rulings.ask_recheck(finding=finding, reason="…", actor=city.head, now=at(3, 21))

    def test_finder_and_ruler_stand_aside_also_when_standing_in(self, city: City, second: Acting) -> None:
        finding = disputed(city)
        for actor in (city.coordinator, leader(city), Acting(leader(city).person, second.office)):
            with pytest.raises(Refusal, match="回避"):
                decide(finding, actor, kept=True, day=at(4, 1))
        for_ruler = stands_in(city, second, leader(city), first=dt.date(2026, 4, 1), last=dt.date(2026, 4, 1))
        with pytest.raises(Refusal, match="回避"):
            decide(finding, for_ruler, kept=True, day=at(4, 1))
        assert decide(finding, second, kept=True, day=at(4, 2)).decider == second.person

    def test_nobody_of_the_unit_decides_it(self, city: City) -> None:
        with pytest.raises(Refusal, match="被认定的单位不能参与"):
            decide(disputed(city), city.head, kept=False, day=at(4, 1))

    def test_a_decision_gives_reasons_and_ends_it(self, city: City, second: Acting) -> None:
        finding = disputed(city)
        with pytest.raises(Refusal, match="复核理由"):
            rulings.decide_recheck(finding=finding, kept=True, decision=" ", actor=second, now=at(4, 1))
        decide(finding, second, kept=True, day=at(4, 1))
        assert now_of(finding).stage == "final"
        with pytest.raises(Refusal, match="已终结"):
            decide(finding, second, kept=False, day=at(4, 2))

    def test_a_recheck_not_decided_in_time_is_overdue_itself_and_can_still_be_decided(
        self, city: City, second: Acting
    ) -> None:
        finding = disputed(city)
        late = [next_step(finding, on=dt.date(2026, 4, day)).is_late for day in (19, 20)]
        assert late == [False, True]
        decide(finding, second, kept=False, day=at(4, 25))
        entry = AuditEntry.objects.get(verb="supervision.recheck_decided")
        assert '"in_time":false' in entry.payload


class TestWindows:
    def test_a_ruling_becomes_final_after_its_window_and_not_before(self, city: City) -> None:
        finding, kept = ruled(city), disputed(city)
        moved = [
            rulings.let_windows_lapse(
                cycle=city.cycle, on=dt.date(2026, 4, day), now=at(4, day), actor=CONSOLE
            )
            for day in (9, 10, 11)
        ]
        assert moved == [0, 1, 0]
        assert (now_of(finding).stage, now_of(kept).stage) == ("final", "rechecking")


class TestWhatCounts:
    def test_upheld_and_not_withdrawn_by_the_day(self, city: City, second: Acting) -> None:
        ruled(city, upheld=False, measure="")
        replied(city)
        plain, kept, withdrawn = ruled(city), disputed(city), disputed(city)
        decide(kept, second, kept=True, day=at(4, 1))
        decide(withdrawn, second, kept=False, day=at(4, 1))
        assert set(upheld_findings(city.cycle, dt.date(2026, 12, 31))) == {plain, kept}
        assert set(upheld_findings(city.cycle, dt.date(2026, 3, 10))) == {plain, kept}
        assert not upheld_findings(city.cycle, dt.date(2026, 3, 9)).exists()


class TestScope:
    def test_a_unit_sees_findings_at_itself_and_below_and_no_drafts(self, city: City) -> None:
        here, below = notified(city), notified(city, unit=city.units["150602001"])
        draft = drafted(city)
        seen: Callable[[Acting], set[Finding]] = lambda acting: set(findings_visible_to(acting))  # noqa: E731
        assert seen(city.head) == {here}
        assert seen(city.acting("150602", "first_responsible")) == {below}
        assert seen(city.acting("150622", "first_responsible")) == set()
        assert seen(city.coordinator) == seen(leader(city)) == {here, below, draft}
        assert seen(city.acting("1506-LGO", "assessor")) == {here, below}
        assert seen(city.acting("1506-LGO", "system_admin")) == set()


class TestLog:
    def test_the_whole_way_left_sound_rows(self, city: City, second: Acting) -> None:
        decide(disputed(city), second, kept=False, day=at(4, 1))
        ruled(city)
        rulings.let_windows_lapse(cycle=city.cycle, on=dt.date(2026, 6, 1), now=at(6, 1), actor=CONSOLE)
        assert {
            "supervision.finding_drafted", "supervision.finding_notified", "supervision.finding_replied",
            "supervision.finding_ruled", "supervision.recheck_asked", "supervision.recheck_decided",
            "supervision.findings_final",
        } <= set(AuditEntry.objects.values_list("verb", flat=True))  # fmt: skip
        assert verify_log().faults == []


class TestPages:
    def test_the_list_costs_the_same_for_many(
        self, city: City, as_: SignIn, django_assert_max_num_queries: object
    ) -> None:
        for _each in range(4):
            ruled(city)
            disputed(city)
        client = as_(city.coordinator)
        with django_assert_max_num_queries(16):  # type: ignore[operator]
            answer = client.get(reverse("findings"))
        assert answer.context["listing"].total == 8

    def test_the_list_is_filtered_by_unit_and_stage(self, city: City, as_: SignIn) -> None:
        here, other = notified(city), notified(city, unit=city.units["1506-MU-02"])
        client = as_(city.coordinator)
        found = client.get(reverse("findings"), {"q": "教育"}).context["listing"]
        assert list(found) == [other]
        assert set(client.get(reverse("findings"), {"stage": "notified"}).context["listing"]) == {here, other}
        assert not client.get(reverse("findings"), {"stage": "ruled"}).context["listing"].total

    def test_each_actor_finds_the_form_of_their_move_and_no_other(self, city: City, as_: SignIn) -> None:
        forms = ("draft_form", "notice_form", "reply_form", "ruling_form", "recheck_form", "decision_form")

        def offered(finding: Finding, acting: Acting) -> set[str]:
            context = as_(acting).get(reverse("finding", args=[finding.pk])).context
            return {name for name in forms if context[name] is not None}

        assert offered(drafted(city), city.coordinator) == {"draft_form", "notice_form"}
        told = notified(city)
        Finding.objects.get(pk=told.pk).notice.__class__.objects.update(reply_by=dt.date(2999, 1, 1))
        assert offered(told, city.head) == {"reply_form"}
        assert offered(told, leader(city)) == set()
        heard = replied(city)
        assert offered(heard, leader(city)) == {"ruling_form"}
        assert offered(heard, city.coordinator) == set()

    def test_the_way_from_draft_to_ruling_through_the_pages(self, city: City, as_: SignIn) -> None:
        office, unit = as_(city.coordinator), as_(city.head)
        chosen = office.get(reverse("new-finding"), {"q": "发展"}).context["units"]
        assert chosen == [city.units[UNIT]]
        words = {"unit": chosen[0].pk, "text": "不符", "basis": "抽查", "kind": "false_report"}
        assert office.post(reverse("new-finding"), words).status_code == 302
        finding = Finding.objects.get()
        assert unit.get(reverse("finding", args=[finding.pk])).status_code == 404
        office.post(reverse("finding-text", args=[finding.pk]), {"text": "不符合", "basis": "抽查"})
        office.post(reverse("finding-notice", args=[finding.pk]), {"reply_by": "2099-01-01"})
        again = office.post(reverse("finding-notice", args=[finding.pk]), {"reply_by": "2099-01-01"})
        assert again.status_code == 422
        assert unit.post(reverse("finding-reply", args=[finding.pk]), {"text": "属实"}).status_code == 302
        assert unit.post(reverse("finding-reply", args=[finding.pk]), {"text": "属实"}).status_code == 422
        ruling = {"upheld": "yes", "reason": "属实", "measure": "talk"}
        assert unit.post(reverse("finding-ruling", args=[finding.pk]), ruling).status_code == 403
        assert office.post(reverse("finding-ruling", args=[finding.pk]), ruling).status_code == 422
        assert as_(leader(city)).post(reverse("finding-ruling", args=[finding.pk]), ruling).status_code == 302
        assert unit.post(reverse("finding-recheck", args=[finding.pk]), {"reason": "…"}).status_code == 302
        decision = {"kept": "no", "decision": "…"}
        assert office.post(reverse("recheck-decision", args=[finding.pk]), decision).status_code == 422
        finding = now_of(finding)
        assert (finding.text, finding.stage, finding.ruling.measure) == ("不符合", "rechecking", "talk")

    def test_a_new_finding_takes_over_the_obligation_it_is_about(self, signed: City, as_: SignIn) -> None:
        owed = Obligation.objects.filter(unit__code=UNIT)[0]
        office = as_(signed.coordinator)
        about = office.get(reverse("new-finding"), {"obligation": owed.pk}).context["about"]
        assert (about.unit.code, about.obligation) == (UNIT, owed)
        office.post(reverse("new-finding"), {"obligation": owed.pk, "text": "不符", "basis": "抽查"})
        assert Finding.objects.get().obligation == owed

    def test_wrong_verb_outsider_and_no_right(self, city: City, as_: SignIn) -> None:
        finding = notified(city)
        posts = ("finding-text", "finding-notice", "finding-reply", "finding-ruling", "finding-recheck",
                 "recheck-decision")  # fmt: skip
        outsider = as_(city.acting("1506-MU-02", "unit_head"))
        assert outsider.get(reverse("finding", args=[finding.pk])).status_code == 404
        assert outsider.post(reverse("finding-reply", args=[finding.pk]), {"text": "…"}).status_code == 404
        assert as_(city.head).get(reverse("new-finding")).status_code == 403
        keeper = as_(city.acting("150602001-H1", "home_keeper"))
        for name in posts:
            assert as_(city.coordinator).get(reverse(name, args=[finding.pk])).status_code in (403, 405)
            assert keeper.post(reverse(name, args=[finding.pk])).status_code == 403
