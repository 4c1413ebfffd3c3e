"""The ladder: a step is proposed by the package's days, and nothing happens before a named office confirms it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.calendars.queries import calendar_for
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.operations import read_valid_package
from guantong.notices.models import Notice
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_nothing_new
from guantong.records.models import Record
from guantong.supervision.models import Escalation
from guantong.supervision.operations import sweep_lights
from guantong.supervision.operations.ladder import decide_escalations, propose_escalations, record_talk
from guantong.supervision.queries.ladder import escalations_visible_to, waiting
from guantong.supervision.rules.ladder import Earlier, next_rung, reminder_days, rungs

UNIT = "1506-MU-01"


def owed(city: City, code: str = UNIT) -> Obligation:
    """The first quarter's progress report, due on Wednesday 25 March."""
    return Obligation.objects.filter(unit__code=code, rule="D12").order_by("due_on")[0]


def propose(city: City, month: int, day: int) -> int:
    on, now = dt.date(2026, month, day), at(month, day)
    sweep_lights(actor=CONSOLE, on=on, now=now, cycle=city.cycle)
    return propose_escalations(cycle=city.cycle, on=on, now=now, actor=CONSOLE)


def of(obligation: Obligation) -> list[str]:
    return list(
        Escalation.objects.filter(obligation=obligation).order_by("pk").values_list("step", flat=True)
    )


def decide(city: City, *escalations: Escalation, month: int, day: int, confirmed: bool = True) -> int:
    return decide_escalations(
        escalations=escalations,
        confirmed=confirmed,
        reason="材料已在路上",
        actor=city.coordinator,
        now=at(month, day),
    )


def decide_last(city: City, obligation: Obligation, month: int, day: int, *, confirmed: bool = True) -> None:
    last = Escalation.objects.filter(obligation=obligation).latest("pk")
    decide(city, last, month=month, day=day, confirmed=confirmed)


class TestRungs:
    def test_the_package_s_days_are_kept_and_the_others_lie_between_or_follow(self) -> None:
        ladder = rungs(read_valid_package("three-threes"))
        assert [(each.step, each.day, each.is_dated) for each in ladder] == [
            ("remind", 1, True), ("talk", 3, False), ("circular", 5, True), ("refer", 10, False),
        ]  # fmt: skip

    def test_a_package_without_ladder_proposes_nothing(self) -> None:
        package = replace(read_valid_package("three-threes"), accountability={}, supervision={})
        assert rungs(package) == []
        assert reminder_days(package) == 5

    def test_the_first_reminder_is_the_earliest_the_package_names(self) -> None:
        assert reminder_days(read_valid_package("three-threes")) == 5

    @pytest.mark.parametrize(
        ("overdue", "earlier", "step"),
        [
            (0, None, None),
            (1, None, "remind"),
            (30, None, "remind"),
            (30, Earlier("remind", None, None), None),
            (3, Earlier("remind", True, dt.date(2026, 3, 26)), "talk"),
            (3, Earlier("remind", True, dt.date(2026, 3, 27)), None),
            (30, Earlier("remind", False, dt.date(2026, 3, 2)), None),
            (5, Earlier("talk", True, dt.date(2026, 3, 26)), "circular"),
            (5, Earlier("talk", False, dt.date(2026, 3, 26)), "circular"),
            (30, Earlier("circular", True, dt.date(2026, 3, 23)), "refer"),
            (30, Earlier("circular", False, dt.date(2026, 3, 2)), None),
            (99, Earlier("refer", True, dt.date(2026, 3, 2)), None),
        ],
    )
    def test_one_step_at_a_time_and_a_pause_after_each(
        self, overdue: int, earlier: Earlier | None, step: str | None
    ) -> None:
        found = next_rung(
            rungs(read_valid_package("three-threes")),
            overdue=overdue,
            earlier=earlier,
            on=dt.date(2026, 3, 30),
            calendar=calendar_for(2026, None),
        )
        assert (found.step if found else None) == step


