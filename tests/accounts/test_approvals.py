"""The two-person rule: one asks, another decides, and only then does it happen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.conftest import text_of
from conftest import CONSOLE, START, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.approvals import KINDS, ask_approval, decide_approval, may_decide
from guantong.accounts.choices import Role
from guantong.accounts.models import Approval, Holding, Person
from guantong.accounts.operations import create_person, hold_office, open_office, record_absence
from guantong.accounts.queries import approvals_visible_to
from guantong.audit.models import AuditEntry
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.changes import REOPEN, ask_reopening, close_phase
from guantong.mechanisms.models import Phase, PhaseClosure

NOW = at(12, 1)


@pytest.fixture
def phase(city: City) -> Phase:
    """The first phase of the year, declared over."""
    phase = Phase.objects.filter(cycle=city.cycle).order_by("ends_on")[0]
    close_phase(phase=phase, actor=CONSOLE, now=NOW, today=dt.date(2026, 12, 1))
    return phase


@pytest.fixture
def coordinator(city: City) -> Acting:
    return city.coordinator


@pytest.fixture
def assessor(city: City) -> Acting:
    return city.acting("1506-LGO", "assessor")


@pytest.fixture
def asked(phase: Phase, coordinator: Acting) -> Approval:
    return ask_reopening(phase=phase, reason="漏了一项", actor=coordinator, now=NOW)


def decide(approval: Approval, actor: Acting, *, granted: bool = True, decision: str = "") -> Approval:
    return decide_approval(approval=approval, granted=granted, decision=decision, actor=actor, now=NOW)


def is_open_again(phase: Phase) -> bool:
    return not phase.closures.filter(reopened_at__isnull=True).exists()


def standing_in(stand_in: Person, holder: Acting) -> Acting:
    """The stand-in acting for the holder's office today, with the absence on record."""
    today = clock.today()
    record_absence(
        holding=Holding.objects.get(person=holder.person, office=holder.office), stand_in=stand_in,
        starts_on=today, ends_on=today, actor=CONSOLE, now=START,
    )  # fmt: skip
    return Acting(stand_in, holder.office, standing_in_for=holder.person)


def somebody(name: str = "somebody") -> Person:
    return create_person(sign_in=name, display_name=name, password=None, actor=CONSOLE, now=START)


class TestAskApproval:
    def test_it_happens_only_once_it_is_granted(
        self, asked: Approval, assessor: Acting, phase: Phase
    ) -> None:
        assert not is_open_again(phase)
        decide(asked, assessor)
        assert is_open_again(phase)

    def test_it_keeps_who_asked_for_which_office_in_whose_place(
        self, phase: Phase, coordinator: Acting
    ) -> None:
        acting = standing_in(somebody(), coordinator)
        asked = ask_reopening(phase=phase, reason=" 漏了一项 ", actor=acting, now=NOW)
        assert (asked.asker, asked.asked_by, asked.asked_in_place_of, asked.reason, asked.asked_at) == (
            acting.person, coordinator.office, coordinator.person, "漏了一项", NOW,
        )  # fmt: skip
        assert AuditEntry.objects.get(verb="approvals.asked").actor == acting.reference

    def test_who_has_not_the_right_cannot_ask(self, city: City, phase: Phase) -> None:
        for actor in (city.head, city.acting("1506-LGO", "system_admin"), Acting(somebody())):
            with pytest.raises(Refusal, match="没有提出"):
                ask_reopening(phase=phase, reason="…", actor=actor, now=NOW)
        assert not Approval.objects.exists()

    def test_the_right_in_another_subtree_is_none(self, city: City, phase: Phase) -> None:
        open_office(
            unit=city.units["150602"], seat="coordinator", title="统筹", role=Role.COORDINATOR,
            actor=CONSOLE, now=START,
        )  # fmt: skip
        with pytest.raises(Refusal, match="没有提出"):
            ask_reopening(phase=phase, reason="…", actor=city.acting("150602", "coordinator"), now=NOW)

    def test_without_a_reason_it_is_refused(self, phase: Phase, coordinator: Acting) -> None:
        for reason, why in (("  ", "写明理由"), ("长" * 501, "500 字")):
            with pytest.raises(Refusal, match=why):
                ask_reopening(phase=phase, reason=reason, actor=coordinator, now=NOW)
        assert not Approval.objects.exists()

    def test_one_request_at_a_time_for_the_same_thing(
        self, asked: Approval, phase: Phase, assessor: Acting, coordinator: Acting
    ) -> None:
        with pytest.raises(Refusal, match="已有一项同样的申请"):
            ask_reopening(phase=phase, reason="再来", actor=coordinator, now=NOW)
        decide(asked, assessor, granted=False, decision="不必")
        ask_reopening(phase=phase, reason="再来", actor=coordinator, now=NOW)
        assert Approval.objects.count() == 2

    def test_the_database_itself_keeps_one_open_request(self, asked: Approval) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Approval.objects.create(
                kind=asked.kind, object_ref=asked.object_ref, reason="…", scope=asked.scope, asked_at=NOW
            )


