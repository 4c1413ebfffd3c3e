from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import CONSOLE, City, at
from guantong.accounts.models import Holding
from guantong.accounts.operations import end_holding
from guantong.audit.verification import verify_log
from guantong.cases.operations import register_case, registering_unit
from guantong.duties.operations import open_cycle
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import Pairing, PartnerContact
from guantong.leadership.operations.contacts import join_contact
from guantong.leadership.operations.pairing_handover import (
    continue_pairings,
    end_pairings_of_closed,
    hand_over_pairing,
)
from guantong.leadership.operations.pairings import confirm_pairings, end_pairing
from guantong.leadership.queries.pairing_proposal import proposed_for
from guantong.leadership.queries.pairings import (
    contacts_done_and_due,
    obligations_of,
    open_pairings_of,
    pairings_visible_to,
    shown_to,
    with_standing,
)
from guantong.leadership.rules.pairings import (
    PairingTerms,
    cap_terms,
    counted_periods,
    period_around,
    terms_for,
    terms_of,
)
from guantong.mechanisms.operations import read_valid_package
from guantong.mechanisms.package.building import build
from guantong.obligations.choices import State
from guantong.obligations.models import Obligation
from guantong.partners.models import ConsentRequest
from guantong.partners.operations import close_organisation, declare_recusal, withdraw_consent
from leadership.pairings_cast import confirm_all, leader, planned, terms
from partners.cast import organisation, representative


class TestTerms:
    def test_the_built_in_package_says_who_how_many_how_often(self, city: City) -> None:
        found = terms(city)
        assert (found.who, found.least, found.most, found.count, found.per) == ("leader", 1, 5, 1, "quarter")
        assert (found.visits, found.visits_per, found.retention_days) == (6, "year", 365)
        plain = city.cycle.package.source
        shorter = {**plain["privacy"], "retention_days": {"contact_person": 100}}
        assert terms_of(build({**plain, "privacy": shorter}))[0].retention_days == 100
        assert found.mechanisms == ["organisation", "representative", "enterprise"]
        assert found.duty is not None
        assert (found.duty.id, found.duty.pillar, found.duty.evidence) == (
            "D06",
            "lead_contact",
            ("contact_note",),
        )
        assert {kind: terms_for(city.cycle.package, kind) == found for kind in ("chamber", "enterprise", "nobody")} == {
            "chamber": True, "enterprise": True, "nobody": False,
        }  # fmt: skip

    def test_a_mechanism_without_the_block_has_none_and_a_cap_all_the_same(self) -> None:
        package = read_valid_package("river-chief")
        assert terms_of(package) == []
        assert cap_terms(package, "enterprise") == (6, "year")

    @pytest.mark.parametrize(
        ("per", "first", "last"),
        [
            ("year", (1, 1), (12, 31)),
            ("half", (1, 1), (6, 30)),
            ("quarter", (4, 1), (6, 30)),
            ("month", (5, 1), (5, 31)),
            ("week", (5, 4), (5, 10)),
        ],
    )
    def test_the_period_of_a_day(self, per: str, first: tuple[int, int], last: tuple[int, int]) -> None:
        found = period_around(per, dt.date(2026, 5, 6))
        assert (found.starts, found.ends) == (dt.date(2026, *first), dt.date(2026, *last))

    @pytest.mark.parametrize(
        ("since", "windows"),
        [((1, 1), 4), ((2, 14), 4), ((2, 16), 3), ((4, 1), 3), ((11, 20), 0)],
    )
    def test_the_period_under_way_counts_while_half_of_it_is_to_come(
        self, city: City, since: tuple[int, int], windows: int
    ) -> None:
        begun = dt.date(2026, *since)
        found = list(
            counted_periods(terms(city), start=dt.date(2026, 1, 1), end=dt.date(2026, 12, 31), since=begun)
        )
        assert len(found) == windows
        assert all(each.starts >= begun for each in found)


