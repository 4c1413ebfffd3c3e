"""The daily sweep reads what may change by time and writes what does: on a quiet day nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from conftest import CONSOLE, City, at
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.calendars.queries import calendar_for
from guantong.obligations.lighting import lighting_of
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit
from guantong.organisation.operations import merge_units, move_unit, rename_unit
from guantong.supervision.operations import follow_moved_units, sweep_lights

TABLE = Obligation._meta.db_table


@contextmanager
def written() -> Iterator[list[tuple[str, int]]]:
    """(verb and table, rows) of every statement that writes meanwhile, as the database counts them."""
    found: list[tuple[str, int]] = []

    def count(
        execute: Callable[..., Any], statement: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        done = execute(statement, params, many, context)
        verb = statement.split(maxsplit=1)[0].upper()
        if verb in ("INSERT", "UPDATE", "DELETE"):
            table = statement.replace("INTO ", "").replace("FROM ", "").split()[1].strip('"')
            found.append((f"{verb} {table}", context["cursor"].rowcount))
        return done

    with connection.execute_wrapper(count):
        yield found


def sweep(city: City, day: dt.date) -> int:
    now = at(day.month, day.day, 1)
    return sweep_lights(actor=CONSOLE, on=day, now=now, cycle=city.cycle)


def lights(city: City) -> dict[int, tuple[str, dt.date | None]]:
    rows = Obligation.objects.filter(cycle=city.cycle).values_list("pk", "light", "relight_on")
    return {pk: (light, relight_on) for pk, light, relight_on in rows}


def of_the_day(city: City, day: dt.date) -> dict[int, tuple[str, dt.date | None]]:
    """Every light computed from scratch."""
    calendar = calendar_for(city.cycle.year, city.cycle.unit_id)
    rows = Obligation.objects.filter(cycle=city.cycle)
    return {
        each.pk: (found.light, found.relight_on)
        for each in rows
        if (found := lighting_of(each, on=day, calendar=calendar))
    }


class TestSweep:
    def test_a_day_on_which_nothing_changes_writes_nothing(self, signed: City) -> None:
        day = dt.date(2026, 3, 20)
        sweep(signed, day)
        rows = AuditEntry.objects.count()
        with written() as found:
            assert sweep(signed, day) == 0
        assert found == []
        assert AuditEntry.objects.count() == rows

    @pytest.mark.parametrize("day", [dt.date(2026, 3, 18), dt.date(2026, 3, 26), dt.date(2026, 7, 1)])
    def test_as_many_rows_are_written_as_lights_change_and_the_others_are_left_alone(
        self, signed: City, day: dt.date
    ) -> None:
        sweep(signed, day - dt.timedelta(days=1))
        before = lights(signed)
        changing = {pk for pk, now in of_the_day(signed, day).items() if now[0] != before[pk][0]}
        with written() as found:
            assert sweep(signed, day) == len(changing) > 0
        assert sum(rows for what, rows in found if what == f"UPDATE {TABLE}") == len(changing)
        assert {what for what, _rows in found} == {f"UPDATE {TABLE}", "INSERT audit_auditentry"}
        after = lights(signed)
        assert {pk for pk in after if after[pk] != before[pk]} == changing
        assert verify_log().faults == []

    def test_every_light_of_a_month_is_that_of_its_day(self, signed: City) -> None:
        day = dt.date(2026, 3, 10)
        while day < dt.date(2026, 4, 10):
            sweep(signed, day)
            assert lights(signed) == of_the_day(signed, day)
            day += dt.timedelta(days=1)

    def test_days_on_which_the_machine_stood_still_are_made_up_for_at_once(self, signed: City) -> None:
        sweep(signed, dt.date(2026, 3, 10))
        sweep(signed, dt.date(2026, 6, 30))
        assert lights(signed) == of_the_day(signed, dt.date(2026, 6, 30))


class TestMovedUnits:
    def paths(self, *codes: str) -> set[tuple[str, bool]]:
        """(unit, whether what it owes lies on its path)."""
        rows = Obligation.objects.filter(unit__code__in=codes).values_list(
            "unit__code", "unit_path", "unit__path"
        )
        return {(code, owed == path) for code, owed, path in rows}

    def test_where_no_unit_was_moved_the_obligations_are_not_even_looked_at(
        self, signed: City, django_assert_num_queries: Any
    ) -> None:
        rename_unit(
            unit=signed.units["150602"], name="东胜", on=dt.date(2026, 3, 1), actor=CONSOLE, now=at(3, 1), reason="更名"
        )  # fmt: skip
        with django_assert_num_queries(1):
            assert follow_moved_units() == 0

    def test_what_a_moved_unit_and_those_below_it_owe_moves_along_once(self, signed: City) -> None:
        moved = ("150622", "150622100")
        move_unit(
            unit=signed.units[moved[0]], under=signed.units["150602"], on=dt.date(2026, 3, 1), actor=CONSOLE,
            now=at(3, 1), reason="区划调整",
        )  # fmt: skip
        assert self.paths(*moved) == {(code, False) for code in moved}
        behind = Obligation.objects.filter(unit__code__in=moved).count()
        assert follow_moved_units() == behind > 0
        assert self.paths(*moved) == {(code, True) for code in moved}
        assert follow_moved_units() == 0
        assert self.paths(*Unit.objects.values_list("code", flat=True)) == {
            (each, True) for each in Obligation.objects.values_list("unit__code", flat=True)
        }

    def test_nor_is_what_lies_below_a_merged_unit_left_behind(self, signed: City) -> None:
        merge_units(
            units=[signed.units["150622"]], into=signed.units["150602"], on=dt.date(2026, 3, 1), actor=CONSOLE,
            now=at(3, 1), reason="合并",
        )  # fmt: skip
        assert self.paths("150622100") == {("150622100", False)}
        follow_moved_units()
        assert self.paths("150622100") == {("150622100", True)}