class TestPropose:
    def test_what_turned_red_is_proposed_with_a_sentence_why_and_nothing_else_happens(
        self, signed: City
    ) -> None:
        assert propose(signed, 3, 26) == Obligation.objects.filter(light="red").count() > 1
        found = Escalation.objects.get(obligation=owed(signed))
        assert (found.step, found.confirmed, found.unit.code) == ("remind", None, UNIT)
        assert found.sentence == f"“{owed(signed)}”应于 2026-03-25 完成，已逾期 1 个工作日，建议提醒。"
        assert not Notice.objects.exists()

    def test_proposing_again_adds_nothing(self, signed: City) -> None:
        propose(signed, 3, 26)
        assert [propose(signed, 3, 26), propose(signed, 3, 27)] == [0, 0]

    def test_the_steps_follow_each_other_only_as_they_are_decided(self, signed: City) -> None:
        item = owed(signed)
        seen = []
        for day in (26, 27, 28, 29, 30, 31):
            propose(signed, 3, day)
            seen.append(of(item))
            if day == 27:
                decide_last(signed, item, 3, 27)
        assert seen == [["remind"]] * 5 + [["remind", "talk"]]

    def test_after_a_reminder_was_declined_the_undated_talk_is_not_proposed(self, signed: City) -> None:
        propose(signed, 3, 26)
        decide_last(signed, owed(signed), 3, 26, confirmed=False)
        propose(signed, 5, 20)
        assert of(owed(signed)) == ["remind"]

    def test_what_is_claimed_or_in_time_is_not_proposed(self, signed: City) -> None:
        item = owed(signed)
        claim_nothing_new(obligation=item, claimed_by=item.office, actor=signed.head, now=at(3, 20))
        propose(signed, 3, 26)
        assert of(item) == []
        assert of(owed(signed, "1506-MU-02")) == ["remind"]

    def test_the_number_of_queries_does_not_grow(
        self, signed: City, django_assert_max_num_queries: object
    ) -> None:
        sweep_lights(actor=CONSOLE, on=dt.date(2026, 6, 1), now=at(6, 1), cycle=signed.cycle)
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            made = propose_escalations(
                cycle=signed.cycle, on=dt.date(2026, 6, 1), now=at(6, 1), actor=CONSOLE
            )
        assert made > 20


