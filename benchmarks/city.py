"""A city of the size that the design speaks of, skewed as real data is, written in bulk.

2,189 units, 13,735 duty items, 36,580 leaf tasks, 111,710 records: 20 % of the townships make 60 % of the work.
"""

from __future__ import annotations

import datetime as dt
import random

from django.utils import timezone

from guantong.accounts.acting import Console
from guantong.accounts.choices import Role
from guantong.accounts.models import Office, Person
from guantong.accounts.operations import hold_office, open_office
from guantong.duties.models import DutyItem, DutyList, ListState, Signature
from guantong.duties.operations import open_cycle
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.operations import read_valid_package
from guantong.obligations.choices import Light, Part, Source, State
from guantong.obligations.models import Claim, Obligation
from guantong.organisation.models import Unit, step_of
from guantong.records.models import Participation, Record
from guantong.reporting.tallies import recount
from guantong.tasks.models import Assignment, Task, TaskList

UNITS, ITEMS, TASKS, RECORDS = 2_189, 13_735, 36_580, 111_710
DAY = dt.date(2026, 9, 15)
NOW = dt.datetime(2026, 9, 15, 9, tzinfo=dt.UTC)
ACTOR = Console("benchmark")
PILLARS = ("lead_study", "lead_meeting", "lead_contact", "link_duty", "link_task", "base_staff", "base_home")


def _units() -> Unit:
    """A city, 9 districts, 180 townships, 40 member units, and villages up to the size."""
    made: list[Unit] = []

    def add(code: str, name: str, kind: str, level: str, parent: Unit | None, number: int) -> Unit:
        path = (parent.path if parent else "") + step_of(number)
        unit = Unit(
            pk=len(made) + 1,
            code=code,
            name=name,
            kind=kind,
            level=level,
            parent_id=parent.pk if parent else None,
            path=path,
            depth=parent.depth + 1 if parent else 0,
        )
        made.append(unit)
        return unit

    city = add("9901", "某市", "territory", "city", None, 1)
    add("9901-LG", "领导小组", "leading_group", "city", city, 900)
    add("9901-LGO", "领导小组办公室", "group_office", "city", city, 901)
    for number in range(40):
        add(f"9901-MU-{number:02}", f"成员单位{number}", "member_unit", "city", city, 1000 + number)
    townships = []
    for district in range(9):
        county = add(f"9901{district + 10}", f"旗区{district}", "territory", "county", city, district + 1)
        for number in range(20):
            townships.append(
                add(
                    f"9901{district + 10}{number + 100}",
                    f"乡镇{district}-{number}",
                    "territory",
                    "township",
                    county,
                    number + 1,
                )
            )
    number = 0
    while len(made) < UNITS:
        township = townships[number % len(townships)]
        order = number // len(townships) + 1
        add(f"{township.code}{order:03}", f"村{number}", "territory", "village", township, order)
        number += 1
    Unit.objects.bulk_create(made, batch_size=1000)
    return city


def build() -> tuple[Cycle, Unit]:
    """Fill an empty database; returns the cycle and the city. Takes about a minute on SQLite."""
    chooser = random.Random(20260915)  # noqa: S311 - repeatable
    city = _units()
    cycle = open_cycle(
        package=read_valid_package("three-threes"), unit=city, year=2026, actor=ACTOR, now=NOW
    ).cycle
    _pad_items(cycle)
    offices = list(Office.objects.select_related("unit").order_by("pk"))
    chosen, weights = _skewed(offices)
    obligations = _obligations(cycle, chosen, weights, chooser)
    _records(obligations, chooser)
    group_office = Unit.objects.get(code="9901-LGO")
    office = open_office(
        unit=group_office,
        seat="coordinator",
        title="办公室主任",
        role=Role.COORDINATOR,
        scope=city,
        actor=ACTOR,
        now=NOW,
    )
    person = Person.objects.create_person(sign_in="bench", password=None, display_name="办公室主任")
    hold_office(person=person, office=office, starts_on=dt.date(2026, 1, 1), actor=ACTOR, now=NOW)
    worker = Person.objects.create_person(sign_in="bench-unit", password=None, display_name="成员单位")
    head = Office.objects.get(unit__code="9901-MU-00", seat="unit_head")
    hold_office(person=worker, office=head, starts_on=dt.date(2026, 1, 1), actor=ACTOR, now=NOW)
    recount(cycle, on=DAY, now=NOW)
    return cycle, city


