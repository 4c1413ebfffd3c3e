"""Every next mover has a kind of notice of its own, and is asked until the thing has moved on."""

from __future__ import annotations

import datetime as dt

from conftest import CONSOLE, City, at
from guantong.accounts.approvals import decide_approval
from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.duties.models import DutyItem, DutyList
from guantong.duties.operations import answer_objection, issue_duty_lists, object_to_item, sign_duty_list
from guantong.mechanisms.changes import ask_reopening, close_phase
from guantong.mechanisms.models import Cycle, Phase
from guantong.notices.models import Notice
from guantong.obligations.models import Obligation
from guantong.supervision.models import Escalation
from guantong.supervision.operations import matters, sweep_lights, verifying
from guantong.supervision.operations.circulars import draft_circular, issue_circular
from guantong.supervision.operations.following import follow_waist
from guantong.supervision.operations.ladder import decide_escalations
from guantong.supervision.operations.over_cap import ask_over_cap
from guantong.supervision.operations.reminders import refresh_notices
from guantong.supervision.operations.samples import check_item, draw_sample
from supervision.matter_cast import (
    completed,
    drafted,
    now_of,
    second_coordinator,
)
from supervision.test_samples import SEED, freeze
from supervision.test_visits import UNIT, spend, terms

Asked = set[tuple[Office | None, str]]


def asked(city: City, month: int, day: int, about: str, ref: int) -> Asked:
    """Who is asked for what about a row, once everything is brought up to date."""
    on, now = dt.date(2026, month, day), at(month, day)
    sweep_lights(actor=CONSOLE, on=on, now=now, cycle=city.cycle)
    follow_waist(cycle=city.cycle, now=now, actor=CONSOLE)
    refresh_notices(cycle=city.cycle, on=on, now=now, actor=CONSOLE)
    found = Notice.objects.filter(about=about, about_ref=ref, closed_on=None).select_related("office")
    return {(each.office, each.kind) for each in found}


class TestMatters:
    def test_a_draft_waits_to_be_registered_and_then_to_be_handed_out(self, signed: City) -> None:
        matter, about = drafted(signed), "supervision.matter"
        assert asked(signed, 3, 2, about, matter.pk) == {(matter.issued_by, "register")}
        matters.register_matter(matter=matter, actor=signed.coordinator, now=at(3, 2))
        assert asked(signed, 3, 2, about, matter.pk) == {(matter.issued_by, "dispatch")}
        matters.dispatch_matter(matter=matter, actor=signed.coordinator, now=at(3, 2))
        assert asked(signed, 3, 2, about, matter.pk) == set()

    def test_an_office_that_took_no_part_is_asked_to_verify_then_the_issuer_to_strike_off(
        self, signed: City
    ) -> None:
        matter = completed(signed, kind="demand")
        [(verifier, kind)] = asked(signed, 3, 22, "supervision.matter", matter.pk)
        assert kind == "verify"
        assert verifier not in {matter.issued_by, *Office.objects.filter(matter_parts__matter=matter)}
        assert verifier is not None
        verifying.verify_matter(
            matter=now_of(matter), result="现场看过", actor=signed.acting("1506-LG", verifier.seat, verifier.number),
            now=at(3, 22),
        )  # fmt: skip
        assert asked(signed, 3, 22, "supervision.matter", matter.pk) == {(matter.issued_by, "strike_off")}


class TestLadder:
    def confirmed(self, city: City, step: str) -> Escalation:
        sweep_lights(actor=CONSOLE, on=dt.date(2026, 4, 20), now=at(4, 20), cycle=city.cycle)
        item = Obligation.objects.filter(unit__code=UNIT, rule="D12").order_by("due_on")[0]
        made = Escalation.objects.create(
            cycle=city.cycle, unit=item.unit, obligation=item, step=step, proposed_at=at(4, 20)
        )
        decide_escalations(
            escalations=[made], confirmed=True, reason="", actor=city.coordinator, now=at(4, 20)
        )
        return made

    def test_a_talk_to_be_held_is_no_proposal_to_be_decided(self, signed: City) -> None:
        talk = self.confirmed(signed, "talk")
        assert asked(signed, 4, 20, "supervision.escalation", talk.pk) == {
            (signed.head.office, "talk"), (signed.coordinator.office, "hold_talk"),
        }  # fmt: skip
        assert "escalation" not in set(Notice.objects.values_list("kind", flat=True))

    def test_what_is_to_be_listed_waits_for_an_issued_circular(self, signed: City) -> None:
        self.confirmed(signed, "circular")
        cycle = signed.cycle
        listing = (signed.coordinator.office, "list")
        assert asked(signed, 4, 20, "mechanisms.cycle", cycle.pk) == {listing}
        made = draft_circular(
            cycle=cycle, unit=cycle.unit, as_of=dt.date(2026, 4, 20), actor=signed.coordinator, now=at(4, 20)
        )
        issue = (signed.coordinator.office, "issue")
        assert asked(signed, 4, 20, "supervision.circular", made.pk) == {issue}
        assert asked(signed, 4, 20, "mechanisms.cycle", cycle.pk) == {listing}
        issue_circular(circular=made, actor=signed.coordinator, now=at(4, 21))
        assert asked(signed, 4, 21, "supervision.circular", made.pk) == set()
        assert asked(signed, 4, 21, "mechanisms.cycle", cycle.pk) == set()


