"""One matter, one number: merging, following, and who sees what."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from conftest import CONSOLE, City, at
from guantong.accounts.acting import Actor
from guantong.audit.models import AuditEntry
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Obligation
from guantong.supervision.models import Matter, Subscription
from guantong.supervision.operations import matter_drafts, merging
from guantong.supervision.queries.matters import followable_by, matters_visible_to, parts_visible_to
from supervision.matter_cast import (
    COOPERATING,
    DISTRICT,
    LEAD,
    accept,
    dispatched,
    drafted,
    head_of,
    log_is_clean,
    now_of,
    part_of,
    report,
    signed_for,
    stages,
    states,
)


def merge(city: City, matter: Matter, into: Matter, reason: str = "同一件事") -> Matter:
    return merging.merge_matter(
        matter=matter, into=into, reason=reason, actor=city.coordinator, now=at(3, 10)
    )


class TestMerge:
    def test_units_and_followers_move_over_and_the_link_is_kept_both_ways(self, city: City) -> None:
        into = dispatched(city, also=[])
        matter = signed_for(city, dispatched(city, title="重复的一件", also=[DISTRICT]), DISTRICT)
        leader = city.acting("1506-LG", "leader")
        merging.follow_matter(matter=matter, reason="关心", actor=leader, now=at(3, 4))
        merge(city, matter, into)
        found = now_of(matter)
        assert (found.stage, found.merged_into) == ("merged", into)
        assert list(into.merged.all()) == [found]
        assert stages(matter) == {LEAD: "withdrawn", DISTRICT: "withdrawn"}
        assert states(matter) == {(LEAD, "cancelled"), (DISTRICT, "cancelled")}
        # the lead unit had its part there already; the district signed before and need not sign again
        assert stages(into) == {LEAD: "assigned", DISTRICT: "under_way"}
        assert states(into) == {(LEAD, "open"), (DISTRICT, "open")}
        assert set(into.subscriptions.values_list("office", flat=True)) == {leader.office.pk}  # type: ignore[union-attr]
        assert log_is_clean()

    def test_only_one_part_leads(self, city: City) -> None:
        into, matter = dispatched(city, also=[]), drafted(city)
        Matter.objects.filter(pk=into.pk)
        other = matter_drafts.draft_matter(
            cycle=city.cycle,
            terms=_terms(),
            parts=[_lead(city, DISTRICT)],
            actor=city.coordinator,
            now=at(3, 2),
        )
        merge(city, other, into)
        assert part_of(into, DISTRICT).part == "cooperating"
        assert matter.stage == "draft"

    def test_what_was_done_stays_done(self, city: City) -> None:
        into, matter = dispatched(city, also=[DISTRICT]), dispatched(city, title="另一件")
        signed_for(city, matter)
        accept(city, report(city, matter, COOPERATING), day=at(3, 9))
        merge(city, matter, into)
        assert stages(matter) == {LEAD: "withdrawn", COOPERATING: "completed"}
        assert COOPERATING not in stages(into)

    def test_a_report_in_review_is_reviewed_first(self, city: City) -> None:
        into, matter = dispatched(city), signed_for(city, dispatched(city, title="另一件"))
        report(city, matter, LEAD, day=at(3, 9))
        with pytest.raises(Refusal, match="正在审核"):
            merge(city, matter, into)
        assert now_of(matter).stage == "under_way"

    def test_not_in_itself_nor_in_an_ended_one_nor_without_a_reason(self, city: City) -> None:
        matter, other = dispatched(city), dispatched(city, title="另一件")
        with pytest.raises(Refusal, match="并入自己"):
            merge(city, matter, matter)
        with pytest.raises(Refusal, match="为什么并案"):
            merge(city, matter, other, reason=" ")
        merge(city, matter, other)
        with pytest.raises(Refusal, match="已并案"):
            merge(city, other, matter)
        with pytest.raises(Refusal, match="已并案"):
            merge(city, matter, other)


def _terms() -> matter_drafts.Terms:
    return matter_drafts.Terms("other", "第三件", "check", "督查通报")


def _lead(city: City, code: str) -> matter_drafts.PartPlan:
    return matter_drafts.PartPlan(city.units[code], "lead")


class TestFollow:
    def test_a_second_body_follows_and_then_sees_it(self, city: City) -> None:
        matter = dispatched(city, also=[])
        other = head_of(city, COOPERATING)
        assert matter not in matters_visible_to(other)
        assert matter in followable_by(other)
        merging.follow_matter(matter=matter, reason="与本单位工作有关", actor=other, now=at(3, 4))
        assert matter in matters_visible_to(other)
        assert not parts_visible_to(other).exists()
        assert log_is_clean()

    def test_following_twice_is_following_once(self, city: City) -> None:
        matter = dispatched(city)
        for _time in range(2):
            merging.follow_matter(matter=matter, reason="…", actor=head_of(city, DISTRICT), now=at(3, 4))
        assert Subscription.objects.count() == 1

    def test_not_a_draft_and_not_by_the_issuing_office(self, city: City) -> None:
        draft = drafted(city)
        with pytest.raises(Refusal, match="拟立项"):
            merging.follow_matter(matter=draft, reason="…", actor=city.head, now=at(3, 4))
        with pytest.raises(Refusal, match="另一家单位"):
            merging.follow_matter(matter=dispatched(city), reason="…", actor=city.coordinator, now=at(3, 4))

    def test_not_by_a_clerk(self, city: City) -> None:
        with pytest.raises(Refusal, match="另一家单位"):
            merging.follow_matter(
                matter=dispatched(city), reason="…", actor=city.acting("150602001", "commissioner"), now=at(3, 4)
            )  # fmt: skip

    def test_drafts_cannot_be_found_by_number(self, city: City) -> None:
        draft, matter = drafted(city), dispatched(city, title="另一件")
        assert set(followable_by(city.head)) == {matter}
        assert draft.number is None


class TestStopFollowing:
    def stop(self, matter: Matter, actor: Actor, *, day: int = 6) -> Subscription | None:
        return merging.stop_following(matter=matter, actor=actor, now=at(3, day))

    def test_the_follower_sees_it_no_longer_and_that_it_followed_stays_on_record(self, city: City) -> None:
        matter, other = dispatched(city, also=[]), head_of(city, COOPERATING)
        merging.follow_matter(matter=matter, reason="与本单位工作有关", actor=other, now=at(3, 4))
        ended = self.stop(matter, other)
        assert ended is not None
        assert matter not in matters_visible_to(other)
        assert list(matter.subscriptions.values_list("since", "ended_at")) == [(at(3, 4), at(3, 6))]
        assert AuditEntry.objects.filter(verb="supervision.matter_unfollowed").count() == 1
        assert log_is_clean()

    def test_twice_or_without_having_followed_is_harmless(self, city: City) -> None:
        matter, other = dispatched(city, also=[]), head_of(city, COOPERATING)
        assert self.stop(matter, other) is None
        merging.follow_matter(matter=matter, reason="…", actor=other, now=at(3, 4))
        self.stop(matter, other)
        assert self.stop(matter, other, day=7) is None
        assert list(matter.subscriptions.values_list("ended_at", flat=True)) == [at(3, 6)]

    def test_each_ends_its_own_alone(self, city: City) -> None:
        matter = dispatched(city, also=[])
        mine, theirs = head_of(city, COOPERATING), head_of(city, DISTRICT)
        for actor in (mine, theirs):
            merging.follow_matter(matter=matter, reason="…", actor=actor, now=at(3, 4))
        self.stop(matter, mine)
        assert matter in matters_visible_to(theirs)
        with pytest.raises(Refusal, match="关注的岗位自己"):
            self.stop(matter, CONSOLE)

    def test_it_may_be_followed_again_and_is_another_subscription(self, city: City) -> None:
        matter, other = dispatched(city, also=[]), head_of(city, COOPERATING)
        for day in (4, 10):
            merging.follow_matter(matter=matter, reason="…", actor=other, now=at(3, day))
            assert matter in matters_visible_to(other)
            self.stop(matter, other, day=day + 1)
        assert list(matter.subscriptions.order_by("pk").values_list("ended_at", flat=True)) == [
            at(3, 5),
            at(3, 11),
        ]

    def test_the_database_itself_keeps_one_at_a_time(self, city: City) -> None:
        matter, office = dispatched(city, also=[]), head_of(city, COOPERATING).office
        Subscription.objects.create(matter=matter, office=office, since=at(3, 4), ended_at=at(3, 5))
        Subscription.objects.create(matter=matter, office=office, since=at(3, 6))
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscription.objects.create(matter=matter, office=office, since=at(3, 7))

    def test_who_stopped_does_not_move_along_with_a_merger(self, city: City) -> None:
        into, matter = dispatched(city, also=[]), dispatched(city, title="重复的一件", also=[DISTRICT])
        leader = city.acting("1506-LG", "leader")
        merging.follow_matter(matter=matter, reason="…", actor=leader, now=at(3, 4))
        self.stop(matter, leader)
        merge(city, matter, into)
        assert not into.subscriptions.exists()


class TestWhoSeesWhat:
    def test_the_coordinator_all_units_their_own_others_nothing(self, city: City) -> None:
        first = dispatched(city, also=[])
        second = dispatched(city, title="旗区的事", also=[DISTRICT])
        draft = drafted(city, title="草稿")
        assert set(matters_visible_to(city.coordinator)) == {first, second, draft}
        assert set(matters_visible_to(city.head)) == {first, second}
        assert set(matters_visible_to(head_of(city, DISTRICT))) == {second}
        assert set(matters_visible_to(head_of(city, COOPERATING))) == set()
        assert set(matters_visible_to(city.acting("150622", "first_responsible"))) == set()
        assert set(matters_visible_to(city.acting("1506-LGO", "system_admin"))) == set()

    def test_a_unit_reaches_only_its_own_parts(self, city: City) -> None:
        matter = dispatched(city)
        assert {each.unit.code for each in parts_visible_to(city.head)} == {LEAD}
        assert {each.unit.code for each in parts_visible_to(city.coordinator)} == {LEAD, COOPERATING}
        assert Obligation.objects.filter(rule=f"matter:{matter.pk}").count() == 2
