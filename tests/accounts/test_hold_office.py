from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from conftest import CONSOLE, City, at
from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.models import Handover, Holding, Office, Person
from guantong.accounts.operations import (
    create_person,
    hold_office,
    open_office,
    open_offices,
    set_active,
)
from guantong.accounts.queries import first_office, holders_on, offices_visible_to, seats_of, units_visible_to
from guantong.audit.models import AuditEntry
from guantong.kernel.refusals import Refusal

DAY = dt.date(2026, 3, 2)
NOW = at(3, 2)


def hold(person: Person, office: Office, *, starts_on: dt.date = DAY, **more: object) -> Holding:
    more = {"actor": CONSOLE, "now": NOW} | more
    return hold_office(person=person, office=office, starts_on=starts_on, **more)  # type: ignore[arg-type]


class TestOpenOffice:
    def test_a_seat_is_set_up_once(self, offices: City) -> None:
        with pytest.raises(Refusal, match="已设有该岗位"):
            open_office(
                unit=offices.units["1506-MU-01"], seat="unit_head", title="主任", actor=CONSOLE, now=NOW
            )
        assert Office.objects.filter(unit__code="1506-MU-01", seat="unit_head").count() == 1

    def test_a_second_seat_of_the_kind_has_the_next_number(self, offices: City) -> None:
        made = open_office(
            unit=offices.units["1506-MU-01"], seat="unit_head", number=2, title="主任", actor=CONSOLE, now=NOW
        )
        assert first_office(made.unit, "unit_head") == offices.office("1506-MU-01", "unit_head", 1)

    def test_role_and_scope_follow_from_the_seat_and_the_unit(self, offices: City) -> None:
        unit = offices.units["150602001"]
        made = open_office(unit=unit, seat="commissioner", title="专职委员", actor=CONSOLE, now=NOW)
        other = open_office(unit=unit, seat="office_clerk", title="经办", actor=CONSOLE, now=NOW)
        assert (made.role, made.scope, other.role) == (Role.COMMISSIONER, unit, Role.CLERK)

    def test_setting_up_leaves_a_row(self, offices: City) -> None:
        made = open_office(
            unit=offices.units["150602001"], seat="clerk", title="经办", actor=CONSOLE, now=NOW
        )
        entry = AuditEntry.objects.get(object_type="accounts.office", object_ref=str(made.pk))
        assert (entry.verb, entry.actor) == ("accounts.office_opened", "console:test")

    def test_many_seats_at_once_leave_one_row_and_none_leave_none(self, offices: City) -> None:
        unit = offices.units["150602001"]
        seats = [
            Office(unit=unit, seat="clerk", number=each, title="经办", role=Role.CLERK, scope=unit)
            for each in (1, 2)
        ]
        assert open_offices(seats, for_what=unit, actor=CONSOLE, now=NOW) == 2
        assert open_offices([], for_what=unit, actor=CONSOLE, now=NOW) == 0
        assert AuditEntry.objects.filter(verb="accounts.offices_opened").count() == 1