class TestDecide:
    @pytest.fixture
    def proposed(self, signed: City) -> Escalation:
        propose(signed, 3, 26)
        return Escalation.objects.get(obligation=owed(signed))

    def step(self, city: City, step: str) -> Escalation:
        """A proposal of this step for the unit's report, as the sweep would have made it in time."""
        sweep_lights(actor=CONSOLE, on=dt.date(2026, 4, 20), now=at(4, 20), cycle=city.cycle)
        item = owed(city)
        return Escalation.objects.create(
            cycle=city.cycle, unit=item.unit, obligation=item, step=step, about="…", proposed_at=at(4, 20)
        )

    def test_a_confirmed_reminder_is_a_notice_to_the_unit(self, signed: City, proposed: Escalation) -> None:
        assert decide(signed, proposed, month=3, day=26) == 1
        notice = Notice.objects.get()
        assert (notice.office, notice.kind, notice.due_on) == (
            signed.head.office,
            "reminded",
            dt.date(2026, 3, 25),
        )
        assert notice.title == f"提醒：{owed(signed)}"
        assert notice.url == reverse("obligation", args=[owed(signed).pk])
        proposed.refresh_from_db()
        assert (proposed.confirmed, proposed.decided_by) == (True, signed.coordinator.office)

    def test_declining_needs_a_reason_and_tells_nobody(self, signed: City, proposed: Escalation) -> None:
        with pytest.raises(Refusal, match="写明理由"):
            decide_escalations(
                escalations=[proposed], confirmed=False, reason=" ", actor=signed.coordinator, now=at(3, 26)
            )
        decide(signed, proposed, month=3, day=26, confirmed=False)
        proposed.refresh_from_db()
        assert (proposed.confirmed, proposed.reason) == (False, "材料已在路上")
        assert not Notice.objects.exists()

    def test_many_are_decided_together_or_not_at_all(self, signed: City, proposed: Escalation) -> None:
        every = list(Escalation.objects.all())
        decide(signed, proposed, month=3, day=26)
        with pytest.raises(Refusal, match="已经处理过"):
            decide(signed, *every, month=3, day=26)
        rest = [each for each in every if each != proposed]
        assert decide(signed, *rest, month=3, day=26) == len(rest) > 1
        assert not waiting(Escalation.objects.all()).exists()

    def test_nothing_ticked_is_refused(self, signed: City, proposed: Escalation) -> None:
        with pytest.raises(Refusal, match="勾选"):
            decide(signed, month=3, day=26)

    def test_only_the_coordinating_office_over_the_unit_decides(
        self, signed: City, proposed: Escalation
    ) -> None:
        for actor in (
            signed.head,
            signed.acting("1506-LG", "leader"),
            signed.acting("150622", "first_responsible"),
        ):
            with pytest.raises(Refusal, match="统筹协调单位确认"):
                decide_escalations(
                    escalations=[proposed], confirmed=True, reason="", actor=actor, now=at(3, 26)
                )

    def test_what_was_claimed_meanwhile_needs_no_step_any_more(
        self, signed: City, proposed: Escalation
    ) -> None:
        item = owed(signed)
        claim_nothing_new(obligation=item, claimed_by=item.office, actor=signed.head, now=at(3, 27))
        assert proposed not in waiting(Escalation.objects.all())
        with pytest.raises(Refusal, match="不再逾期"):
            decide(signed, proposed, month=3, day=27)

    def test_a_circular_and_a_referral_tell_nobody_by_themselves(self, signed: City) -> None:
        for step in ("circular", "refer"):
            decide(signed, self.step(signed, step), month=4, day=20)
        assert not Notice.objects.exists()

    def test_a_talk_is_a_notice_to_the_unit_and_one_to_whoever_holds_it_until_it_is_recorded(
        self, signed: City
    ) -> None:
        talk = self.step(signed, "talk")
        decide(signed, talk, month=4, day=20)
        asked = {(each.office, each.kind, each.closed_on) for each in Notice.objects.all()}
        assert asked == {
            (signed.head.office, "talk", None), (signed.coordinator.office, "hold_talk", None)
        }  # fmt: skip
        self.hold(signed, talk)
        assert not Notice.objects.filter(closed_on=None).exists()

    def hold(self, city: City, talk: Escalation, *, actor: Acting | None = None, day: int = 22) -> Record:
        actor = actor or city.coordinator
        assert actor.office is not None
        return record_talk(
            escalation=talk, held_on=dt.date(2026, 4, day), summary="约定4月底前补报", place="办公室",
            held_by=actor.office, actor=actor, now=at(4, 22),
        )  # fmt: skip

    def test_the_talk_is_a_record_of_work_kept_once(self, signed: City) -> None:
        talk = self.step(signed, "talk")
        with pytest.raises(Refusal, match="不是已确认的约谈"):
            self.hold(signed, talk)
        decide(signed, talk, month=4, day=20)
        with pytest.raises(Refusal, match="早于确认"):
            self.hold(signed, talk, day=19)
        with pytest.raises(Refusal, match="统筹协调单位登记"):
            self.hold(signed, talk, actor=signed.head)
        record = self.hold(signed, talk)
        offices = set(record.participations.values_list("office", flat=True))
        assert (record.kind, offices) == ("meeting", {signed.coordinator.office_ref, owed(signed).office_id})
        with pytest.raises(Refusal, match="已经登记过"):
            self.hold(signed, talk)

    def test_the_log_is_sound(self, signed: City, proposed: Escalation) -> None:
        decide(signed, proposed, month=3, day=26)
        others = Escalation.objects.filter(confirmed=None)
        decide(signed, *others, month=3, day=26, confirmed=False)
        talk = self.step(signed, "talk")
        decide(signed, talk, month=4, day=20)
        self.hold(signed, talk)
        verbs = set(AuditEntry.objects.filter(verb__startswith="supervision.").values_list("verb", flat=True))
        assert {
            "supervision.escalations_proposed", "supervision.escalations_confirmed",
            "supervision.escalations_declined", "supervision.talk_recorded",
        } <= verbs  # fmt: skip
        assert verify_log().faults == []


