"""A part of a task is passed on, on the same terms or tighter ones – and where they are tighter both ends see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit
from guantong.tasks.drafts import PartDraft, TaskDraft
from guantong.tasks.models import Assignment, Task
from guantong.tasks.operations import add_milestone, issue_task_list
from guantong.tasks.scheduling import Due
from guantong.tasks.splitting import SplitTerms, split_assignment
from guantong.tasks.tightening import tightening_of

DISTRICT, TOWN, OTHER_TOWN, VILLAGE = "150602", "150602001", "150622100", "150602001001"
QUARTERS = tuple(dt.date(2026, month, day) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)))


def issued(city: City, *dates: dt.date) -> Task:
    """A task of the district with these steps; one at the end of October where none are given."""
    days = dates or (dt.date(2026, 10, 31),)
    draft = TaskDraft(
        sheet="1", row=2, title="建成同心之家", due=Due("milestones", days),
        parts=[PartDraft(city.units[DISTRICT], "lead", ""), PartDraft(city.units["150622"], "cooperating", "")],
    )  # fmt: skip
    made = issue_task_list(
        cycle=city.cycle, name="工作要点", file_name="t.xlsx", digest="d" * 64, drafts=[draft], actor=CONSOLE,
        now=at(1, 20),
    )  # fmt: skip
    return made.tasks.get()


def part_of(task: Task, code: str) -> Assignment:
    return Assignment.objects.select_related("unit", "parent__unit", "parent__parent").get(
        task=task, unit__code=code
    )


def district(city: City) -> Acting:
    return city.acting(DISTRICT, "first_responsible")


def split(
    city: City, task: Task, *codes: str, of: str = DISTRICT, actor: Any = None, month: int = 3, **terms: Any
) -> list[Assignment]:
    return split_assignment(
        assignment=part_of(task, of), units=[city.units[code] for code in codes or (TOWN,)],
        terms=SplitTerms(**terms), actor=actor or district(city), now=at(month, 2),
    )  # fmt: skip


def owed_days(task: Task, code: str) -> list[dt.date | None]:
    rows = Obligation.objects.filter(rule=f"task:{task.pk}", unit__code=code).order_by("due_on")
    return list(rows.values_list("due_on", flat=True))


def told(task: Task, code: str) -> list[str]:
    days = list(task.milestones.values_list("due_on", flat=True))
    return [str(each.sentence) for each in tightening_of(part_of(task, code), days)]


class TestSplit:
    def test_without_terms_the_part_below_owes_the_task_s_own_steps(self, city: City) -> None:
        task = issued(city, *QUARTERS)
        split(city, task)
        assert owed_days(task, TOWN) == owed_days(task, DISTRICT) == list(QUARTERS)
        assert told(task, TOWN) == []
        assert verify_log().faults == []

    def test_an_earlier_day_takes_the_place_of_the_last_step_and_of_those_after_it(self, city: City) -> None:
        task = issued(city, *QUARTERS)
        split(city, task, due_on=dt.date(2026, 8, 31))
        assert owed_days(task, TOWN) == [*QUARTERS[:2], dt.date(2026, 8, 31)]
        assert owed_days(task, DISTRICT) == list(QUARTERS)
        assert told(task, TOWN) == ["期限比上一级早 122 天：2026-12-31 → 2026-08-31。"]

    def test_a_later_day_is_asked_with_a_reason_and_is_no_tightening(self, city: City) -> None:
        task = issued(city)
        with pytest.raises(Refusal, match="晚于本单位的期限 2026-10-31"):
            split(city, task, due_on=dt.date(2026, 11, 30))
        assert not Assignment.objects.filter(parent__isnull=False).exists()
        [part] = split(city, task, due_on=dt.date(2026, 11, 30), reason="场地十月底才交付")
        assert (owed_days(task, TOWN), told(task, TOWN)) == ([dt.date(2026, 11, 30)], [])
        assert part.reason == "场地十月底才交付"

    def test_the_same_day_is_no_day_of_its_own_so_later_steps_reach_it(self, city: City) -> None:
        task = issued(city)
        [part] = split(city, task, due_on=dt.date(2026, 10, 31))
        assert part.due_on is None
        add_milestone(task=task, due_on=dt.date(2026, 12, 1), goal="验收", actor=CONSOLE, now=at(4, 1))
        assert owed_days(task, TOWN) == [dt.date(2026, 10, 31), dt.date(2026, 12, 1)]

    def test_a_step_added_later_is_owed_once_and_only_up_to_the_part_s_own_day(self, city: City) -> None:
        task = issued(city, *QUARTERS)
        split(city, task, due_on=dt.date(2026, 8, 31))
        for month in (5, 11):
            add_milestone(
                task=task, due_on=dt.date(2026, month, 15), goal="中间检查", actor=CONSOLE, now=at(4, 1)
            )
        days = [QUARTERS[0], dt.date(2026, 5, 15), QUARTERS[1], dt.date(2026, 8, 31)]
        assert owed_days(task, TOWN) == days

    def test_reports_every_so_many_days_are_owed_up_to_the_last_step(self, city: City) -> None:
        task = issued(city, dt.date(2026, 6, 30))
        split(city, task, report_days=30)
        reports = [dt.date(2026, 4, 1), dt.date(2026, 5, 1), dt.date(2026, 5, 31)]
        assert owed_days(task, TOWN) == [*reports, dt.date(2026, 6, 30)]
        kinds = Obligation.objects.filter(unit__code=TOWN, rule=f"task:{task.pk}").order_by("due_on")
        assert [each.evidence for each in kinds] == [["progress_line"]] * 3 + [["statement"]]
        assert str(kinds[0]).endswith("2026-04-01 进展")
        assert told(task, TOWN) == ["上一级不要求定期报告，这一级每 30 天一次。"]

    def test_steps_of_the_task_count_as_reports_asked_above(self, city: City) -> None:
        task = issued(city, *QUARTERS)
        split(city, task, report_days=100)
        split(
            city,
            task,
            OTHER_TOWN,
            of="150622",
            actor=city.acting("150622", "first_responsible"),
            report_days=30,
        )
        assert told(task, TOWN) == []
        assert told(task, OTHER_TOWN) == ["报告比上一级频繁：每 91 天 → 每 30 天一次。"]

    def test_a_target_is_held_against_the_split_above_it_not_against_the_words_of_the_list(
        self, city: City
    ) -> None:
        task = issued(city)
        split(city, task, target=Decimal(5), target_unit="个")
        town = city.acting(TOWN, "commissioner")
        assert told(task, TOWN) == []
        below = split(city, task, VILLAGE, of=TOWN, actor=CONSOLE, target=Decimal(8), target_unit="个")
        assert town.office is not None
        assert [each.target for each in below] == [Decimal(8)]
        assert told(task, VILLAGE) == ["目标比上一级高：5个 → 8个。"]

    def test_what_was_tightened_is_passed_on_as_it_is(self, city: City) -> None:
        task = issued(city)
        split(city, task, due_on=dt.date(2026, 9, 30), report_days=60)
        [village] = split(city, task, VILLAGE, of=TOWN, actor=CONSOLE)
        assert (village.due_on, village.report_days) == (dt.date(2026, 9, 30), 60)
        assert told(task, VILLAGE) == []

    @pytest.mark.parametrize(
        ("terms", "why"),
        [
            ({"due_on": dt.date(2026, 3, 1)}, "今天以后"),
            ({"due_on": dt.date(2027, 1, 1), "reason": "…"}, "2026 年度以内"),
            ({"report_days": 6}, "最密每 7 天"),
            ({"target": Decimal(-1)}, "不能是负数"),
        ],
    )
    def test_terms_that_cannot_be_are_refused(self, city: City, terms: dict[str, Any], why: str) -> None:
        task = issued(city)
        with pytest.raises(Refusal, match=why):
            split(city, task, **terms)
        assert not Assignment.objects.filter(parent__isnull=False).exists()

    def test_a_task_without_a_day_takes_none_below(self, city: City) -> None:
        task = issued(city)
        task.milestones.all().delete()
        with pytest.raises(Refusal, match="还没有确定期限"):
            split(city, task, due_on=dt.date(2026, 9, 30))

    def test_only_its_own_unit_s_head_to_units_below_and_each_once(self, city: City) -> None:
        task = issued(city)
        for codes, actor, why in (
            ((TOWN,), city.head, "负责人可以分解"),
            ((), None, "至少选择"),
            ((OTHER_TOWN,), None, "不是本单位的下级"),
            ((DISTRICT,), None, "不是本单位的下级"),
        ):
            with pytest.raises(Refusal, match=why):
                split_assignment(
                    assignment=part_of(task, DISTRICT), units=_units(city, codes), actor=actor or district(city),
                    now=at(3, 2),
                )  # fmt: skip
        split(city, task)
        with pytest.raises(Refusal, match="已经承担"):
            split(city, task)

    def test_the_log_says_what_was_asked(self, city: City) -> None:
        split(
            city,
            issued(city),
            due_on=dt.date(2026, 9, 30),
            target=Decimal(5),
            target_unit="个",
            report_days=30,
        )
        payload = AuditEntry.objects.get(verb="tasks.split").payload
        assert all(each in payload for each in ('"due_on":"2026-09-30"', '"target":"5"', '"report_days":30'))
        assert verify_log().faults == []


def _units(city: City, codes: Sequence[str]) -> list[Unit]:
    return [city.units[code] for code in codes]


class TestPage:
    def test_tightening_is_seen_at_both_ends_and_by_nobody_beside(self, city: City, as_: SignIn) -> None:
        task = issued(city)
        split(city, task, due_on=dt.date(2026, 9, 30))
        address = reverse("task", args=[task.pk])
        for acting, seen in (
            (city.coordinator, True),
            (district(city), True),
            (city.acting(TOWN, "commissioner"), True),
            (city.acting("150622", "first_responsible"), False),
        ):
            answer = as_(acting).get(address)
            assert answer.status_code == 200
            assert ("期限比上一级早 31 天" in answer.content.decode()) is seen

    def test_the_same_for_several_units_is_said_once(self, city: City, as_: SignIn) -> None:
        task = issued(city)
        split(city, task, TOWN, VILLAGE, due_on=dt.date(2026, 9, 30))
        [said] = as_(city.coordinator).get(reverse("task", args=[task.pk])).context["tightened"]
        assert said["units"] == "交通街道、联丰社区"

    def test_terms_are_typed_where_the_task_is_split_and_the_own_day_stands_there(
        self, city: City, as_: SignIn
    ) -> None:
        task = issued(city, dt.date(city.cycle.year, 12, 30))
        client, part = as_(district(city)), part_of(task, DISTRICT)
        form = client.get(reverse("task", args=[task.pk])).context["split_form"]
        assert form.initial["due_on"] == dt.date(city.cycle.year, 12, 30)
        words = {"units": [city.units[TOWN].pk], "due_on": "2026-12-30", "target": "3", "target_unit": "个",
                 "wording": "建成三个", "report_days": "", "reason": ""}  # fmt: skip
        assert client.post(reverse("splits", args=[part.pk]), words).status_code == 302
        made = part_of(task, TOWN)
        assert (made.due_on, made.target, made.target_unit, made.wording) == (
            None,
            Decimal(3),
            "个",
            "建成三个",
        )
        assert client.post(reverse("splits", args=[part.pk]), words).status_code == 422
        shown = as_(city.coordinator).get(reverse("task", args=[task.pk])).content.decode()
        assert "目标 3个" in shown

    def test_the_number_of_queries_does_not_grow_with_the_parts(
        self, city: City, as_: SignIn, django_assert_max_num_queries: Any
    ) -> None:
        task = issued(city, *QUARTERS)
        split(city, task, TOWN, VILLAGE, "150602001002", due_on=dt.date(2026, 9, 30))
        client = as_(city.coordinator)
        client.get(reverse("task", args=[task.pk]))
        with django_assert_max_num_queries(22):
            client.get(reverse("task", args=[task.pk]))
