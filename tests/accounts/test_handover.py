"""When a holding ends, what the office has on its hands waits for the successor in person; nothing is orphaned."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.conftest import days, text_of
from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Handover, Holding, Office, Person
from guantong.accounts.operations import (
    accept_handover,
    create_person,
    end_holding,
    erase_person,
    hold_office,
    record_absence,
)
from guantong.accounts.queries import handovers_waiting_for, seats_of
from guantong.audit.models import AuditEntry
from guantong.duties.models import DutyList
from guantong.duties.operations import issue_duty_lists
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.obligations import timing
from guantong.obligations.choices import SETTLED, State
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_nothing_new, review_claim
from guantong.reporting.handover import offices_left_alone, pack_of

NOW = at(3, 20)
LAST = dt.date(2026, 3, 20)


def person(name: str) -> Person:
    return create_person(sign_in=name, display_name=name, password=None, actor=CONSOLE, now=NOW)


def holding_of(acting: Acting) -> Holding:
    return Holding.objects.select_related("person", "office").get(person=acting.person, office=acting.office)


def hold(who: Person, office: Office, day: dt.date) -> Acting:
    hold_office(person=who, office=office, starts_on=day, actor=CONSOLE, now=NOW)
    return Acting(who, office)


def end(holding: Holding, on: dt.date = LAST) -> Handover:
    return end_holding(holding=holding, ends_on=on, actor=CONSOLE, now=NOW)


class TestEndHolding:
    def test_the_right_lasts_through_the_last_day(self, offices: City) -> None:
        head = holding_of(offices.head)
        end(head)
        assert [bool(seats_of(head.person, on=LAST + days(each))) for each in (0, 1)] == [True, False]

    def test_a_handover_opens_without_a_successor_where_nobody_follows(self, offices: City) -> None:
        made = end(holding_of(offices.head))
        assert (made.successor, made.accepted_at, made.opened_at, made.contents) == (None, None, NOW, {})

    def test_whoever_holds_the_office_on_the_next_day_is_the_successor(self, offices: City) -> None:
        head = holding_of(offices.head)
        hold(person("next"), head.office, LAST + days(1))
        made = end(head)
        assert made.successor is not None
        assert made.successor.person.display_name == "next"

    def test_twice_is_refused_and_changes_nothing(self, offices: City) -> None:
        head = holding_of(offices.head)
        end(head)
        for day in (LAST, LAST + days(30)):
            with pytest.raises(Refusal, match="已于 2026-03-20 结束"):
                end(head, day)
        assert Handover.objects.count() == 1
        assert AuditEntry.objects.filter(verb="accounts.holding_ended").count() == 1

    def test_an_announced_end_may_be_moved_forward(self, offices: City) -> None:
        head = holding_of(offices.head)
        end(head)
        end(head, LAST - days(10))
        head.refresh_from_db()
        assert (head.ends_on, Handover.objects.count()) == (LAST - days(10), 1)

    def test_but_not_once_the_work_was_handed_over(self, offices: City) -> None:
        head = holding_of(offices.head)
        successor = hold(person("next"), head.office, LAST)
        accept_handover(handover=end(head), contents={}, note="", actor=successor, now=NOW)
        with pytest.raises(Refusal, match="已经交接"):
            end(head, LAST - days(10))
        head.refresh_from_db()
        assert head.ends_on == LAST

    def test_it_does_not_end_before_it_began(self, offices: City) -> None:
        head = holding_of(offices.head)
        with pytest.raises(Refusal, match="不能早于开始日期"):
            end(head, head.starts_on - days(1))

    def test_it_leaves_a_row_with_the_day(self, offices: City) -> None:
        head = holding_of(offices.head)
        end(head)
        entry = AuditEntry.objects.get(verb="accounts.holding_ended")
        assert (entry.object_ref, json.loads(entry.payload)["ends_on"]) == (str(head.pk), "2026-03-20")


@dataclass
class Change:
    """The head of a unit left on the 20th; the successor holds the office from the 20th on."""

    handover: Handover
    leaver: Acting
    successor: Acting

    def accept(self, actor: Acting | None = None, note: str = "") -> Handover:
        return accept_handover(
            handover=self.handover,
            contents={"obligations": 3},
            note=note,
            actor=actor or self.successor,
            now=NOW,
        )


@pytest.fixture
def change(offices: City) -> Change:
    head = holding_of(offices.head)
    successor = hold(person("next"), head.office, LAST)
    return Change(end(head), offices.head, successor)


class TestAcceptHandover:
    def test_it_keeps_who_took_over_what_by_count(self, change: Change) -> None:
        made = change.accept(note=" 已当面说明 ")
        made.refresh_from_db()
        assert made.successor is not None
        assert (made.successor.person, made.accepted_at, made.contents, made.note) == (
            change.successor.person, NOW, {"obligations": 3}, "已当面说明",
        )  # fmt: skip

    def test_it_leaves_a_row_with_the_counts(self, change: Change) -> None:
        change.accept()
        entry = AuditEntry.objects.get(verb="accounts.handover_accepted")
        contents = json.loads(entry.payload)["contents"]
        assert (entry.actor, contents) == (change.successor.reference, {"obligations": 3})

    def test_twice_is_refused_and_changes_nothing(self, change: Change) -> None:
        change.accept(note="第一次")
        with pytest.raises(Refusal, match="已经接收"):
            change.accept(note="第二次")
        change.handover.refresh_from_db()
        assert change.handover.note == "第一次"

    def test_not_by_the_one_who_leaves(self, change: Change) -> None:
        with pytest.raises(Refusal, match="移交人不能自己接收"):
            change.accept(change.leaver)

    def test_not_by_somebody_who_holds_another_office(self, change: Change, offices: City) -> None:
        with pytest.raises(Refusal, match="接任者本人"):
            change.accept(offices.acting("1506-MU-02", "unit_head"))

    def test_not_by_a_stand_in_for_the_successor(self, change: Change) -> None:
        stand_in = person("stand-in")
        record_absence(
            holding=holding_of(change.successor), stand_in=stand_in, starts_on=LAST, ends_on=LAST,
            actor=CONSOLE, now=NOW,
        )  # fmt: skip
        acting = Acting(stand_in, change.successor.office, standing_in_for=change.successor.person)
        with pytest.raises(Refusal, match="代理人不能代收"):
            change.accept(acting)

    def test_not_by_a_holder_who_stands_in_for_another_holder(self, change: Change) -> None:
        acting = Acting(
            change.successor.person, change.successor.office, standing_in_for=change.leaver.person
        )
        with pytest.raises(Refusal, match="代理人不能代收"):
            change.accept(acting)

    def test_not_before_the_successor_holds_the_office(self, offices: City) -> None:
        head = holding_of(offices.head)
        successor = hold(person("next"), head.office, LAST + days(1))
        with pytest.raises(Refusal, match="接任者本人"):
            accept_handover(handover=end(head), contents={}, note="", actor=successor, now=NOW)

    def test_a_note_longer_than_its_field_is_refused(self, change: Change) -> None:
        with pytest.raises(Refusal, match="1000 字"):
            change.accept(note="长" * 1001)
        change.accept(note="长" * 1000)

    def test_the_database_itself_wants_a_successor(self, change: Change) -> None:
        with pytest.raises(IntegrityError, match="handover_is_accepted_by"), transaction.atomic():
            Handover.objects.update(accepted_at=NOW, successor=None)


@pytest.fixture
def busy(signed: City) -> City:
    """Of the unit's obligations one is claimed, one returned, one promised for later, one done, one overdue."""
    head, office = signed.head, signed.office("1506-MU-01", "unit_head")
    reports = list(Obligation.objects.filter(office=office, rule="D12").order_by("due_on"))
    for owed, verdict in zip(reports, ("accepted", "returned", ""), strict=False):
        owed.starts_on = dt.date(2026, 3, 1)
        owed.save(update_fields=["starts_on"])
        claim = claim_nothing_new(obligation=owed, claimed_by=office, actor=head, now=NOW)
        if verdict:
            review_claim(claim=claim, verdict=verdict, reason="补", actor=signed.coordinator, now=NOW)
    asked = timing.ask_extension(
        obligation=reports[1], until=reports[1].due_on + days(9), reason="数据未出", asked_by=office,
        actor=head, now=NOW,
    )  # fmt: skip
    timing.decide_extension(extension=asked, granted=True, decision="", actor=signed.coordinator, now=NOW)
    return signed