def _pad_items(cycle: Cycle) -> None:
    """Bring the duty items to the size asked for, and sign every list."""
    lists = list(DutyList.objects.filter(cycle=cycle).order_by("pk"))
    missing = ITEMS - DutyItem.objects.count()
    sample = {item.duty_list_id: item for item in DutyItem.objects.order_by("pk")}
    extra = []
    for number in range(max(missing, 0)):
        base = sample[lists[number % len(lists)].pk]
        extra.append(
            DutyItem(
                duty_list_id=base.duty_list_id,
                office_id=base.office_id,
                duty=f"E{number // len(lists)}",
                pillar=base.pillar,
                text_zh="其他职责",
                times=1,
                minutes=5,
            )
        )
    DutyItem.objects.bulk_create(extra, batch_size=1000)
    DutyList.objects.filter(cycle=cycle).update(state=ListState.SIGNED)
    Signature.objects.bulk_create(
        (Signature(duty_list=each, signed_at=NOW, signed_on=dt.date(2026, 2, 10)) for each in lists),
        batch_size=1000,
    )


def _skewed(offices: list[Office]) -> tuple[list[Office], list[float]]:
    """One fifth of the offices draw three fifths of the work."""
    rich = len(offices) // 5
    return offices, [3.0 / rich if at < rich else 2.0 / (len(offices) - rich) for at in range(len(offices))]


def _obligations(
    cycle: Cycle, offices: list[Office], weights: list[float], chooser: random.Random
) -> list[Obligation]:
    task_list = TaskList.objects.create(
        cycle=cycle, name="基准", file_name="bench", digest="0" * 64, imported_at=NOW
    )
    tasks = [
        Task(
            task_list=task_list,
            sheet="1",
            row=row,
            title=f"重点任务{row}",
            pillar="link_task",
            due_kind="due",
        )
        for row in range(1, TASKS // 20 + 1)
    ]
    Task.objects.bulk_create(tasks, batch_size=1000)
    units = list({office.unit_id: office for office in offices}.values())
    parts, taken = [], set()
    while len(parts) < TASKS:
        office, task = chooser.choice(units), chooser.choice(tasks)
        if (office.unit_id, task.pk) in taken:
            continue
        taken.add((office.unit_id, task.pk))
        parts.append((Assignment(task=task, unit_id=office.unit_id, part=Part.IMPLEMENTING), office, task))
    Assignment.objects.bulk_create((part for part, _office, _task in parts), batch_size=2000)
    made = [
        _obligation(cycle, office, Source.TASK, part.pk, "link_task", task.title, chooser)
        for part, office, task in parts
    ]
    for number in range(RECORDS - TASKS):
        office = chooser.choices(offices, weights)[0]
        made.append(
            _obligation(cycle, office, Source.DUTY, number + 1, chooser.choice(PILLARS), "例行职责", chooser)
        )
    return Obligation.objects.bulk_create(made, batch_size=2000)


def _obligation(
    cycle: Cycle, office: Office, source: str, ref: int, pillar: str, title: str, chooser: random.Random
) -> Obligation:
    due = dt.date(2026, 1, 15) + dt.timedelta(days=chooser.randint(0, 340))
    light, state = Light.GREEN, State.OPEN
    if due <= DAY:
        luck = chooser.random()
        state = State.FULFILLED if luck < 0.9 else State.OPEN
        light = Light.GREEN if luck < 0.9 else Light.RED
    elif (due - DAY).days < 7:
        light = Light.BLUE
    return Obligation(
        cycle=cycle,
        unit_id=office.unit_id,
        unit_path=office.unit.path,
        office=office,
        pillar=pillar,
        source=source,
        source_ref=ref,
        rule="bench",
        title=title,
        evidence=["statement"],
        starts_on=min(dt.date(2026, 1, 1), due),
        due_on=due,
        original_due_on=due,
        state=state,
        light=light,
        claimed_on=due if state == State.FULFILLED else None,
        settled_on=due if state == State.FULFILLED else None,
        relight_on=None,
    )


def _records(obligations: list[Obligation], chooser: random.Random) -> None:
    records = [
        Record(
            kind="progress",
            happened_on=each.due_on or DAY,
            summary="按要求完成",
            unit_id=each.unit_id,
            entered_by_id=each.office_id,
            entered_at=NOW,
        )
        for each in obligations[:RECORDS]
    ]
    Record.objects.bulk_create(records, batch_size=2000)
    Participation.objects.bulk_create(
        (Participation(record=each, office_id=each.entered_by_id) for each in records), batch_size=2000
    )
    Claim.objects.bulk_create(
        (
            Claim(obligation=each, record=record, claimed_by_id=each.office_id, claimed_at=timezone.now())
            for each, record in zip(obligations, records, strict=False)
            if each.state == State.FULFILLED
        ),
        batch_size=2000,
    )
