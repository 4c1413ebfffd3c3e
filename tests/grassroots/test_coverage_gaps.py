from __future__ import annotations

import datetime as dt

import pytest

from conftest import CONSOLE, START, City, at
from guantong.accounts.models import Holding, Person
from guantong.accounts.operations import end_holding, hold_office
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.grassroots.models import Gap
from guantong.grassroots.operations.coverage import Found, find_gaps
from guantong.obligations.models import Obligation
from guantong.obligations.queries import claims_awaiting_review
from guantong.organisation.operations import close_unit, merge_units

MARCH = dt.date(2026, 3, 2)


def look(city: City, on: dt.date = MARCH) -> Found:
    return find_gaps(cycle=city.cycle, on=on, now=at(on.month, on.day), actor=CONSOLE)


def seat(city: City, code: str, office: str, *, since: dt.date, name: str = "", **more: object) -> Holding:
    person = Person.objects.create_person(
        sign_in=name or f"{code}-{office}-{since}", password=None, display_name="某人"
    )
    return hold_office(
        person=person, office=city.office(code, office), starts_on=since, actor=CONSOLE, now=START, **more  # type: ignore[arg-type]
    )  # fmt: skip


def open_of(rule: str) -> set[str]:
    return set(Gap.objects.filter(rule=rule, closed_on=None).values_list("unit__code", flat=True))