class TestTwoPersons:
    def refused(self, approval: Approval, actor: Acting, phase: Phase) -> None:
        assert not may_decide(actor, approval)
        with pytest.raises(Refusal, match="须由另一人批准"):
            decide(approval, actor)
        approval.refresh_from_db()
        assert (approval.granted, approval.decider, is_open_again(phase)) == (None, None, False)

    def test_the_asker_cannot_grant_it(self, asked: Approval, coordinator: Acting, phase: Phase) -> None:
        self.refused(asked, coordinator, phase)

    def test_nor_from_another_office_they_hold(
        self, asked: Approval, city: City, coordinator: Acting, phase: Phase
    ) -> None:
        assert coordinator.person is not None
        office = city.office("1506-LGO", "assessor")
        hold_office(
            person=coordinator.person, office=office, starts_on=START.date(), actor=CONSOLE, now=START
        )
        self.refused(asked, Acting(coordinator.person, office), phase)

    def test_nor_while_they_stand_in_for_somebody_else(
        self, asked: Approval, coordinator: Acting, assessor: Acting, phase: Phase
    ) -> None:
        assert coordinator.person is not None
        self.refused(asked, standing_in(coordinator.person, assessor), phase)

    def test_nor_can_whoever_stands_in_for_the_asker(
        self, asked: Approval, coordinator: Acting, phase: Phase
    ) -> None:
        self.refused(asked, standing_in(somebody(), coordinator), phase)

    def test_nor_the_holder_in_whose_place_it_was_asked(self, coordinator: Acting, phase: Phase) -> None:
        acting = standing_in(somebody(), coordinator)
        asked = ask_reopening(phase=phase, reason="…", actor=acting, now=NOW)
        self.refused(asked, coordinator, phase)

    def test_nor_a_stand_in_who_asked_once_back_in_their_own_office(
        self, coordinator: Acting, assessor: Acting, phase: Phase
    ) -> None:
        assert assessor.person is not None
        acting = standing_in(assessor.person, coordinator)
        asked = ask_reopening(phase=phase, reason="…", actor=acting, now=NOW)
        self.refused(asked, assessor, phase)

    def test_nor_whoever_stands_in_for_the_holder_in_whose_place_it_was_asked(
        self, coordinator: Acting, phase: Phase
    ) -> None:
        acting = standing_in(somebody(), coordinator)
        asked = ask_reopening(phase=phase, reason="…", actor=acting, now=NOW)
        second = Acting(somebody("second"), coordinator.office, standing_in_for=coordinator.person)
        self.refused(asked, second, phase)

    def test_nor_a_role_without_a_say_however_much_it_sees(
        self, asked: Approval, city: City, phase: Phase
    ) -> None:
        open_office(
            unit=city.units["1506-LGO"], seat="clerk", title="经办", role=Role.CLERK,
            scope=city.units["1506"], actor=CONSOLE, now=START,
        )  # fmt: skip
        for code, seat in (("1506-LGO", "clerk"), ("1506-MU-01", "unit_head"), ("1506-LGO", "audit_admin")):
            self.refused(asked, city.acting(code, seat), phase)

    def test_nor_a_say_over_a_part_only(self, asked: Approval, city: City, phase: Phase) -> None:
        open_office(
            unit=city.units["150602"], seat="assessor", title="考核", role=Role.ASSESSOR,
            actor=CONSOLE, now=START,
        )  # fmt: skip
        district = city.acting("150602", "assessor")
        self.refused(asked, district, phase)
        assert not approvals_visible_to(district).exists()

    def test_another_person_in_the_asking_office_can(
        self, asked: Approval, coordinator: Acting, phase: Phase
    ) -> None:
        colleague = somebody()
        assert coordinator.office is not None
        hold_office(
            person=colleague, office=coordinator.office, starts_on=START.date(), actor=CONSOLE, now=START
        )
        decide(asked, Acting(colleague, coordinator.office))
        assert is_open_again(phase)

    def test_what_the_console_asked_one_person_decides(self, phase: Phase, coordinator: Acting) -> None:
        asked = ask_reopening(phase=phase, reason="…", actor=CONSOLE, now=NOW)
        assert (asked.asker, asked.asked_by) == (None, None)
        decide(asked, coordinator)
        assert is_open_again(phase)

    def test_the_console_decides_nothing(self, asked: Approval, phase: Phase) -> None:
        self.refused(asked, CONSOLE, phase)  # type: ignore[arg-type]

    def test_the_database_itself_takes_no_decision_by_the_asker(self, asked: Approval) -> None:
        with pytest.raises(IntegrityError, match="approval_takes_two_persons"), transaction.atomic():
            Approval.objects.filter(pk=asked.pk).update(granted=True, decider=asked.asker)


