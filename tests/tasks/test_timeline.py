"""Tasks as bars over the year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from conftest import City, SignIn
from guantong.obligations.choices import Light, Source, State
from guantong.obligations.models import Obligation
from guantong.tasks.models import Task
from guantong.tasks.timeline import bars_of, months_of, place
from leadership.meeting_cast import district, held
from leadership.test_holding import line, task


def made(city: City) -> Task:
    """A task of one lead and one cooperating unit, due 31 May."""
    return task(city, line(city, held(city, district(city))))


class TestBars:
    def test_days_lie_on_the_year_from_its_first_to_its_last(self, city: City) -> None:
        days = [city.cycle.starts_on, dt.date(2026, 7, 2), city.cycle.ends_on, dt.date(2027, 3, 1)]
        assert [place(each, city.cycle) for each in days] == [0.0, 50.0, 100.0, 100.0]
        assert [month for month, _x in months_of(city.cycle)] == list(range(1, 13))

    def test_a_bar_runs_from_the_first_day_to_the_last_due_day_with_the_worst_light(self, city: City) -> None:
        done = made(city)
        owed = Obligation.objects.filter(source=Source.TASK)
        assert owed.count() == 2
        Obligation.objects.filter(pk=owed[0].pk).update(light=Light.RED)
        [bar] = bars_of([done], city.cycle, city.coordinator)
        [mark] = bar.marks
        assert (mark.day, mark.light, mark.done, bar.next) == (dt.date(2026, 5, 31), Light.RED, False, mark)
        assert (bar.end, bar.width > 0) == (place(mark.day, city.cycle), True)
        owed.update(state=State.FULFILLED)
        [bar] = bars_of([done], city.cycle, city.coordinator)
        assert (bar.done, bar.next) == (1, None)

    def test_what_another_unit_owes_does_not_show(self, city: City) -> None:
        done = made(city)
        [bar] = bars_of([done], city.cycle, city.acting("150602", "first_responsible"))
        assert bar.marks == []

    def test_three_queries_for_many(self, city: City, django_assert_num_queries: Any) -> None:
        tasks = [task(city, line(city, held(city, district(city), title=f"会{n}"))) for n in range(6)]
        acting = city.coordinator
        assert acting.sees(city.units["1506"].path)
        with django_assert_num_queries(3):
            bars_of(tasks, city.cycle, acting)


class TestPage:
    def test_it_shows_the_bar_and_says_its_days_in_words(self, city: City, as_: SignIn) -> None:
        made(city)
        page = as_(city.coordinator).get(reverse("task-timeline")).content.decode()
        assert 'class="gantt__bar"' in page
        assert "2026-05-31" in page

    def test_five_thousand_come_a_page_at_a_time(
        self, city: City, as_: SignIn, django_assert_max_num_queries: Any
    ) -> None:
        first = made(city)
        Task.objects.bulk_create(
            Task(
                task_list=first.task_list, sheet="", row=1000 + n, title=f"任务{n}", pillar=first.pillar,
                due_kind="none",
            )
            for n in range(5000)
        )  # fmt: skip
        browser = as_(city.coordinator)
        with django_assert_max_num_queries(16):
            page = browser.get(reverse("task-timeline"), {"page": "40"}).content.decode()
        assert page.count('<svg class="gantt__svg"') == 50

    def test_an_empty_year_says_so(self, city: City, as_: SignIn) -> None:
        assert "还没有任务" in as_(city.coordinator).get(reverse("task-timeline")).content.decode()
