"""How many records a package asks of each office in a year."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guantong.mechanisms.package import (
    Cadence,
    FormCount,
    Package,
    TreeFacts,
    builtin_packages,
    form_counts,
    read_package,
    read_package_file,
)
from guantong.mechanisms.package.forms import times_in_year
from mechanisms.seeding import VALID


def builtin(name: str) -> Package:
    package = read_package_file(builtin_packages()[name]).package
    assert package is not None
    return package


def of(office: str, counts: list[FormCount]) -> FormCount:
    return next(count for count in counts if count.office == office)


class TestFormCounts:
    def test_a_leader_with_one_pairing_writes_23_records(self) -> None:
        leader = of("leader", form_counts(builtin("three-threes"), tree=None))
        assert leader.forms_per_year == 23
        assert {part.duty: part.times for part in leader.parts} == {
            "D01": 2, "D02": 1, "D04": 4, "D06": 4, "D07": 12, "D08": 0,
        }  # fmt: skip

    def test_three_pairings_add_two_more_rounds_of_visits(self) -> None:
        facts = TreeFacts(pairings_per_office=Decimal(3))
        assert of("leader", form_counts(builtin("three-threes"), tree=facts)).forms_per_year == 31

    def test_a_township_commissioner_writes_46_on_average_in_ordos(self) -> None:
        facts = TreeFacts(villages_per_township=Decimal("11.5"))
        assert of("commissioner", form_counts(builtin("three-threes"), tree=facts)).forms_per_year == 46

    def test_a_village_chief_with_one_section_writes_44(self) -> None:
        assert of("chief_village", form_counts(builtin("river-chief"), tree=None)).forms_per_year == 44

    def test_minutes_are_records_times_minutes_of_the_evidence_kind(self) -> None:
        commissioner = of("commissioner", form_counts(builtin("three-threes"), tree=None))
        assert (commissioner.forms_per_year, commissioner.minutes_per_year) == (4, 12)

    def test_a_duty_may_say_its_own_minutes(self) -> None:
        text = VALID.replace("evidence: [meeting_ref]", "evidence: [meeting_ref]\n    minutes: 20")
        package = read_package(text, name="x.yaml").package
        assert package is not None
        chief = of("road_chief", form_counts(package))
        assert next(part for part in chief.parts if part.duty == "D01").minutes_per_year == 80

    def test_duties_without_a_record_count_nothing(self) -> None:
        assert of("liaison", form_counts(builtin("three-threes"))).forms_per_year == 0

    def test_duties_on_a_condition_are_shown_but_not_counted(self) -> None:
        township = of("chief_township", form_counts(builtin("river-chief")))
        heavier = next(part for part in township.parts if part.duty == "D07")
        assert (heavier.conditional, heavier.times, heavier.forms_per_year) == (True, 52, 0)
        assert township.forms_per_year == 30

    def test_a_pairing_that_no_duty_names_is_counted(self) -> None:
        assert of("duty_unit_head", form_counts(builtin("river-chief"))).forms_per_year == 4


class TestTimesInYear:
    @pytest.mark.parametrize(
        ("cadence", "times"),
        [
            (Cadence(count=1, per="year"), 1),
            (Cadence(count=2, per="half"), 4),
            (Cadence(count=1, per="quarter", months=(1, 2, 3, 6)), 2),
            (Cadence(count=3, per="month"), 36),
            (Cadence(count=1, per="ten_days", months=(3, 4)), 6),
            (Cadence(count=1, per="week"), 52),
            (Cadence(count=1, per="week", months=tuple(range(3, 13))), 44),
            (Cadence(count=1, per="workday"), 250),
            (Cadence(upon="event"), 0),
        ],
    )
    def test_follows_the_period_and_the_season(self, cadence: Cadence, times: int) -> None:
        assert times_in_year(cadence) == times