class TestDecideApproval:
    def test_it_keeps_who_decided_for_which_office(self, asked: Approval, assessor: Acting) -> None:
        made = decide(asked, assessor, decision=" 同意 ")
        made.refresh_from_db()
        assert (made.granted, made.decider, made.decided_by, made.decision, made.decided_at) == (
            True, assessor.person, assessor.office, "同意", NOW,
        )  # fmt: skip
        assert made == PhaseClosure.objects.get().reopened_by

    def test_a_refusal_wants_a_reason_and_does_nothing(
        self, asked: Approval, assessor: Acting, phase: Phase
    ) -> None:
        with pytest.raises(Refusal, match="写明理由"):
            decide(asked, assessor, granted=False, decision=" ")
        decide(asked, assessor, granted=False, decision="不必")
        asked.refresh_from_db()
        assert (asked.granted, asked.decision, is_open_again(phase)) == (False, "不必", False)

    @pytest.mark.parametrize("first", [True, False])
    def test_it_is_decided_once(
        self, asked: Approval, city: City, assessor: Acting, phase: Phase, first: bool
    ) -> None:
        decide(asked, assessor, granted=first, decision="一")
        for granted in (True, False):
            with pytest.raises(Refusal, match="已经有人批过"):
                decide(asked, assessor, granted=granted, decision="二")
        asked.refresh_from_db()
        assert (asked.granted, asked.decision, is_open_again(phase)) == (first, "一", first)

    def test_an_overlong_decision_is_refused(self, asked: Approval, assessor: Acting) -> None:
        with pytest.raises(Refusal, match="500 字"):
            decide(asked, assessor, decision="长" * 501)
        assert decide(asked, assessor, decision="长" * 500).granted

    def test_where_it_cannot_be_done_it_is_not_granted_either(
        self, asked: Approval, assessor: Acting
    ) -> None:
        PhaseClosure.objects.update(reopened_at=NOW)
        with pytest.raises(PhaseClosure.DoesNotExist):
            decide(asked, assessor)
        asked.refresh_from_db()
        assert asked.granted is None

    def test_rows_tell_asking_deciding_and_doing(self, asked: Approval, assessor: Acting) -> None:
        decide(asked, assessor)
        rows = AuditEntry.objects.filter(verb__in=["approvals.granted", "mechanisms.phase_reopened"])
        assert {(row.verb, row.person_ref) for row in rows} == {
            ("approvals.granted", assessor.person_ref), ("mechanisms.phase_reopened", assessor.person_ref),
        }  # fmt: skip