class TestFindGaps:
    def test_every_unit_that_lacks_a_seat_or_a_home_is_a_gap(self, city: City) -> None:
        seat(city, "150602001001", "liaison", since=dt.date(2026, 1, 1))
        seat(city, "150602001", "commissioner", since=dt.date(2026, 1, 1))
        look(city)
        assert open_of("C01") == {"150622100"}
        assert open_of("C02") == {"150602001002", "150622100200"}
        assert open_of("C03") == {"150622100"}
        assert open_of("C04") == {"1506-MU-01", "1506-MU-02"}
        assert verify_log().faults == []

    def test_the_owner_the_rule_names_owes_it_by_the_day_the_rule_says(self, city: City) -> None:
        look(city)
        owed = Obligation.objects.filter(source="gap", rule="C01")
        assert set(owed.values_list("office__seat", "office__unit__code", "due_on")) == {
            ("first_responsible", "150602", dt.date(2026, 4, 1)),
            ("first_responsible", "150622", dt.date(2026, 4, 1)),
        }
        liaison = Obligation.objects.filter(source="gap", rule="C02").values_list("unit__code", flat=True)
        assert sorted(liaison) == ["150602001", "150602001", "150622100"]
        own = Obligation.objects.filter(source="gap", rule="C04").values_list(
            "unit__code", "office__seat", "due_on"
        )
        assert set(own) == {("1506-MU-01", "unit_head", None), ("1506-MU-02", "unit_head", None)}
        gap = Gap.objects.get(rule="C01", unit__code="150602001")
        assert gap.obligation is not None
        assert (gap.obligation.source_ref, gap.obligation.title) == (gap.pk, "为交通街道配齐专职委员")

    def test_a_second_look_the_same_day_changes_nothing(self, city: City) -> None:
        look(city)
        before = (Gap.objects.count(), Obligation.objects.count(), AuditEntry.objects.count())
        again = look(city)
        assert again.is_nothing
        assert (Gap.objects.count(), Obligation.objects.count(), AuditEntry.objects.count()) == before

    def test_the_first_day_is_that_on_which_the_seat_fell_vacant(self, city: City) -> None:
        holding = seat(city, "150602001001", "liaison", since=dt.date(2025, 9, 1))
        end_holding(holding=holding, ends_on=dt.date(2026, 2, 10), actor=CONSOLE, now=at(2, 10))
        look(city)
        gap = Gap.objects.get(unit__code="150602001001")
        assert (gap.since, gap.found_on) == (dt.date(2026, 2, 11), MARCH)
        assert Gap.objects.get(unit__code="150602001002").since == dt.date(2026, 1, 1)

    def test_filling_the_seat_closes_the_gap_and_fulfils_what_was_owed_without_a_record(
        self, city: City
    ) -> None:
        look(city)
        gap = Gap.objects.get(unit__code="150602001001")
        seat(city, "150602001001", "liaison", since=dt.date(2026, 3, 20))
        found = look(city, dt.date(2026, 3, 25))
        gap.refresh_from_db()
        assert [each.pk for each in found.closed] == [gap.pk]
        assert gap.closed_on == dt.date(2026, 3, 20)
        owed = gap.obligation
        assert owed is not None
        assert (owed.state, owed.claimed_on, owed.settled_on, owed.light) == (
            "fulfilled", dt.date(2026, 3, 20), dt.date(2026, 3, 25), "green",
        )  # fmt: skip
        assert owed.claims.count() == 0
        assert verify_log().faults == []

    def test_filled_after_the_due_day_counts_as_late(self, city: City) -> None:
        look(city)
        seat(city, "150602001001", "liaison", since=dt.date(2026, 4, 20))
        look(city, dt.date(2026, 4, 25))
        owed = Obligation.objects.get(gap__unit__code="150602001001")
        assert (owed.state, owed.was_late, owed.light) == ("fulfilled", True, "none")

    def test_a_unit_that_is_closed_is_not_asked_any_more(self, city: City) -> None:
        look(city)
        close_unit(
            unit=city.units["150622100200"],
            on=dt.date(2026, 3, 10),
            actor=CONSOLE,
            now=at(3, 10),
            reason="撤销",
        )
        look(city, dt.date(2026, 3, 11))
        gap = Gap.objects.get(unit__code="150622100200")
        assert gap.closed_on is not None
        assert gap.obligation is not None
        assert gap.obligation.state == "cancelled"

    def test_a_merged_village_brings_its_officer_to_the_one_that_goes_on(self, city: City) -> None:
        seat(city, "150602001002", "liaison", since=dt.date(2026, 1, 1))
        look(city)
        assert "150602001001" in open_of("C02")
        merge_units(
            units=[city.units["150602001002"]], into=city.units["150602001001"], on=dt.date(2026, 3, 9),
            actor=CONSOLE, now=at(3, 9), reason="合并",
        )  # fmt: skip
        look(city, dt.date(2026, 3, 10))
        gap = Gap.objects.get(unit__code="150602001001")
        assert gap.closed_on == dt.date(2026, 3, 9)

    def test_a_commissioner_who_takes_a_second_office_leaves_a_gap(self, city: City) -> None:
        holding = seat(city, "150602001", "commissioner", since=dt.date(2026, 1, 1))
        look(city)
        assert open_of("C01") == {"150622100"}
        hold_office(
            person=holding.person, office=city.office("150602001001", "liaison"), starts_on=dt.date(2026, 3, 5),
            actor=CONSOLE, now=at(3, 5),
        )  # fmt: skip
        look(city, dt.date(2026, 3, 6))
        gap = Gap.objects.get(rule="C01", unit__code="150602001")
        assert (gap.since, gap.has) == (dt.date(2026, 3, 5), 0)

    def test_a_gap_whose_obligation_waits_for_review_leaves_no_claim_behind(self, city: City) -> None:
        look(city)
        owed = Obligation.objects.get(gap__unit__code="150602001001")
        Obligation.objects.filter(pk=owed.pk).update(state="claimed", claimed_on=MARCH, next_review="issuer")
        seat(city, "150602001001", "liaison", since=dt.date(2026, 3, 3))
        look(city, dt.date(2026, 3, 4))
        owed.refresh_from_db()
        assert (owed.state, owed.next_review) == ("fulfilled", "")
        assert set(claims_awaiting_review(city.coordinator)) == set()

    def test_an_excused_obligation_stays_excused_when_the_gap_closes(self, city: City) -> None:
        look(city)
        owed = Obligation.objects.get(gap__unit__code="150602001001")
        Obligation.objects.filter(pk=owed.pk).update(state="excused")
        seat(city, "150602001001", "liaison", since=dt.date(2026, 3, 3))
        look(city, dt.date(2026, 3, 4))
        owed.refresh_from_db()
        assert owed.state == "excused"
        assert Gap.objects.get(unit__code="150602001001").closed_on == dt.date(2026, 3, 3)

    def test_a_gap_waits_for_an_owner_and_is_owed_once_there_is_one(self, city: City) -> None:
        office = city.office("150622", "first_responsible")
        office.closed_on = dt.date(2026, 1, 1)
        office.save()
        look(city)
        gap = Gap.objects.get(rule="C01", unit__code="150622100")
        assert gap.obligation is None
        office.closed_on = None
        office.save()
        found = look(city, dt.date(2026, 3, 3))
        gap.refresh_from_db()
        assert [each.pk for each in found.obligations] == [gap.obligation_id]
        assert verify_log().faults == []

    @pytest.mark.parametrize("year", [2025, 2027])
    def test_nothing_is_opened_outside_the_cycles_year(self, city: City, year: int) -> None:
        found = find_gaps(cycle=city.cycle, on=dt.date(year, 6, 1), now=START, actor=CONSOLE)
        assert found.is_nothing
        assert Gap.objects.count() == 0

    def test_vacant_again_is_a_new_gap(self, city: City) -> None:
        look(city)
        holding = seat(city, "150602001001", "liaison", since=dt.date(2026, 3, 3))
        look(city, dt.date(2026, 3, 4))
        end_holding(holding=holding, ends_on=dt.date(2026, 3, 8), actor=CONSOLE, now=at(3, 8))
        look(city, dt.date(2026, 3, 10))
        days = Gap.objects.filter(unit__code="150602001001").order_by("pk").values_list("since", "closed_on")
        assert list(days) == [(dt.date(2026, 1, 1), dt.date(2026, 3, 3)), (dt.date(2026, 3, 9), None)]

    def test_the_queries_do_not_grow_with_the_gaps(
        self, city: City, django_assert_max_num_queries: object
    ) -> None:
        look(city)
        with django_assert_max_num_queries(45):  # type: ignore[operator]
            look(city, dt.date(2026, 3, 3))
