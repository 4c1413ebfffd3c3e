from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import City, undone
from grassroots.random_rosters import FIRST, LENGTH, World, day_of, grow, recount
from guantong.accounts.models import Person
from guantong.grassroots.queries import coverage
from guantong.grassroots.queries.coverage import counted_rules
from guantong.grassroots.queries.vacancies import lines, sums
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import CoverageRule
from guantong.organisation.models import Unit


def span_of(draw: st.DataObject) -> tuple[dt.date, dt.date]:
    first = draw.draw(st.integers(0, LENGTH - 20))
    last = draw.draw(st.integers(first, LENGTH))
    return day_of(first), day_of(last)


@pytest.fixture
def people(city: City) -> City:
    for number in range(4):
        Person.objects.create_person(sign_in=f"r{number}", password=None, display_name="某人")
    return city


class TestAgainstARecount:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(draw=st.data())
    def test_vacancy_days_and_coverage_are_those_counted_day_by_day(
        self, people: City, draw: st.DataObject
    ) -> None:
        cycle = people.cycle
        with undone():
            Unit.objects.filter(path__gt=cycle.unit.path, path__startswith=cycle.unit.path).update(
                closed_on=FIRST - dt.timedelta(days=50)
            )
            world = grow(draw.draw, cycle.unit)
            since, on = span_of(draw)
            tops = [None, *(code for code, level in world.states[-1][1].level.items() if level != "village")]
            top = draw.draw(st.sampled_from(tops))
            within = Unit.objects.get(code=top) if top else cycle.unit
            for rule in counted_rules(cycle):
                asked = replace(rule, min=draw.draw(st.sampled_from([1, 1, 2])))
                compare(world, cycle, asked, since=since, on=on, within=within)


def compare(
    world: World, cycle: Cycle, rule: CoverageRule, *, since: dt.date, on: dt.date, within: Unit
) -> None:
    """The sweep over one period, and the day's coverage, against the recount."""
    expected = recount(world, rule, since, on, within.code)
    found = list(lines(cycle, rule, since=since, on=on, within=within))
    codes = dict(Unit.objects.values_list("pk", "code"))
    assert {codes[each.unit]: each.vacancy_days for each in found} == dict(expected.vacancy)
    assert {codes[each.unit]: each.needed_days for each in found} == dict(expected.needed)
    assert {codes[each.unit]: each.has for each in found if each.is_needed} == expected.today

    paths = dict(Unit.objects.values_list("path", "code"))
    added = sums(found).by_path
    assert {paths[path]: each.vacancy_days for path, each in added.items()} == dict(expected.sums)
    assert {paths[path]: each.needed_days for path, each in added.items()} == dict(expected.sums_needed)

    whole = recount(world, rule, on, on, cycle.unit.code)
    assert {each.unit.code: each.has for each in coverage(cycle, rule, on=on)} == whole.today
