"""The same work in two districts, in the same words, so that each could find the other's."""

from __future__ import annotations

import datetime as dt

from conftest import CONSOLE, City, at
from guantong.cases.operations import register_case
from guantong.leadership.models import Meeting
from guantong.obligations.choices import Part
from guantong.records.models import Record
from guantong.records.operations import enter_record
from guantong.search.following import reindex
from guantong.supervision.operations import matter_drafts, matters
from guantong.supervision.operations.matter_drafts import PartPlan, Terms
from guantong.tasks.drafts import PartDraft, TaskDraft
from guantong.tasks.operations import issue_task_list
from guantong.tasks.scheduling import Due

DAY = dt.date(2026, 3, 2)
DISTRICTS = ("150602", "150622")


def record_at(city: City, code: str, summary: str, **more: object) -> Record:
    """A record that the head of a unit entered."""
    seat = "first_responsible" if len(code) == 6 else "unit_head"
    return enter_record(
        kind="progress", happened_on=DAY, summary=summary, entered_by=city.office(code, seat), actor=CONSOLE,
        now=at(3, 2), today=DAY, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def play(city: City) -> None:
    """A record, a task, a matter, a meeting and a case in each of two districts; then the index."""
    for code in DISTRICTS:
        _play_at(city, code)
    reindex(now=at(3, 3))


def _play_at(city: City, code: str) -> None:
    unit, office = city.units[code], city.office("1506-LGO", "coordinator")
    record_at(city, code, f"{unit.name}召开民营企业座谈会，梳理困难诉求", references=["鄂党发〔2026〕12号"])
    issue_task_list(
        cycle=city.cycle, name=f"{unit.name}要点", file_name="t.xlsx", digest=f"{unit.pk:064d}", actor=CONSOLE,
        now=at(2, 1),
        drafts=[
            TaskDraft(
                sheet="1", row=1, title="办好民营企业座谈会", due=Due("due", (dt.date(2026, 11, 30),)),
                parts=[PartDraft(unit, Part.LEAD, unit.name)],
            )
        ],
    )  # fmt: skip
    matter = matter_drafts.draft_matter(
        cycle=city.cycle, terms=Terms("other", "落实座谈会议定事项", "check", "督查通报〔2026〕7号", due_on=dt.date(2026, 12, 1)),
        parts=[PartPlan(unit, Part.LEAD)], issued_by=office, actor=CONSOLE, now=at(3, 2),
    )  # fmt: skip
    matters.register_matter(matter=matter, actor=CONSOLE, now=at(3, 2))
    matters.dispatch_matter(matter=matter, actor=CONSOLE, now=at(3, 2))
    Meeting.objects.create(
        cycle=city.cycle, kind="symposium", unit=unit, title="民营企业座谈会", pillar="lead_meeting", day=DAY,
        called_by=city.office(code, "first_responsible"), minutes="会议强调，要随时约访、直接见面。",
    )  # fmt: skip
    register_case(
        cycle=city.cycle, unit=unit, kind="difficulty", channel="visit", wording="我家的用电增容被拖了", name="张三",
        contact="13800138000", title="座谈会上提出的用电问题", actor=CONSOLE, now=at(3, 2), received_on=DAY,
    )  # fmt: skip