def open_for(office: Office) -> set[int]:
    """The count made again from the rows: everything of the office that is not settled."""
    return {each.pk for each in Obligation.objects.filter(office=office) if each.state not in SETTLED}


class TestPack:
    def test_nothing_open_is_left_out_of_the_pack(self, busy: City) -> None:
        office = busy.office("1506-MU-01", "unit_head")
        pack = pack_of(office, on=LAST)
        in_pack = [each.pk for each in (*pack.owed, *pack.waiting)]
        assert set(in_pack) == open_for(office)
        assert len(in_pack) == len(set(in_pack))
        assert pack.counts["obligations"] + pack.counts["awaiting_review"] == len(open_for(office))

    def test_its_counts_are_those_of_its_rows(self, busy: City) -> None:
        office = busy.office("1506-MU-01", "unit_head")
        pack = pack_of(office, on=dt.date(2026, 12, 31))
        claimed = {
            each.pk for each in Obligation.objects.filter(office=office) if each.state == State.CLAIMED
        }
        assert {obligation.pk for obligation in pack.waiting} == claimed
        assert pack.counts == {
            "obligations": len(open_for(office)) - 1,
            "overdue": sum(1 for each in pack.owed if each.due_on and each.due_on < dt.date(2026, 12, 31)),
            "awaiting_review": 1,
            "promised": 1,
            "asked_extensions": 0,
            "suspended": 0,
            "unsigned_lists": 0,
            "questions": 0,
            "pairings": 0,
            "contacts": 0,
            "cases": 0,
            "as_of": "2026-12-31",
        }
        assert pack.counts["overdue"] > 0

    def test_a_promised_date_is_in_it(self, busy: City) -> None:
        office = busy.office("1506-MU-01", "unit_head")
        promise = pack_of(office, on=LAST).promised.get()
        assert (promise.granted, promise.asked_until) == (True, promise.obligation.due_on)

    def test_a_list_not_yet_signed_is_in_it(self, city: City) -> None:
        issue_duty_lists(cycle=city.cycle, actor=CONSOLE, now=at(1, 15))
        pack = pack_of(city.office("1506-MU-01", "unit_head"), on=LAST)
        assert list(pack.unsigned) == [DutyList.objects.get(unit__code="1506-MU-01")]

    def test_every_open_obligation_of_the_city_lies_in_exactly_one_pack(self, busy: City) -> None:
        packs = [pack_of(office, on=LAST) for office in Office.objects.all()]
        in_packs = sorted(each.pk for pack in packs for each in (*pack.owed, *pack.waiting))
        everything = Obligation.objects.exclude(state__in=SETTLED).order_by("pk").values_list("pk", flat=True)
        assert in_packs == list(everything)

    def test_what_is_suspended_is_handed_over_too(self, busy: City) -> None:
        office = busy.office("1506-MU-01", "unit_head")
        owed = pack_of(office, on=LAST).owed[0]
        timing.suspend(obligation=owed, excused=False, reason="机构改革", actor=busy.coordinator, now=NOW)
        pack = pack_of(office, on=LAST)
        assert [each.pk for each in pack.standing_still] == [owed.pk]
        together = ("obligations", "awaiting_review", "suspended")
        assert sum(pack.counts[name] for name in together) == len(open_for(office))


