from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from conftest import City, at
from guantong.accounts.models import Office
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.cases.models import Case
from guantong.cases.queries import case_by_code
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import PartnerContact
from guantong.leadership.operations.contact_notes import Demand, note_contact, note_unplanned_contact
from guantong.leadership.operations.contacts import cancel_contact, join_contact
from guantong.leadership.queries.contacts import cap_of, contacts_visible_to, visits_to_join
from guantong.leadership.queries.pairing_quality import quality_of
from guantong.leadership.queries.pairings import obligations_of
from guantong.obligations.models import Claim, Obligation
from guantong.partners.models import Partner
from guantong.partners.operations import close_organisation, declare_recusal
from guantong.records.models import Participation, Record
from leadership.pairings_cast import confirm_all, leader, planned, spend
from partners.cast import organisation, representative


@pytest.fixture
def company(city: City) -> Partner:
    return organisation(city)


def taken(city: City, partner: Partner, day: dt.date = dt.date(2026, 5, 1)) -> int:
    return cap_of(partner, city.cycle.package, day=day).taken


class TestOneCounter:
    def test_every_leader_s_and_department_s_visits_count_together(
        self, city: City, company: Partner
    ) -> None:
        planned(city, company, leader(city, 1), 3, 10)
        planned(city, company, leader(city, 2), 4, 10)
        planned(city, company, city.coordinator, 5, 10, office=city.office("1506-MU-01", "unit_head"))
        planned(city, company, leader(city, 3), 6, 10, mode="phone")
        cap = cap_of(company, city.cycle.package, day=dt.date(2026, 5, 1))
        assert (cap.most, cap.taken, cap.left, cap.is_spent) == (6, 3, 3, False)

    def test_one_over_the_cap_is_refused_with_what_can_be_done_instead(
        self, city: City, company: Partner
    ) -> None:
        spend(city, company)
        with pytest.raises(Refusal, match="达到上限 6 次。请并入别的岗位已安排的走访，或改用电话联系"):
            planned(city, company, leader(city), 11, 10)
        assert planned(city, company, leader(city), 11, 10, mode="phone").mode == "phone"
        assert taken(city, company) == 6

    def test_a_new_year_begins_a_new_counter(self, city: City, company: Partner) -> None:
        spend(city, company)
        assert planned(city, company, leader(city), 1, 10, day=dt.date(2027, 1, 10))

    def test_another_partner_has_its_own_counter(self, city: City, company: Partner) -> None:
        spend(city, company)
        assert planned(city, organisation(city, "另一家公司"), leader(city), 11, 10)

    def test_the_partner_s_own_wish_goes_above_it_through_the_coordinating_office(
        self, city: City, company: Partner
    ) -> None:
        spend(city, company)
        with pytest.raises(Refusal, match="由统筹协调单位"):
            planned(city, company, leader(city), 11, 10, over_cap_reason="企业来函邀请")
        over = planned(
            city,
            company,
            city.coordinator,
            11,
            10,
            office=leader(city).office,
            over_cap_reason="企业来函邀请",
        )
        assert (over.over_cap_reason, taken(city, company)) == ("企业来函邀请", 7)

    def test_the_same_form_sent_twice_is_one_contact(self, city: City, company: Partner) -> None:
        assert planned(city, company, leader(city), 3, 10) == planned(city, company, leader(city), 3, 10)
        assert PartnerContact.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"day": dt.date(2026, 2, 1)}, "过去的日子"), ({"purpose": " "}, "为什么事"), ({"purpose": "事" * 201}, "200"),
            ({"mode": "joint"}, "一起去"), ({"mode": "photo"}, "走访或电话"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_planned_is_refused(
        self, city: City, company: Partner, wrong: dict[str, Any], sentence: str
    ) -> None:
        with pytest.raises(Refusal, match=sentence):
            planned(city, company, leader(city), 3, 10, **wrong)
        assert not PartnerContact.objects.exists()

    def test_a_leader_plans_for_their_own_office_only(self, city: City, company: Partner) -> None:
        with pytest.raises(Refusal, match="本岗位安排"):
            planned(city, company, leader(city, 1), 3, 10, office=leader(city, 2).office)
        with pytest.raises(Refusal, match="本岗位安排"):
            planned(city, company, city.head, 3, 10)

    def test_neither_a_recused_office_nor_a_partner_that_left(self, city: City, company: Partner) -> None:
        declare_recusal(partner=company, actor=leader(city), now=at(2, 1))
        with pytest.raises(Refusal, match="回避"):
            planned(city, company, leader(city), 3, 10)
        close_organisation(partner=company, actor=city.coordinator, now=at(2, 1))
        with pytest.raises(Refusal, match="退出登记"):
            planned(city, company, leader(city, 2), 3, 10)


class TestTogether:
    def join(self, host: PartnerContact, actor: Any, **more: Any) -> PartnerContact:
        given = {
            "contact": host,
            "office": actor.office,
            "purpose": "同去了解",
            "actor": actor,
            "now": at(2, 3),
        }
        return join_contact(**given | more)

    def test_going_along_is_one_visit_on_the_same_day_above_the_cap_too(
        self, city: City, company: Partner
    ) -> None:
        host = spend(city, company)[0]
        other = leader(city, host.office.number % 3 + 1)
        joined = self.join(host, other)
        assert (joined.mode, joined.day, joined.joined) == ("joint", host.day, host)
        assert self.join(host, other) == joined
        assert taken(city, company) == 6
        assert verify_log().faults == []

    def test_others_visits_that_are_still_to_come_are_offered(self, city: City, company: Partner) -> None:
        first, second = (
            planned(city, company, leader(city, 1), 3, 10),
            planned(city, company, leader(city, 2), 4, 10),
        )
        planned(city, company, leader(city, 2), 4, 11, mode="phone")
        self.join(first, leader(city, 3))
        by = leader(city, 1).office
        assert by is not None
        assert set(visits_to_join(company, by=by, today=dt.date(2026, 3, 1))) == {second}
        assert set(visits_to_join(company, by=by, today=dt.date(2026, 4, 11))) == set()

    def test_what_cannot_be_joined_is_refused(self, city: City, company: Partner) -> None:
        host = planned(city, company, leader(city, 1), 3, 10)
        for actor, more, sentence in (
            (leader(city, 1), {}, "不需要合并"), (leader(city, 2), {"now": at(3, 11)}, "已经过去"),
            (city.head, {}, "本岗位安排"),
        ):  # fmt: skip
            with pytest.raises(Refusal, match=sentence):
                self.join(host, actor, **more)
        joined = self.join(host, leader(city, 2))
        with pytest.raises(Refusal, match="不能再并入"):
            self.join(joined, leader(city, 3))
        assert PartnerContact.objects.count() == 2

    def test_cancelling_frees_the_place_unless_others_go_on(self, city: City, company: Partner) -> None:
        host = planned(city, company, leader(city, 1), 3, 10)
        second, third = self.join(host, leader(city, 2)), self.join(host, leader(city, 3))
        cancel_contact(contact=host, actor=leader(city, 1), now=at(2, 4))
        cancel_contact(contact=host, actor=leader(city, 1), now=at(2, 5))
        second.refresh_from_db()
        third.refresh_from_db()
        assert (second.mode, second.joined, third.mode, third.joined) == ("visit", None, "joint", second)
        assert taken(city, company) == 1
        cancel_contact(contact=third, actor=leader(city, 3), now=at(2, 6))
        cancel_contact(contact=second, actor=city.coordinator, now=at(2, 6))
        assert taken(city, company) == 0
        assert verify_log().faults == []

    def test_nobody_cancels_another_office_s_visit_or_one_that_was_made(
        self, city: City, company: Partner
    ) -> None:
        host = planned(city, company, leader(city, 1), 3, 10)
        with pytest.raises(Refusal, match="可以取消"):
            cancel_contact(contact=host, actor=leader(city, 2), now=at(2, 4))
        note_contact(
            cycle=city.cycle,
            contact=host,
            day=at(3, 10).date(),
            summary="谈了用工",
            actor=leader(city, 1),
            now=at(3, 11),
        )
        with pytest.raises(Refusal, match="不能取消"):
            cancel_contact(contact=host, actor=leader(city, 1), now=at(3, 12))


def note(city: City, contact: PartnerContact, actor: Any, **more: Any) -> Any:
    given = {
        "cycle": city.cycle, "contact": contact, "day": at(3, 10).date(), "summary": "谈了用工和用电", "actor": actor,
        "now": at(3, 11),
    }  # fmt: skip
    return note_contact(**given | more)


class TestNote:
    def test_one_record_for_all_who_went_fulfils_what_each_of_them_owed(
        self, city: City, company: Partner
    ) -> None:
        pairing = confirm_all(city)[str(company)]
        keeper = leader(city, pairing.office.number)
        host = planned(city, company, keeper, 3, 10)
        other = leader(city, pairing.office.number % 3 + 1)
        joined = join_contact(contact=host, office=other.office, purpose="同去", actor=other, now=at(2, 3))
        noted = note(city, joined, other)
        record = Record.objects.get()
        assert (record.kind, record.happened_on, record.entered_by) == (
            "visit",
            dt.date(2026, 3, 10),
            keeper.office,
        )
        assert set(Participation.objects.values_list("office", flat=True)) == {
            keeper.office_ref,
            other.office_ref,
        }
        assert set(PartnerContact.objects.values_list("record", flat=True)) == {record.pk}
        assert {(each.obligation, each.record) for each in noted.claims} == {
            (obligations_of(pairing)[0], record)
        }
        assert [each.state for each in obligations_of(pairing)] == ["claimed", "open", "open", "open"]
        assert verify_log().faults == []

    def test_noting_it_twice_enters_it_once(self, city: City, company: Partner) -> None:
        pairing = confirm_all(city)[str(company)]
        keeper = leader(city, pairing.office.number)
        host = planned(city, company, keeper, 3, 10)
        assert (
            note(city, host, keeper).record
            == note(city, host, keeper, demands=[Demand("question", "问")]).record
        )
        assert (Record.objects.count(), Claim.objects.count(), Case.objects.count()) == (1, 1, 0)

    def test_a_call_is_a_contact_too(self, city: City, company: Partner) -> None:
        pairing = confirm_all(city)[str(company)]
        keeper = leader(city, pairing.office.number)
        note(city, planned(city, company, keeper, 3, 10, mode="phone"), keeper)
        assert obligations_of(pairing)[0].state == "claimed"
        assert taken(city, company) == 0

    def test_it_is_entered_by_who_went_and_not_before_it_was(self, city: City, company: Partner) -> None:
        host = planned(city, company, leader(city, 1), 3, 10)
        with pytest.raises(Refusal, match="由去的岗位登记"):
            note(city, host, leader(city, 2))
        with pytest.raises(Refusal, match="还没有到"):
            note(city, host, leader(city, 1), day=at(3, 12).date())
        cancel_contact(contact=host, actor=leader(city, 1), now=at(3, 1))
        with pytest.raises(Refusal, match="已取消"):
            note(city, host, leader(city, 1))
        assert not Record.objects.exists()

    def test_demands_become_cases_that_the_leader_carries_and_the_partner_follows(
        self, city: City, company: Partner
    ) -> None:
        host = planned(city, company, leader(city, 1), 3, 10)
        noted = note(
            city, host, leader(city, 1),
            demands=[Demand("difficulty", "厂区用电不稳"), Demand("suggestion", "办事窗口少")],
        )  # fmt: skip
        found = Case.objects.order_by("pk")
        assert [(each.kind, each.channel, each.partner, each.host, str(each.wording)) for each in found] == [
            ("difficulty", "visit", company, leader(city, 1).office, "厂区用电不稳"),
            ("suggestion", "visit", company, leader(city, 1).office, "办事窗口少"),
        ]
        assert [case_by_code(code) for _case, code in noted.cases] == list(found)
        said = "".join(each.payload for each in AuditEntry.objects.all())
        assert "用电不稳" not in said
        assert verify_log().faults == []

    def test_a_contact_nobody_had_planned_is_entered_and_counted(self, city: City, company: Partner) -> None:
        pairing = confirm_all(city)[str(company)]
        keeper = leader(city, pairing.office.number)
        given = {
            "cycle": city.cycle, "partner": company, "office": keeper.office, "mode": "visit", "day": at(3, 10).date(),
            "purpose": "送政策", "summary": "谈了贷款", "actor": keeper, "now": at(3, 11),
        }  # fmt: skip
        first = note_unplanned_contact(**given)
        assert note_unplanned_contact(**given).record == first.record
        assert (taken(city, company), len(first.claims), Record.objects.count()) == (1, 1, 1)

    def test_above_the_cap_what_was_done_is_not_hidden_but_says_why(
        self, city: City, company: Partner
    ) -> None:
        spend(city, company)
        given = {
            "cycle": city.cycle, "partner": company, "office": leader(city).office, "mode": "visit",
            "day": at(9, 10).date(), "purpose": "送政策", "summary": "谈了贷款", "actor": leader(city), "now": at(9, 11),
        }  # fmt: skip
        with pytest.raises(Refusal, match="次数已满"):
            note_unplanned_contact(**given)
        note_unplanned_contact(**given, over_cap_reason="企业突发情况")
        assert taken(city, company) == 7
        assert PartnerContact.objects.get(day=at(9, 10).date()).over_cap_reason == "企业突发情况"


class TestQuality:
    def test_solved_demands_and_the_age_of_the_oldest_promise(self, city: City, company: Partner) -> None:
        confirm_all(city)
        host = planned(city, company, leader(city, 1), 3, 10)
        note(
            city, host, leader(city, 1), demands=[Demand("difficulty", "用电"), Demand("difficulty", "用水")]
        )
        first, second = Case.objects.order_by("pk")
        Case.objects.filter(pk=first.pk).update(stage="closed", closed_on=at(4, 1).date(), outcome="solved")
        offices = [leader(city, n).office for n in (1, 2, 3)]
        rows = quality_of(city.coordinator, city.cycle, offices, on=at(5, 9).date())
        assert [(each.office, each.heard, each.solved, each.open, each.oldest, each.oldest_days) for each in rows] == [
            (offices[0], 2, 1, 1, second, 60), (offices[1], 0, 0, 0, None, 0), (offices[2], 0, 0, 0, None, 0),
        ]  # fmt: skip

    def test_no_number_of_demands_is_asked_for_anywhere(self, city: City) -> None:
        assert not Obligation.objects.filter(title__contains="诉求").filter(source="pairing").exists()
        fields = {field.name for model in (PartnerContact, Partner) for field in model._meta.get_fields()}
        assert fields & {"photos", "photo", "rank", "score", "rating", "demands", "quota"} == set()


class TestSight:
    def test_contacts_are_seen_where_partners_are(self, city: City, company: Partner) -> None:
        made = planned(city, company, leader(city), 3, 10)
        assert set(contacts_visible_to(leader(city, 2))) == {made}
        assert not contacts_visible_to(city.head).exists()

    def test_a_representative_s_name_stays_out_of_refusals_and_the_log(self, city: City) -> None:
        person = representative(city)
        spend(city, person)
        with pytest.raises(Refusal) as refused:
            planned(city, person, leader(city), 11, 10)
        assert "苏和" not in str(refused.value)
        assert "苏和" not in "".join(each.payload for each in AuditEntry.objects.all())
        assert isinstance(leader(city).office, Office)
