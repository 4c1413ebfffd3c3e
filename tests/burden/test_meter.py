"""The meter equals a recount by hand; who asks is derived from the source; villages against the practice."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from burden.cast import FAR_VILLAGE, OTHER_VILLAGE, VILLAGE, field, issue, liaison
from conftest import CONSOLE, City, at
from guantong.burden.issuers import coordinating_unit
from guantong.burden.models import Addressee
from guantong.burden.operations.issuing import end_requests, withdraw_request
from guantong.burden.queries import villages
from guantong.burden.queries.meter import (
    ZERO,
    Total,
    asked,
    asked_visibly,
    due_this_month,
    minutes_asked_by,
    table_by_issuer,
    total_of,
    year_of,
)
from guantong.burden.queries.villages import Comparison, comparison, totals_of
from guantong.obligations.choices import Part, State
from guantong.obligations.models import Obligation
from guantong.records.operations import enter_record
from guantong.supervision.operations import matter_drafts, matters
from guantong.supervision.operations.matter_drafts import PartPlan
from guantong.supervision.operations.matter_drafts import Terms as MatterTerms
from guantong.tasks.drafts import PartDraft, TaskDraft
from guantong.tasks.models import Assignment
from guantong.tasks.operations import issue_task_list
from guantong.tasks.scheduling import Due


@pytest.fixture
def busy(signed: City) -> City:
    """Duty lists, a task split by a member unit, a matter, two requests."""
    issue_task_list(
        cycle=signed.cycle, name="要点", file_name="t.xlsx", digest="0" * 64, actor=CONSOLE, now=at(2, 1),
        drafts=[TaskDraft(sheet="1", row=1, title="一项任务", due=Due("due", (dt.date(2026, 11, 30),)),
                          parts=[PartDraft(signed.units["1506-MU-01"], Part.LEAD, "市发改委")])],
    )  # fmt: skip
    matter = matter_drafts.draft_matter(
        cycle=signed.cycle, terms=MatterTerms("other", "一件督办", "check", "通报", due_on=dt.date(2026, 12, 1)),
        parts=[PartPlan(signed.units["1506-MU-02"], Part.LEAD)], issued_by=signed.office("1506-LGO", "coordinator"),
        actor=CONSOLE, now=at(3, 2),
    )  # fmt: skip
    matters.register_matter(matter=matter, actor=CONSOLE, now=at(3, 2))
    matters.dispatch_matter(matter=matter, actor=CONSOLE, now=at(3, 2))
    area, lessons = field(signed, "活动室面积"), field(signed, "培训学时", minutes=5)
    issue(signed, [area, lessons], by=signed.head)
    issue(signed, [area], (FAR_VILLAGE,), per="month", ends_on=dt.date(2026, 12, 31))
    return signed


def by_hand(city: City) -> Counter[tuple[str, str, int | None]]:
    """Minutes by (issuer's code, unit's code, month), walking over every row."""
    found: Counter[tuple[str, str, int | None]] = Counter()
    for each in Obligation.objects.filter(cycle=city.cycle, minutes__gt=0).exclude(state=State.CANCELLED):
        issuer = "1506-LGO"
        if each.source == "request":
            issuer = Addressee.objects.get(pk=each.source_ref).request.issuer.code
        elif each.source == "task":
            parent = Assignment.objects.get(pk=each.source_ref).parent
            issuer = parent.unit.code if parent else issuer
        found[issuer, each.unit.code, each.due_on.month if each.due_on else None] += each.minutes
    return found


class TestAsked:
    def test_equals_a_recount_by_hand(self, busy: City) -> None:
        counted: Counter[tuple[str, str, int | None]] = Counter()
        codes = {each.pk: code for code, each in busy.units.items()}
        for each in asked(busy.cycle).select_related("unit"):
            counted[codes[each.issuer], each.unit.code, each.due_on.month if each.due_on else None] += (
                each.minutes
            )  # type: ignore[attr-defined]
        assert counted == by_hand(busy)

    def test_fields_are_those_of_a_request_three_of_a_record_and_none_of_a_signature(
        self, busy: City
    ) -> None:
        found = {
            (each.source, tuple(each.evidence)): each.n_fields  # type: ignore[attr-defined]
            for each in asked(busy.cycle).filter(unit__code__in=[VILLAGE, "1506-MU-01"])
        }
        assert found["request", ("answers",)] == 2
        assert found["duty", ("sign_off",)] == 0
        assert found["duty", ("progress_line",)] == found["task", ("statement",)] == 3

    def test_a_part_that_was_split_is_asked_by_whoever_split_it(self, busy: City) -> None:
        upper = Assignment.objects.get()
        lower = Assignment.objects.create(
            task=upper.task,
            unit=busy.units["150602"],
            part=Part.IMPLEMENTING,
            parent=upper,
            split_on=dt.date(2026, 3, 1),
        )
        Obligation.objects.filter(source="task").update(source_ref=lower.pk)
        [each] = asked(busy.cycle).filter(source="task")
        assert each.issuer == busy.units["1506-MU-01"].pk  # type: ignore[attr-defined]

    def test_a_matter_is_asked_by_the_unit_that_issued_it(self, busy: City) -> None:
        from guantong.supervision.models import Matter

        Matter.objects.update(issued_by=busy.office("150602", "first_responsible"))
        [each] = asked(busy.cycle).filter(source="matter")
        assert each.issuer == busy.units["150602"].pk  # type: ignore[attr-defined]

    def test_the_office_that_runs_the_year_asks_the_rest(self, city: City) -> None:
        assert coordinating_unit(city.cycle) == city.units["1506-LGO"].pk

    def test_taken_back_was_not_asked_ended_after_it_was_due_was(self, city: City) -> None:
        area = field(city, "活动室面积")
        withdraw_request(request=issue(city, [area]), reason="发错了", actor=city.coordinator, now=at(3, 3))
        assert total_of(asked(city.cycle)) == ZERO
        issue(city, [area])
        end_requests(on=dt.date(2026, 4, 1), now=at(4, 1), actor=CONSOLE)
        assert total_of(asked(city.cycle)) == Total(2, 2, 4)

    def test_what_takes_no_time_is_no_form(self, signed: City) -> None:
        assert not asked(signed.cycle).filter(rule="D15").exists()


class TestTables:
    def test_the_year_sums_to_its_months_and_to_its_issuers(self, busy: City) -> None:
        year = year_of(asked(busy.cycle))
        assert (
            sum((each.total for each in year.months), year.without_day)
            == year.total
            == total_of(asked(busy.cycle))
        )
        assert {busy.units["1506-LGO"].pk, busy.units["1506-MU-01"].pk} == set(year.issuers)
        assert list(year.issuers) == sorted(year.issuers, key=lambda key: -year.issuers[key].minutes)

    def test_by_issuer_and_receiving_level(
        self, busy: City, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        found = asked_visibly(busy.coordinator, busy.cycle)
        with django_assert_num_queries(2):
            rows = {row.unit.code: row for row in table_by_issuer(found)}
        assert rows["1506-MU-01"].by_level == {"village": Total(2, 4, 14)}
        assert rows["1506-LGO"].by_level["village"] == Total(8, 8, 16)

    def test_minutes_of_an_issuing_unit(self, busy: City) -> None:
        assert minutes_asked_by(busy.units["1506-MU-01"], busy.cycle) == 14

    def test_this_month(self, busy: City) -> None:
        here = asked(busy.cycle).filter(unit__code=VILLAGE)
        assert total_of(due_this_month(here, dt.date(2026, 3, 20))) == Total(1, 2, 7)
        assert total_of(due_this_month(here, dt.date(2026, 4, 20))) == ZERO


class TestSight:
    def test_below_and_what_the_own_unit_asked(self, busy: City) -> None:
        other = busy.acting("1506-MU-02", "unit_head")
        issuer = busy.units["1506-MU-01"]
        assert total_of(asked_visibly(liaison(busy), busy.cycle)) == Total(1, 2, 7)
        assert total_of(asked_visibly(busy.head, busy.cycle, issuer=issuer)) == Total(2, 4, 14)
        assert total_of(asked_visibly(other, busy.cycle, issuer=issuer)) == ZERO
        assert total_of(asked_visibly(liaison(busy), busy.cycle, issuer=issuer)) == Total(1, 2, 7)


class TestVillages:
    def test_less_than_the_practice_with_its_arithmetic(self, busy: City) -> None:
        found = comparison(busy.coordinator, busy.cycle, on=dt.date(2026, 3, 2))
        rows = Obligation.objects.filter(cycle=busy.cycle, unit__level="village", minutes__gt=0)
        assert (found.total.forms, found.villages, found.practice) == (rows.count(), 3, 90)
        assert found.forms_per_village == Decimal(rows.count() / 3).quantize(Decimal("0.01"))
        assert found.is_less

    def test_what_nobody_asked_for_and_was_written_down_counts_too(self, busy: City) -> None:
        before = comparison(busy.coordinator, busy.cycle, on=dt.date(2026, 3, 2))
        for code, day in (
            (VILLAGE, dt.date(2026, 3, 2)),
            (FAR_VILLAGE, dt.date(2025, 12, 31)),
            ("150602", dt.date(2026, 3, 2)),
        ):
            seat = busy.acting(code, "first_responsible" if code == "150602" else "liaison")
            enter_record(
                kind="service", happened_on=day, summary="走访", entered_by=seat.office, actor=seat, now=at(3, 2),  # type: ignore[arg-type]
                today=dt.date(2026, 3, 2),
            )  # fmt: skip
        after = comparison(busy.coordinator, busy.cycle, on=dt.date(2026, 3, 2))
        assert (before.records, after.records, after.forms) == (0, 1, before.forms + 1)
        far = comparison(busy.acting("150622", "first_responsible"), busy.cycle, on=dt.date(2026, 3, 2))
        assert far.records == 0

    def test_as_many_as_the_practice_is_not_less(self) -> None:
        assert not Comparison(Total(forms=178), 2, 2).is_less
        assert Comparison(Total(forms=178), 1, 2).is_less
        assert (Comparison(Total(forms=178), 2, 2).percent, Comparison(ZERO, 0, 0).forms_per_village) == (
            100,
            0,
        )

    def test_a_village_counts_with_its_homes_and_only_those_in_sight_count(self, busy: City) -> None:
        sight = villages.villages_visible_to(
            busy.acting("150602", "first_responsible"), busy.cycle, on=dt.date(2026, 3, 2)
        )
        assert {each.code for each in sight} == {VILLAGE, OTHER_VILLAGE}
        totals = totals_of(list(sight), busy.coordinator, busy.cycle)
        assert totals == {
            busy.units[VILLAGE].pk: Total(1, 2, 7),
            busy.units[OTHER_VILLAGE].pk: Total(1, 2, 7),
        }