class TestScope:
    def test_a_unit_sees_confirmed_steps_at_itself_and_below_alone(self, signed: City) -> None:
        propose(signed, 3, 26)
        mine = Escalation.objects.get(obligation=owed(signed))
        theirs = Escalation.objects.get(obligation=owed(signed, "1506-MU-02"))
        assert set(escalations_visible_to(signed.head)) == set()
        decide(signed, mine, theirs, month=3, day=26)
        assert set(escalations_visible_to(signed.head)) == {mine}
        assert set(escalations_visible_to(signed.coordinator)) == set(Escalation.objects.all())
        assert not escalations_visible_to(signed.acting("1506-LGO", "system_admin")).exists()


class TestPages:
    @pytest.fixture
    def proposed(self, signed: City) -> list[Escalation]:
        """In the page's year and on its day everything of the year's beginning is overdue."""
        propose(signed, 4, 20)
        return list(Escalation.objects.all())

    def test_proposals_wait_grouped_by_step_the_highest_first(
        self, signed: City, proposed: list[Escalation], as_: SignIn, django_assert_max_num_queries: object
    ) -> None:
        talk = TestDecide().step(signed, "talk")
        client = as_(signed.coordinator)
        with django_assert_max_num_queries(20):  # type: ignore[operator]
            answer = client.get(reverse("escalations"))
        groups = answer.context["groups"]
        assert [group["step"] for group in groups] == ["talk", "remind"]
        assert [row["item"] for row in groups[0]["rows"]] == [talk]
        only = client.get(reverse("escalations"), {"step": "talk"}).context["listing"]
        assert list(only) == [talk]

    def test_one_by_one_or_a_ticked_set_and_twice_changes_nothing(
        self, signed: City, proposed: list[Escalation], as_: SignIn
    ) -> None:
        client, url = as_(signed.coordinator), reverse("escalation-decisions")
        first, second, third = proposed[:3]
        assert client.post(url, {"one": first.pk, "verdict": "confirm"}).status_code == 302
        assert client.post(url, {"one": first.pk, "verdict": "decline", "reason": "…"}).status_code == 422
        ticked = {"escalation": [second.pk, third.pk], "verdict": "decline"}
        assert client.post(url, ticked).status_code == 422
        assert client.post(url, ticked | {"reason": "情况特殊"}).status_code == 302
        assert client.post(url, {"verdict": "confirm"}).status_code == 422
        decided = Escalation.objects.exclude(confirmed=None).values_list("pk", "confirmed")
        assert set(decided) == {(first.pk, True), (second.pk, False), (third.pk, False)}

    def test_the_talk_is_recorded_on_its_page(self, signed: City, as_: SignIn) -> None:
        talk = TestDecide().step(signed, "talk")
        client, page = as_(signed.coordinator), reverse("escalation", args=[talk.pk])
        client.post(reverse("escalation-decisions"), {"one": talk.pk, "verdict": "confirm"})
        assert client.get(page).context["talk_form"] is not None
        assert as_(signed.head).get(page).context["talk_form"] is None
        words = {"held_on": clock.today(Escalation.objects.get().decided_at), "summary": "约定月底前补报"}
        url = reverse("escalation-talk", args=[talk.pk])
        assert [client.post(url, words).status_code for _time in range(2)] == [302, 422]
        assert client.get(page).context["talk"] == Record.objects.get()

    def test_wrong_verb_outsider_and_no_right(
        self, signed: City, proposed: list[Escalation], as_: SignIn
    ) -> None:
        item = Escalation.objects.get(obligation=owed(signed))
        page, talk = reverse("escalation", args=[item.pk]), reverse("escalation-talk", args=[item.pk])
        office, head = as_(signed.coordinator), as_(signed.head)
        assert office.get(reverse("escalation-decisions")).status_code == 405
        assert office.get(talk).status_code == 405
        assert head.get(page).status_code == 404
        assert head.post(talk).status_code == 403
        assert head.post(reverse("escalation-decisions"), {"one": item.pk}).status_code == 403
        assert not head.get(reverse("escalations")).context["listing"].total