class TestSamples:
    def test_the_seed_from_its_day_on_then_the_items_until_the_last(self, signed: City) -> None:
        Obligation.objects.filter(unit__code=UNIT).update(state="fulfilled", settled_on=dt.date(2026, 3, 20))
        sample, about = freeze(signed), "supervision.sample"
        assert asked(signed, 4, 2, about, sample.pk) == set()
        assert asked(signed, 4, 3, about, sample.pk) == {(signed.coordinator.office, "seed")}
        items = draw_sample(sample=sample, seed=SEED, actor=signed.coordinator, now=at(4, 3))
        checker = second_coordinator(signed)
        for item in items:
            assert asked(signed, 4, 3, about, sample.pk) == {(signed.coordinator.office, "check")}
            check_item(item=item, result="holds", note="看过台账", actor=checker, now=at(4, 4))
        assert asked(signed, 4, 4, about, sample.pk) == set()


class TestApprovals:
    ABOUT = "accounts.approval"

    def test_a_leader_is_asked_to_sign_for_a_visit_over_the_cap(self, city: City) -> None:
        spend(city)
        wanted = ask_over_cap(**terms(city, city.coordinator, 11, 10, reason="复核"))
        [(office, kind)] = asked(city, 3, 3, self.ABOUT, wanted.pk)
        assert (kind, office.role if office else "") == ("approval", Role.LEADER)
        notice = Notice.objects.get(about=self.ABOUT)
        assert notice.title.startswith("安排超出年度次数的检查：市发展和改革委员会")
        decide_approval(
            approval=wanted,
            granted=False,
            decision="不必",
            actor=city.acting("1506-LG", "leader"),
            now=at(3, 3),
        )
        assert asked(city, 3, 3, self.ABOUT, wanted.pk) == set()

    def test_another_office_than_the_asking_one_where_there_is_one(self, city: City) -> None:
        phase = Phase.objects.filter(cycle=city.cycle).order_by("ends_on")[0]
        close_phase(phase=phase, actor=CONSOLE, now=at(12, 1), today=dt.date(2026, 12, 1))
        wanted = ask_reopening(phase=phase, reason="漏了一项", actor=city.coordinator, now=at(12, 1))
        [(office, kind)] = asked(city, 12, 1, self.ABOUT, wanted.pk)
        assert kind == "approval"
        assert office != city.coordinator.office

    def test_of_two_years_of_a_unit_the_later_one_speaks_for_it(self, city: City) -> None:
        spend(city)
        wanted = ask_over_cap(**terms(city, city.coordinator, 11, 10, reason="复核"))
        later = Cycle.objects.get(pk=city.cycle.pk)
        later.pk, later.year = None, 2027
        later.save()
        assert asked(city, 3, 3, self.ABOUT, wanted.pk) == set()
        refresh_notices(cycle=later, on=dt.date(2026, 3, 3), now=at(3, 3), actor=CONSOLE)
        assert Notice.objects.filter(about=self.ABOUT, closed_on=None).count() == 1


class TestLists:
    def test_a_list_issued_asks_the_office_that_signs_it(self, city: City) -> None:
        issue_duty_lists(cycle=city.cycle, actor=CONSOLE, now=at(1, 15))
        mine = city.list_of(UNIT)
        assert asked(city, 1, 15, "duties.dutylist", mine.pk) == {(city.head.office, "sign_list")}
        sign_duty_list(duty_list=mine, actor=city.head, now=at(2, 2))
        assert asked(city, 2, 2, "duties.dutylist", mine.pk) == set()
        waiting = Notice.objects.filter(kind="sign_list", closed_on=None).values_list("about_ref", flat=True)
        assert set(waiting) == set(DutyList.objects.exclude(pk=mine.pk).values_list("pk", flat=True))

    def test_an_objection_asks_the_coordinating_office_until_it_is_answered(self, city: City) -> None:
        item = DutyItem.objects.filter(duty_list=city.list_of(UNIT))[0]
        made = object_to_item(item=item, reason="不属于本单位", actor=city.head, now=at(1, 10))
        about, key = "mechanisms.cycle", city.cycle.pk
        assert asked(city, 1, 10, about, key) == {(city.coordinator.office, "objection")}
        answer_objection(
            objection=made, upheld=False, answer="职责不变", actor=city.coordinator, now=at(1, 11)
        )
        assert asked(city, 1, 11, about, key) == set()


def test_nobody_is_asked_the_same_twice(signed: City) -> None:
    completed(signed, kind="demand")
    for day in (22, 22, 23):
        asked(signed, 3, day, "", 0)
    rows = Notice.objects.filter(closed_on=None).values_list("office", "kind", "about", "about_ref")
    assert len(rows) == len(set(rows)) > 5
