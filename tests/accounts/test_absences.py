from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from conftest import CONSOLE, START, City, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Absence, Holding, Person
from guantong.accounts.operations import hold_office, record_absence, set_active
from guantong.accounts.queries import seats_of
from guantong.audit.models import AuditEntry
from guantong.kernel.refusals import Refusal

FROM, TO = dt.date(2026, 3, 2), dt.date(2026, 3, 6)
NOW = at(3, 1)


def away(
    holding: Holding, stand_in: Person | None, *, starts_on: dt.date = FROM, ends_on: dt.date = TO,
    actor: object = CONSOLE,
) -> Absence:  # fmt: skip
    assert stand_in is not None
    return record_absence(
        holding=holding, stand_in=stand_in, starts_on=starts_on, ends_on=ends_on, actor=actor, now=NOW  # type: ignore[arg-type]
    )  # fmt: skip


def holding_of(acting: Acting) -> Holding:
    return Holding.objects.get(person=acting.person, office=acting.office)


@pytest.fixture
def head(offices: City) -> Holding:
    return holding_of(offices.head)


class TestRecordAbsence:
    def test_the_stand_in_acts_from_the_first_day_to_the_last(self, head: Holding, newcomer: Person) -> None:
        away(head, newcomer)
        seats = {day: seats_of(newcomer, on=dt.date(2026, 3, day)) for day in (1, 2, 6, 7)}
        assert {day: [seat.office for seat in found] for day, found in seats.items()} == {
            1: [], 2: [head.office], 6: [head.office], 7: [],
        }  # fmt: skip
        assert seats[2][0].standing_in_for == head.person

    def test_only_while_the_holder_holds_the_office(self, head: Holding, newcomer: Person) -> None:
        away(head, newcomer)
        head.ends_on = dt.date(2026, 3, 4)
        head.save()
        assert [bool(seats_of(newcomer, on=dt.date(2026, 3, day))) for day in (4, 5)] == [True, False]

    def test_nobody_stands_in_for_themselves(self, head: Holding) -> None:
        with pytest.raises(Refusal, match="本人代理本人"):
            away(head, head.person)

    def test_the_last_day_is_not_before_the_first(self, head: Holding, newcomer: Person) -> None:
        with pytest.raises(Refusal, match="不能早于开始日期"):
            away(head, newcomer, starts_on=TO, ends_on=FROM)
        away(head, newcomer, starts_on=FROM, ends_on=FROM)
        assert head.absences.count() == 1

    def test_the_database_itself_keeps_the_days_in_order(self, head: Holding, newcomer: Person) -> None:
        with pytest.raises(IntegrityError, match="absence_ends_after_it_starts"), transaction.atomic():
            Absence.objects.create(
                holding=head, stand_in=newcomer, starts_on=TO, ends_on=FROM, recorded_at=NOW
            )

    def test_a_stopped_account_cannot_stand_in(self, head: Holding, newcomer: Person) -> None:
        set_active(person=newcomer, active=False, actor=CONSOLE, now=NOW)
        with pytest.raises(Refusal, match="已停用"):
            away(head, newcomer)
        assert not Absence.objects.exists()

    @pytest.mark.parametrize(
        ("starts_on", "ends_on"),
        [(FROM, TO), (dt.date(2026, 2, 1), FROM), (TO, dt.date(2026, 4, 1)),
         (dt.date(2026, 3, 3), dt.date(2026, 3, 3)), (dt.date(2026, 2, 1), dt.date(2026, 4, 1))],
    )  # fmt: skip
    def test_two_absences_of_a_holding_never_overlap(
        self, head: Holding, newcomer: Person, offices: City, starts_on: dt.date, ends_on: dt.date
    ) -> None:
        away(head, newcomer)
        with pytest.raises(Refusal, match="已经安排了代理"):
            away(head, offices.coordinator.person, starts_on=starts_on, ends_on=ends_on)
        assert head.absences.count() == 1

    def test_the_days_just_before_and_after_are_free(
        self, head: Holding, newcomer: Person, offices: City
    ) -> None:
        away(head, newcomer)
        away(head, offices.coordinator.person, starts_on=dt.date(2026, 3, 7), ends_on=dt.date(2026, 3, 8))
        away(head, offices.coordinator.person, starts_on=dt.date(2026, 2, 1), ends_on=dt.date(2026, 3, 1))
        assert head.absences.count() == 3

    def test_nobody_makes_themselves_a_stand_in(
        self, head: Holding, security: Acting, newcomer: Person
    ) -> None:
        with pytest.raises(Refusal, match="安排自己代理"):
            away(head, security.person, actor=security)
        assert away(head, newcomer, actor=security).recorded_by == security.office

    def test_it_leaves_a_row_that_says_who_for_how_long_by_number(
        self, head: Holding, newcomer: Person
    ) -> None:
        made = away(head, newcomer)
        entry = AuditEntry.objects.get(verb="accounts.absence_recorded")
        assert entry.object_ref == str(made.pk)
        for part in (f'"stand_in":{newcomer.pk}', '"from":"2026-03-02"', '"to":"2026-03-06"'):
            assert part in entry.payload


class TestSeparationThroughStandIns:
    """Three administrators are three persons, also while one is away."""

    @pytest.mark.parametrize("other", ["security_admin", "audit_admin"])
    def test_an_administrator_cannot_stand_in_for_another(self, offices: City, other: str) -> None:
        absent = holding_of(offices.acting("1506-LGO", other))
        with pytest.raises(Refusal, match="不能由同一人兼任或代理"):
            away(absent, offices.acting("1506-LGO", "system_admin").person)
        assert not Absence.objects.exists()

    def test_who_stands_in_for_one_cannot_be_made_another(self, offices: City, newcomer: Person) -> None:
        away(holding_of(offices.acting("1506-LGO", "audit_admin")), newcomer)
        system = offices.office("1506-LGO", "system_admin")
        with pytest.raises(Refusal, match="不能由同一人兼任或代理"):
            hold_office(person=newcomer, office=system, starts_on=TO, actor=CONSOLE, now=NOW)
        hold_office(person=newcomer, office=system, starts_on=dt.date(2026, 3, 7), actor=CONSOLE, now=NOW)
        assert newcomer.holdings.count() == 1

    def test_who_stands_in_for_one_cannot_stand_in_for_another(self, offices: City, newcomer: Person) -> None:
        away(holding_of(offices.acting("1506-LGO", "audit_admin")), newcomer)
        with pytest.raises(Refusal, match="不能由同一人兼任或代理"):
            away(holding_of(offices.acting("1506-LGO", "security_admin")), newcomer)

    def test_a_second_administrator_of_the_same_kind_may_stand_in(
        self, offices: City, newcomer: Person
    ) -> None:
        office = offices.office("1506-LGO", "audit_admin")
        absent = holding_of(offices.acting("1506-LGO", "audit_admin"))
        hold_office(person=newcomer, office=office, starts_on=START.date(), actor=CONSOLE, now=NOW)
        assert away(absent, newcomer).stand_in == newcomer