class TestConfirm:
    def test_what_is_confirmed_stands_with_the_numbers_it_was_proposed_by(self, city: City) -> None:
        for name in ("甲公司", "乙公司", "丙公司", "丁公司"):
            organisation(city, name)
        made = confirm_all(city)
        loads = sorted(open_pairings_of(leader(city, n).office).count() for n in (1, 2, 3))
        assert loads == [1, 1, 2]
        for each in made.values():
            assert each.explanation["load"] == open_pairings_of(each.office).count()
            assert (each.explanation["offices"], each.explanation["eligible"], each.explanation["most"]) == (
                3,
                3,
                5,
            )
        assert verify_log().faults == []

    def test_an_obligation_for_each_quarter_with_the_partner_in_its_title(self, city: City) -> None:
        organisation(city, "甲公司")
        pairing = confirm_all(city)["甲公司"]
        owed = list(obligations_of(pairing))
        assert [(each.starts_on, each.due_on, each.period_zh) for each in owed] == [
            (dt.date(2026, 1, 12), dt.date(2026, 3, 31), "2026年第一季度"),
            (dt.date(2026, 4, 1), dt.date(2026, 6, 30), "2026年第二季度"),
            (dt.date(2026, 7, 1), dt.date(2026, 9, 30), "2026年第三季度"),
            (dt.date(2026, 10, 1), dt.date(2026, 12, 31), "2026年第四季度"),
        ]
        assert {
            (each.rule, each.pillar, tuple(each.evidence), each.office_id, each.title) for each in owed
        } == {
            (
                "D06",
                "lead_contact",
                ("contact_note",),
                pairing.office_id,
                "联系走访结对对象，听取意见建议（甲公司）",
            )
        }

    def test_a_representative_s_name_is_in_no_title(self, city: City) -> None:
        person = representative(city)
        confirm_all(city)
        titles = {(each.title, each.title_en) for each in Obligation.objects.filter(source="pairing")}
        assert titles == {
            (
                f"联系走访结对对象，听取意见建议（代表人士 {person.pk} 号）",
                f"Visit the paired partners and hear what they ask (Representative no. {person.pk})",
            )
        }

    def test_a_recused_office_is_not_proposed_and_the_numbers_say_one_was(self, city: City) -> None:
        made = organisation(city, "甲公司")
        for number in (1, 2):
            declare_recusal(partner=made, actor=leader(city, number), now=at(1, 11))
        pairing = confirm_all(city)["甲公司"]
        assert (pairing.office, pairing.explanation["recused"]) == (leader(city, 3).office, 2)

    def test_a_proposal_that_has_changed_since_is_refused_as_a_whole(self, city: City) -> None:
        first, second = organisation(city, "甲公司"), organisation(city, "乙公司")
        chosen = {each.partner: each.office for each in proposed_for(city.cycle, terms(city)).placed}
        taken = next(n for n in (1, 2, 3) if leader(city, n).office_ref == chosen[first.pk])
        declare_recusal(partner=first, actor=leader(city, taken), now=at(1, 11))
        with pytest.raises(Refusal, match="情况已有变化"):
            confirm_pairings(
                cycle=city.cycle,
                terms=terms(city),
                chosen=chosen,
                actor=city.coordinator,
                now=at(1, 12),
            )
        assert second.pk in chosen
        assert not Pairing.objects.exists()

    def test_confirming_the_same_twice_is_refused_and_changes_nothing(self, city: City) -> None:
        organisation(city, "甲公司")
        chosen = {each.partner: each.office for each in proposed_for(city.cycle, terms(city)).placed}
        confirm_all(city)
        with pytest.raises(Refusal, match="情况已有变化"):
            confirm_pairings(
                cycle=city.cycle,
                terms=terms(city),
                chosen=chosen,
                actor=city.coordinator,
                now=at(1, 13),
            )
        assert Pairing.objects.count() == 1

    def test_only_the_coordinating_office_confirms(self, city: City) -> None:
        made = organisation(city)
        for actor in (leader(city), city.head):
            with pytest.raises(Refusal, match="统筹协调单位"):
                confirm_pairings(
                    cycle=city.cycle, terms=terms(city), chosen={made.pk: 1}, actor=actor, now=at(1, 12)
                )
        with pytest.raises(Refusal, match="至少勾选"):
            confirm_pairings(
                cycle=city.cycle, terms=terms(city), chosen={}, actor=city.coordinator, now=at(1, 12)
            )

    def test_partners_of_a_closed_register_and_kinds_of_no_rule_are_not_proposed(self, city: City) -> None:
        gone = organisation(city, "甲公司")
        close_organisation(partner=gone, actor=city.coordinator, now=at(1, 11))
        assert proposed_for(city.cycle, terms(city)).proposal.choices == ()

    def test_a_package_whose_duty_does_not_ask_owes_nothing(self, city: City) -> None:
        found = terms(city)
        without = PairingTerms(**{name: getattr(found, name) for name in found.__slots__} | {"duty": None})
        made = organisation(city)
        chosen = {each.partner: each.office for each in proposed_for(city.cycle, without).placed}
        confirm_pairings(
            cycle=city.cycle, terms=without, chosen=chosen, actor=city.coordinator, now=at(1, 12)
        )
        assert obligations_of(made.pairings.get()).count() == 0

    def test_a_proposal_takes_the_same_queries_for_many_partners(
        self, city: City, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(12):
            organisation(city, f"公司{number}")
        with django_assert_max_num_queries(8):
            proposed_for(city.cycle, terms(city))


class TestRotation:
    def years_with(self, city: City, number: int, years: range) -> Pairing:
        """The partner kept by the same leader in each of these years."""
        made = organisation(city, "甲公司")
        office, last = leader(city, number).office, None
        for year in years:
            cycle = open_cycle(
                package=read_valid_package("three-threes"), unit=city.units["1506"], year=year, actor=CONSOLE, now=at(1, 5)
            ).cycle if year != 2026 else city.cycle  # fmt: skip
            last = Pairing.objects.create(
                cycle=cycle, rule="P01", office=office, partner=made, starts_on=dt.date(year, 1, 1), taken_over_from=last,
                ends_on=None if year == 2026 else dt.date(year, 12, 31),
            )  # fmt: skip
        assert last is not None
        return last

    def test_after_three_years_another_leader_is_proposed(self, city: City) -> None:
        old = self.years_with(city, 1, range(2023, 2027))
        proposed = proposed_for(city.cycle, terms(city))
        [choice] = proposed.placed
        assert choice.office != old.office_id
        assert (choice.why.rotated, choice.why.eligible) == (1, 2)
        confirm_pairings(
            cycle=city.cycle,
            terms=terms(city),
            chosen={choice.partner: choice.office},
            actor=city.coordinator,
            now=at(1, 12),
        )
        old.refresh_from_db()
        assert (old.ends_on, old.handed_to.office_id) == (dt.date(2026, 1, 12), choice.office)

    def test_before_that_it_stays(self, city: City) -> None:
        self.years_with(city, 1, range(2024, 2027))
        assert proposed_for(city.cycle, terms(city)).proposal.choices == ()

    def test_the_package_says_after_how_many_years(self, city: City) -> None:
        old = self.years_with(city, 1, range(2024, 2027))
        package = read_valid_package("three-threes")
        said = [{**row, "rotate_after_years": 2} for row in package.pairing]
        [sooner] = terms_of(replace(package, pairing=tuple(said)))
        assert [terms(city).rotate_after, sooner.rotate_after] == [3, 2]
        [choice] = proposed_for(city.cycle, sooner).placed
        assert choice.office != old.office_id


class TestEnd:
    def test_what_fell_due_stays_owed_and_what_lies_ahead_does_not(self, city: City) -> None:
        made = organisation(city, "甲公司")
        pairing = confirm_all(city)["甲公司"]
        contact = planned(city, made, leader(city, pairing.office.number), 6, 1)
        end_pairing(pairing=pairing, reason="企业迁出", actor=city.coordinator, now=at(5, 8))
        assert [each.state for each in obligations_of(pairing)] == [
            "open",
            "cancelled",
            "cancelled",
            "cancelled",
        ]
        contact.refresh_from_db()
        assert contact.cancelled_at == at(5, 8)
        end_pairing(pairing=pairing, reason="企业迁出", actor=city.coordinator, now=at(5, 9))
        pairing.refresh_from_db()
        assert (pairing.ends_on, pairing.end_reason) == (dt.date(2026, 5, 8), "企业迁出")
        assert verify_log().faults == []

    def test_it_takes_a_reason_and_the_coordinating_office(self, city: City) -> None:
        organisation(city, "甲公司")
        pairing = confirm_all(city)["甲公司"]
        with pytest.raises(Refusal, match="工作原因"):
            end_pairing(pairing=pairing, reason=" ", actor=city.coordinator, now=at(5, 8))
        with pytest.raises(Refusal, match="统筹协调单位"):
            end_pairing(pairing=pairing, reason="企业迁出", actor=leader(city), now=at(5, 8))

    def test_the_worker_ends_those_with_whoever_left_or_took_consent_back(self, city: City) -> None:
        company, person = organisation(city, "甲公司"), representative(city)
        other = organisation(city, "乙公司")
        confirm_all(city)
        close_organisation(partner=company, actor=city.coordinator, now=at(2, 1))
        withdraw_consent(consent=ConsentRequest.objects.get(partner=person), now=at(2, 1))
        assert end_pairings_of_closed(now=at(2, 2), actor=CONSOLE) == 2
        assert end_pairings_of_closed(now=at(2, 2), actor=CONSOLE) == 0
        assert {each.partner for each in Pairing.objects.filter(ends_on__isnull=True)} == {other}
        assert verify_log().faults == []


class TestHandover:
    def test_open_obligations_planned_contacts_and_open_cases_go_along(self, city: City) -> None:
        made = organisation(city, "甲公司")
        pairing = confirm_all(city)["甲公司"]
        before, to = leader(city, pairing.office.number), leader(city, pairing.office.number % 3 + 1)
        contact = planned(city, made, before, 6, 1)
        case, _code = register_case(
            cycle=city.cycle, unit=registering_unit(city.cycle), kind="difficulty", channel="visit", wording="用电困难",
            partner=made, host=before.office, actor=before, now=at(2, 3),
        )  # fmt: skip
        Obligation.objects.filter(pk=obligations_of(pairing)[0].pk).update(state=State.FULFILLED)
        done = obligations_of(pairing)[0]
        successor = hand_over_pairing(
            pairing=pairing,
            to=to.office,
            reason="分工调整",
            actor=city.coordinator,
            now=at(4, 2),
        )
        contact.refresh_from_db()
        case.refresh_from_db()
        assert (successor.office, successor.partner, successor.taken_over_from) == (to.office, made, pairing)
        assert set(obligations_of(successor).values_list("office", "unit", "due_on")) == {
            (to.office_ref, to.office.unit_id, dt.date(2026, *day)) for day in ((6, 30), (9, 30), (12, 31))
        }
        assert set(obligations_of(pairing)) == {done}
        assert (contact.office, contact.pairing, contact.day) == (to.office, successor, dt.date(2026, 6, 1))
        assert case.host == to.office
        assert set(open_pairings_of(to.office)) == {successor}
        assert not open_pairings_of(before.office).exists()

    def test_whoever_was_going_along_goes_by_itself_once_it_keeps_the_contact(self, city: City) -> None:
        made = organisation(city, "甲公司")
        pairing = confirm_all(city)["甲公司"]
        before, to = leader(city, pairing.office.number), leader(city, pairing.office.number % 3 + 1)
        host = planned(city, made, before, 6, 1)
        join_contact(contact=host, office=to.office, purpose="同去", actor=to, now=at(2, 3))
        hand_over_pairing(
            pairing=pairing, to=to.office, reason="分工调整", actor=city.coordinator, now=at(4, 2)
        )
        live = PartnerContact.objects.filter(cancelled_at__isnull=True)
        assert set(live.values_list("office", "mode", "joined")) == {(to.office_ref, "visit", None)}
        assert verify_log().faults == []

    def test_another_holder_changes_nothing(self, city: City) -> None:
        organisation(city, "甲公司")
        pairing = confirm_all(city)["甲公司"]
        before = set(obligations_of(pairing).values_list("pk", "office"))
        acting = leader(city, pairing.office.number)
        end_holding(
            holding=Holding.objects.get(person=acting.person, office=acting.office),
            ends_on=dt.date(2026, 2, 28), actor=CONSOLE, now=at(2, 28),
        )  # fmt: skip
        pairing.refresh_from_db()
        assert pairing.ends_on is None
        assert set(obligations_of(pairing).values_list("pk", "office")) == before
        assert set(open_pairings_of(pairing.office)) == {pairing}

    def test_what_cannot_be_handed_over_is_refused(self, city: City) -> None:
        made = organisation(city, "甲公司")
        pairing = confirm_all(city)["甲公司"]
        others = [leader(city, n) for n in (1, 2, 3) if n != pairing.office.number]
        declare_recusal(partner=made, actor=others[0], now=at(1, 20))
        for to, reason, actor, sentence in (
            (pairing.office, "调整", city.coordinator, "现在就是"),
            (others[0].office, "调整", city.coordinator, "回避"),
            (others[1].office, " ", city.coordinator, "移交理由"),
            (others[1].office, "调整", others[1], "统筹协调单位"),
            (city.office("1506-MU-01", "unit_head"), "调整", city.coordinator, "不承担"),
        ):
            with pytest.raises(Refusal, match=sentence):
                hand_over_pairing(pairing=pairing, to=to, reason=reason, actor=actor, now=at(2, 1))
        assert Pairing.objects.count() == 1

    def test_an_office_that_is_full_takes_no_more(self, city: City) -> None:
        for number in range(15):
            organisation(city, f"公司{number}")
        made = confirm_all(city)
        last = organisation(city, "末位公司")
        assert [each.office for each in proposed_for(city.cycle, terms(city)).proposal.choices] == [None]
        first = next(iter(made.values()))
        to = leader(city, first.office.number % 3 + 1).office
        assert last.pairings.count() == 0
        with pytest.raises(Refusal, match="达到上限 5 个"):
            hand_over_pairing(pairing=first, to=to, reason="调整", actor=city.coordinator, now=at(2, 1))


class TestNewYear:
    def test_every_open_pairing_goes_on_with_the_same_office(self, city: City) -> None:
        organisation(city, "甲公司")
        gone = organisation(city, "乙公司")
        old = confirm_all(city)["甲公司"]
        keeper = leader(city, old.office.number)
        contact = planned(city, old.partner, keeper, 1, 1, day=dt.date(2027, 1, 20))
        close_organisation(partner=gone, actor=city.coordinator, now=at(2, 1))
        later = open_cycle(
            package=read_valid_package("three-threes"), unit=city.units["1506"], year=2027, actor=CONSOLE, now=at(12, 20)
        ).cycle  # fmt: skip
        now = dt.datetime(2027, 1, 4, 9, tzinfo=at(1, 1).tzinfo)
        [made] = continue_pairings(cycle=later, now=now, actor=CONSOLE)
        assert continue_pairings(cycle=later, now=now, actor=CONSOLE) == []
        old.refresh_from_db()
        assert (old.ends_on, made.taken_over_from, made.office, made.starts_on) == (
            dt.date(2026, 12, 31), old, old.office, dt.date(2027, 1, 1),
        )  # fmt: skip
        contact.refresh_from_db()
        assert contact.pairing == made
        assert obligations_of(made).count() == 4
        assert verify_log().faults == []


class TestReading:
    def test_overdue_contact_stands_first(self, city: City) -> None:
        for name in ("甲公司", "乙公司"):
            organisation(city, name)
        made = confirm_all(city)
        first = obligations_of(made["甲公司"])[0]
        Obligation.objects.filter(pk=first.pk).update(state=State.FULFILLED, settled_on=at(3, 1).date())
        found = with_standing(pairings_visible_to(city.coordinator)).order_by("next_due")
        assert [(str(each.partner), each.next_due) for each in found] == [
            ("乙公司", dt.date(2026, 3, 31)), ("甲公司", dt.date(2026, 6, 30)),
        ]  # fmt: skip

    def test_done_and_due_per_office(self, city: City) -> None:
        organisation(city, "甲公司")
        pairing = confirm_all(city)["甲公司"]
        first, second, third, _fourth = obligations_of(pairing)
        Obligation.objects.filter(pk=first.pk).update(state=State.FULFILLED, settled_on=at(3, 1).date())
        Obligation.objects.filter(pk=third.pk).update(state=State.EXCUSED)
        assert contacts_done_and_due(city.cycle, on=at(7, 1).date()) == {pairing.office_id: (1, 2)}
        assert second.due_on == dt.date(2026, 6, 30)

    def test_a_representative_s_name_only_for_who_keeps_contact_and_the_coordinating_office(
        self, city: City
    ) -> None:
        person = representative(city)
        pairing = next(iter(confirm_all(city).values()))
        keeper = leader(city, pairing.office.number)
        other = leader(city, pairing.office.number % 3 + 1)
        seen = {
            name: (shown_to(actor, [person])[person.pk].name, shown_to(actor, [person])[person.pk].contact)
            for name, actor in (("keeper", keeper), ("other", other), ("office", city.coordinator))
        }
        number = f"代表人士 {person.pk} 号"
        assert seen == {
            "keeper": ("苏和", "139 0000 0001"), "other": (number, ""), "office": ("苏和", "139 0000 0001"),
        }  # fmt: skip

    def test_nobody_outside_sees_pairings(self, city: City) -> None:
        organisation(city, "甲公司")
        confirm_all(city)
        assert not pairings_visible_to(city.head).exists()
        assert not pairings_visible_to(city.acting("150602", "first_responsible")).exists()