class TestHoldOffice:
    def test_the_person_may_act_for_the_office_from_that_day_to_the_last(
        self, offices: City, newcomer: Person
    ) -> None:
        office = offices.office("1506-MU-01", "unit_head")
        hold(newcomer, office, ends_on=dt.date(2026, 3, 31))
        days = (dt.date(2026, 3, 1), DAY, dt.date(2026, 3, 31), dt.date(2026, 4, 1))
        assert [[seat.office for seat in seats_of(newcomer, on=day)] for day in days] == [
            [], [office], [office], [],
        ]  # fmt: skip

    def test_it_leaves_a_row_that_names_no_person(self, offices: City, newcomer: Person) -> None:
        holding = hold(newcomer, offices.office("1506-MU-01", "unit_head"))
        entry = AuditEntry.objects.get(verb="accounts.office_held")
        assert (entry.object_ref, entry.at) == (str(holding.pk), NOW)
        assert "新来的人" not in entry.payload + entry.actor

    def test_twice_is_refused_and_changes_nothing(self, offices: City, newcomer: Person) -> None:
        office = offices.office("1506-MU-01", "unit_head")
        hold(newcomer, office)
        for day in (DAY, dt.date(2026, 5, 1)):
            with pytest.raises(Refusal, match="已任该职务"):
                hold(newcomer, office, starts_on=day)
        assert newcomer.holdings.count() == 1

    def test_a_time_that_runs_into_a_later_holding_is_refused(self, offices: City, newcomer: Person) -> None:
        office = offices.office("1506-MU-01", "unit_head")
        hold(newcomer, office, starts_on=dt.date(2026, 6, 1))
        with pytest.raises(Refusal, match="已任该职务"):
            hold(newcomer, office)
        hold(newcomer, office, ends_on=dt.date(2026, 5, 31))
        assert newcomer.holdings.count() == 2

    def test_the_end_is_not_before_the_start(self, offices: City, newcomer: Person) -> None:
        with pytest.raises(Refusal, match="不能早于开始日期"):
            hold(newcomer, offices.office("1506-MU-01", "unit_head"), ends_on=dt.date(2026, 3, 1))

    def test_the_database_itself_keeps_the_end_after_the_start(self, offices: City, newcomer: Person) -> None:
        with pytest.raises(IntegrityError, match="holding_ends_after_it_starts"), transaction.atomic():
            Holding.objects.create(
                person=newcomer, office=offices.office("1506-MU-01", "unit_head"),
                starts_on=DAY, ends_on=dt.date(2026, 3, 1),
            )  # fmt: skip

    def test_nobody_gives_themselves_an_office(self, offices: City, security: Acting) -> None:
        assert security.person is not None
        with pytest.raises(Refusal, match="不能给自己任职"):
            hold(security.person, offices.office("1506-LGO", "coordinator"), actor=security)
        assert security.person.holdings.count() == 1

    def test_a_stopped_account_gets_no_office(self, offices: City, newcomer: Person) -> None:
        set_active(person=newcomer, active=False, actor=CONSOLE, now=NOW)
        with pytest.raises(Refusal, match="已停用"):
            hold(newcomer, offices.office("1506-MU-01", "unit_head"))

    def test_nobody_starts_in_an_office_that_was_closed(self, offices: City, newcomer: Person) -> None:
        office = offices.office("1506-MU-01", "unit_head")
        office.closed_on = dt.date(2026, 3, 1)
        office.save()
        with pytest.raises(Refusal, match="撤销"):
            hold(newcomer, office)

    def test_acting_and_part_time_are_kept(self, offices: City, newcomer: Person) -> None:
        holding = hold(newcomer, offices.office("1506-MU-01", "unit_head"), acting=True, full_time=False)
        holding.refresh_from_db()
        assert (holding.acting, holding.full_time) == (True, False)

    def test_an_office_held_outright_comes_before_one_held_as_acting(
        self, offices: City, newcomer: Person
    ) -> None:
        second = offices.office("1506-MU-02", "unit_head")
        hold(newcomer, offices.office("1506-MU-01", "unit_head"), acting=True)
        hold(newcomer, second)
        assert seats_of(newcomer, on=DAY)[0].office == second

    def test_two_persons_may_hold_one_office(self, offices: City, newcomer: Person) -> None:
        office = offices.office("1506-MU-01", "unit_head")
        other = create_person(sign_in="other", display_name="另一人", password=None, actor=CONSOLE, now=NOW)
        for person in (newcomer, other):
            hold(person, office)
        assert {each.person for each in holders_on(office, on=DAY)} == {newcomer, other}

    def test_a_waiting_handover_of_the_office_gets_its_successor(
        self, offices: City, newcomer: Person
    ) -> None:
        office = offices.office("1506-MU-01", "unit_head")
        former = Holding.objects.get(person=offices.acting("1506-MU-01", "unit_head").person)
        waiting = Handover.objects.create(holding=former, opened_at=NOW)
        holding = hold(newcomer, office)
        waiting.refresh_from_db()
        assert (waiting.successor, waiting.accepted_at) == (holding, None)

    def test_a_handover_of_another_office_does_not(self, offices: City, newcomer: Person) -> None:
        former = Holding.objects.get(person=offices.acting("1506-MU-02", "unit_head").person)
        waiting = Handover.objects.create(holding=former, opened_at=NOW)
        hold(newcomer, offices.office("1506-MU-01", "unit_head"))
        waiting.refresh_from_db()
        assert waiting.successor is None


class TestSeparationOfTheThreeAdministrators:
    SEATS = ("system_admin", "security_admin", "audit_admin")

    @pytest.mark.parametrize("first", SEATS)
    @pytest.mark.parametrize("second", SEATS)
    def test_nobody_holds_two_of_the_three_administrators(
        self, first: str, second: str, offices: City, newcomer: Person
    ) -> None:
        hold(newcomer, offices.office("1506-LGO", first))
        with pytest.raises(Refusal, match="已任该职务" if first == second else "不能由同一人兼任"):
            hold(newcomer, offices.office("1506-LGO", second))
        assert {each.office.seat for each in newcomer.holdings.all()} == {first}

    def test_not_even_one_that_begins_after_the_other_began(self, offices: City, newcomer: Person) -> None:
        hold(newcomer, offices.office("1506-LGO", "audit_admin"), starts_on=dt.date(2026, 9, 1))
        with pytest.raises(Refusal, match="不能由同一人兼任"):
            hold(newcomer, offices.office("1506-LGO", "system_admin"))

    def test_one_after_the_other_is_possible(self, offices: City, newcomer: Person) -> None:
        hold(newcomer, offices.office("1506-LGO", "audit_admin"), ends_on=dt.date(2026, 3, 31))
        with pytest.raises(Refusal, match="不能由同一人兼任"):
            hold(newcomer, offices.office("1506-LGO", "system_admin"), starts_on=dt.date(2026, 3, 31))
        hold(newcomer, offices.office("1506-LGO", "system_admin"), starts_on=dt.date(2026, 4, 1))
        assert newcomer.holdings.count() == 2

    @pytest.mark.parametrize("seat", SEATS)
    def test_an_administrator_sees_no_unit_and_no_office(self, seat: str, offices: City) -> None:
        acting = offices.acting("1506-LGO", seat)
        assert not acting.reads_business
        assert not units_visible_to(acting).exists()
        assert not offices_visible_to(acting).exists()
        assert offices_visible_to(offices.coordinator).exists()