class TestApprovalsPage:
    def test_what_waits_is_offered_to_a_second_person_only(
        self, asked: Approval, coordinator: Acting, assessor: Acting, as_: SignIn
    ) -> None:
        address = reverse("approval-decision", args=[asked.pk])
        pages = {who: text_of(as_(who).get(reverse("approvals"))) for who in (coordinator, assessor)}  # type: ignore[arg-type]
        assert {who: "漏了一项" in page for who, page in pages.items()} == {coordinator: True, assessor: True}
        assert {who: address in page for who, page in pages.items()} == {coordinator: False, assessor: True}

    def test_granting_there_does_it_at_once(
        self, asked: Approval, assessor: Acting, phase: Phase, as_: SignIn
    ) -> None:
        client = as_(assessor)
        answer = client.post(reverse("approval-decision", args=[asked.pk]), {"granted": "yes"})
        assert answer["Location"] == reverse("approvals")
        assert is_open_again(phase)
        assert "已批准" in text_of(client.get(reverse("approvals")))  # type: ignore[arg-type]

    def test_refusing_there_without_a_reason_says_so(
        self, asked: Approval, assessor: Acting, as_: SignIn
    ) -> None:
        answer = as_(assessor).post(reverse("approval-decision", args=[asked.pk]), {"granted": "no"})
        assert (answer.status_code, "写明理由" in text_of(answer)) == (422, True)  # type: ignore[arg-type]
        asked.refresh_from_db()
        assert asked.granted is None

    def test_the_asker_is_refused_there(
        self, asked: Approval, coordinator: Acting, phase: Phase, as_: SignIn
    ) -> None:
        answer = as_(coordinator).post(reverse("approval-decision", args=[asked.pk]), {"granted": "yes"})
        assert (answer.status_code, is_open_again(phase)) == (422, False)

    def test_a_stand_in_for_the_asker_is_refused_there(
        self, asked: Approval, coordinator: Acting, phase: Phase, as_: SignIn
    ) -> None:
        client = as_(standing_in(somebody(), coordinator))
        assert reverse("approval-decision", args=[asked.pk]) not in text_of(client.get(reverse("approvals")))  # type: ignore[arg-type]
        answer = client.post(reverse("approval-decision", args=[asked.pk]), {"granted": "yes"})
        assert (answer.status_code, is_open_again(phase)) == (422, False)

    def test_a_second_time_is_harmless(
        self, asked: Approval, assessor: Acting, phase: Phase, as_: SignIn
    ) -> None:
        client = as_(assessor)
        address = reverse("approval-decision", args=[asked.pk])
        answers = [
            client.post(address, {"granted": granted, "decision": "…"}).status_code
            for granted in ("yes", "no")
        ]
        asked.refresh_from_db()
        assert (answers, asked.granted) == ([302, 422], True)

    def test_out_of_scope_it_is_not_found_and_not_shown(
        self, asked: Approval, city: City, as_: SignIn, phase: Phase
    ) -> None:
        open_office(
            unit=city.units["150602"], seat="assessor", title="考核", role=Role.ASSESSOR,
            actor=CONSOLE, now=START,
        )  # fmt: skip
        client = as_(city.acting("150602", "assessor"))
        assert "漏了一项" not in text_of(client.get(reverse("approvals")))  # type: ignore[arg-type]
        answer = client.post(reverse("approval-decision", args=[asked.pk]), {"granted": "yes"})
        assert (answer.status_code, is_open_again(phase)) == (404, False)

    def test_roles_without_a_say_are_not_let_in(
        self, asked: Approval, city: City, as_: SignIn, phase: Phase
    ) -> None:
        for acting in (city.head, city.acting("1506-LGO", "system_admin"), Acting(somebody())):
            client = as_(acting)
            statuses = (
                client.get(reverse("approvals")).status_code,
                client.post(reverse("approval-decision", args=[asked.pk]), {"granted": "yes"}).status_code,
            )
            assert statuses == (403, 403)
        assert not is_open_again(phase)

    def test_wrong_verbs_are_refused(self, asked: Approval, assessor: Acting, as_: SignIn) -> None:
        client = as_(assessor)
        wrong = [
            client.post(reverse("approvals")),
            client.get(reverse("approval-decision", args=[asked.pk])),
        ]
        assert [(each.status_code, each["Allow"]) for each in wrong] == [(405, "GET"), (405, "POST")]

    def test_a_stranger_signs_in_first(self, asked: Approval) -> None:
        answer = Client().post(reverse("approval-decision", args=[asked.pk]), {"granted": "yes"})
        assert answer["Location"].startswith(reverse("sign-in"))
        asked.refresh_from_db()
        assert asked.granted is None