class TestOfficesLeftAlone:
    def test_an_office_that_owes_something_and_has_nobody_is_named(self, signed: City) -> None:
        head = holding_of(signed.head)
        end(head)
        assert list(offices_left_alone(on=LAST)) == []
        assert list(offices_left_alone(on=LAST + days(1))) == [head.office]

    def test_until_somebody_holds_it_even_before_the_handover_is_accepted(self, signed: City) -> None:
        head = holding_of(signed.head)
        end(head)
        hold(person("next"), head.office, LAST + days(1))
        assert list(offices_left_alone(on=LAST + days(1))) == []

    def test_an_office_that_owes_nothing_is_not(self, offices: City) -> None:
        end(holding_of(offices.head))
        assert list(offices_left_alone(on=LAST + days(1))) == []


@pytest.fixture
def moved(signed: City) -> Change:
    """The same change of head, yesterday and today by the calendar, so that pages show it."""
    head = holding_of(signed.head)
    today = clock.today()
    handover = end(head, today - days(1))
    successor = hold(person("next"), head.office, today)
    handover.refresh_from_db()
    return Change(handover, Acting(head.person, head.office), successor)


class TestHandoverPage:
    def test_the_successor_sees_what_is_handed_over_and_may_accept(self, moved: Change, as_: SignIn) -> None:
        answer = as_(moved.successor).get(reverse("handover", args=[moved.handover.pk]))
        page = text_of(answer)  # type: ignore[arg-type]
        assert moved.handover.holding.office is not None
        pack = pack_of(moved.handover.holding.office, on=clock.today())
        assert pack.counts["obligations"] > 0
        assert all(reverse("obligation", args=[each.pk]) in page for each in pack.owed[:200])
        assert reverse("handover-acceptance", args=[moved.handover.pk]) in page

    def test_the_account_page_says_that_it_waits(self, moved: Change, as_: SignIn) -> None:
        link = reverse("handover", args=[moved.handover.pk])
        client = as_(moved.successor)
        assert link in text_of(client.get(reverse("account")))  # type: ignore[arg-type]
        client.post(reverse("handover-acceptance", args=[moved.handover.pk]))
        assert link not in text_of(client.get(reverse("account")))  # type: ignore[arg-type]

    def test_a_stand_in_sees_it_and_is_offered_nothing(self, moved: Change, as_: SignIn) -> None:
        today, stand_in = clock.today(), person("stand-in")
        record_absence(
            holding=holding_of(moved.successor), stand_in=stand_in, starts_on=today, ends_on=today,
            actor=CONSOLE, now=NOW,
        )  # fmt: skip
        client = as_(Acting(stand_in))
        page = client.get(reverse("handover", args=[moved.handover.pk]))
        assert "由接任者本人接收" in text_of(page)  # type: ignore[arg-type]
        refused = client.post(reverse("handover-acceptance", args=[moved.handover.pk]))
        assert (refused.status_code, "代理人不能代收" in text_of(refused)) == (422, True)  # type: ignore[arg-type]
        moved.handover.refresh_from_db()
        assert moved.handover.accepted_at is None

    @pytest.mark.parametrize("page", ["handover", "handover-acceptance"])
    def test_other_offices_do_not_find_it(self, moved: Change, signed: City, as_: SignIn, page: str) -> None:
        others = [signed.acting("1506-MU-02", "unit_head"), signed.coordinator]
        for other in others:
            client = as_(other)
            ask = client.get if page == "handover" else client.post
            assert ask(reverse(page, args=[moved.handover.pk])).status_code == 404
        assert handovers_waiting_for(moved.successor).get() == moved.handover
        assert not handovers_waiting_for(others[0]).exists()

    @pytest.mark.parametrize("page", ["handover", "handover-acceptance"])
    def test_who_reads_no_business_is_not_let_in(
        self, moved: Change, signed: City, as_: SignIn, page: str
    ) -> None:
        for acting in (signed.acting("1506-LGO", "system_admin"), moved.leaver):
            client = as_(acting)
            ask = client.get if page == "handover" else client.post
            assert ask(reverse(page, args=[moved.handover.pk])).status_code == 403
        moved.handover.refresh_from_db()
        assert moved.handover.accepted_at is None

    def test_wrong_verbs_are_refused(self, moved: Change, as_: SignIn) -> None:
        client = as_(moved.successor)
        wrong = [
            client.post(reverse("handover", args=[moved.handover.pk])),
            client.get(reverse("handover-acceptance", args=[moved.handover.pk])),
        ]
        assert [(each.status_code, each["Allow"]) for each in wrong] == [(405, "GET"), (405, "POST")]

    def test_a_stranger_signs_in_first(self, moved: Change) -> None:
        answer = Client().post(reverse("handover-acceptance", args=[moved.handover.pk]))
        assert answer["Location"].startswith(reverse("sign-in"))

    def test_accepting_keeps_the_counts_as_they_stood(self, moved: Change, as_: SignIn) -> None:
        assert moved.handover.holding.office is not None
        counts = pack_of(moved.handover.holding.office, on=clock.today()).counts
        answer = as_(moved.successor).post(
            reverse("handover-acceptance", args=[moved.handover.pk]), {"note": "逐项核对"}
        )
        assert answer["Location"] == reverse("home")
        moved.handover.refresh_from_db()
        assert moved.handover.successor is not None
        assert (moved.handover.contents, moved.handover.note) == (counts, "逐项核对")
        assert moved.handover.successor.person == moved.successor.person

    def test_a_second_time_is_harmless(self, moved: Change, as_: SignIn) -> None:
        client = as_(moved.successor)
        address = reverse("handover-acceptance", args=[moved.handover.pk])
        answers = [client.post(address, {"note": note}).status_code for note in ("一", "二")]
        moved.handover.refresh_from_db()
        assert (answers, moved.handover.note) == ([302, 404], "一")
        assert AuditEntry.objects.filter(verb="accounts.handover_accepted").count() == 1


class TestAdministratorsHaveNoBusinessToHandOver:
    def test_their_handover_is_offered_to_no_successor_and_hinders_no_erasure(
        self, offices: City, as_: SignIn
    ) -> None:
        former = holding_of(offices.acting("1506-LGO", "audit_admin"))
        handover = end(former, clock.today() - days(1))
        successor = hold(person("next"), former.office, clock.today())
        page = text_of(as_(successor).get(reverse("account")))  # type: ignore[arg-type]
        assert reverse("handover", args=[handover.pk]) not in page
        erase_person(person=former.person, actor=CONSOLE, now=clock.now())
        assert Person.objects.filter(pk=former.person_id, subject__erased_at__isnull=False).exists()