def test_every_weighty_act_is_known_by_its_kind(phase: Phase) -> None:
    with pytest.raises(KeyError):
        ask_approval(
            kind="no.such_act", object_ref=1, scope=phase.cycle.unit, reason="…", actor=CONSOLE, now=NOW
        )
    assert ask_reopening(phase=phase, reason="…", actor=CONSOLE, now=NOW).kind == REOPEN


class TestDecidedWith:
    """Some acts are not everybody's to decide who may read what waits."""

    @pytest.fixture
    def for_leaders(self, monkeypatch: pytest.MonkeyPatch, asked: Approval) -> Approval:
        """The same request, were it one that leaders alone decide."""
        monkeypatch.setitem(KINDS, REOPEN, replace(KINDS[REOPEN], decided_with="supervision.sign"))
        return asked

    def test_whoever_lacks_the_function_is_refused_and_told_who_decides(
        self, for_leaders: Approval, assessor: Acting, phase: Phase
    ) -> None:
        assert not may_decide(assessor, for_leaders)
        with pytest.raises(Refusal, match="“重新打开阶段”须由另一人批准，限领导岗位"):
            decide(for_leaders, assessor)
        for_leaders.refresh_from_db()
        assert (for_leaders.granted, is_open_again(phase)) == (None, False)

    def test_whoever_has_it_decides(self, for_leaders: Approval, city: City, phase: Phase) -> None:
        decide(for_leaders, city.acting("1506-LG", "leader"))
        assert is_open_again(phase)

    def test_the_page_offers_buttons_to_those_alone_and_says_to_others_who_decides(
        self, for_leaders: Approval, city: City, coordinator: Acting, assessor: Acting, as_: SignIn
    ) -> None:
        address = reverse("approval-decision", args=[for_leaders.pk])
        leader = city.acting("1506-LG", "leader")
        pages = {who: text_of(as_(who).get(reverse("approvals"))) for who in (coordinator, assessor, leader)}  # type: ignore[arg-type]
        assert {who: address in page for who, page in pages.items()} == {
            coordinator: False, assessor: False, leader: True
        }  # fmt: skip
        told = {who: "由领导岗位中申请人以外的人批准" in page for who, page in pages.items()}
        assert told == {coordinator: True, assessor: True, leader: False}
        assert as_(assessor).post(address, {"granted": "yes"}).status_code == 422

    def test_every_kind_names_a_function_that_some_role_carries(self) -> None:
        assert KINDS
        assert {kind.id for kind in KINDS.values() if not kind.deciders} == set()
