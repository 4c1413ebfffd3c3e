"""Tasks with their steps and the parts of the units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from guantong.api.shapes.common import Id, UnitRef
from guantong.api.shapes.terms import Amount, Number, Several, Text
from guantong.api.shapes.work import Part

TaskForm = Literal["list", "project", "programme"]


@dataclass(frozen=True, slots=True)
class Task:
    id: int
    cycle: int
    number: str
    title: str
    detail: str
    category: str
    pillar: str
    form: TaskForm
    due_text: str


@dataclass(frozen=True, slots=True)
class Milestone:
    starts_on: dt.date
    due_on: dt.date
    goal: str


@dataclass(frozen=True, slots=True)
class Assignment:
    id: int
    unit: UnitRef
    part: Part
    parent: int | None
    wording: str
    due_on: dt.date | None
    target: Decimal | None
    target_unit: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something in the task that a person must decide; nothing is guessed."""

    id: int
    column: str
    text: str
    reason: str
    blocking: bool
    answer: str
    answered_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class FullTask(Task):
    """A task with its steps, the parts of the units, and what is open in it."""

    milestones: list[Milestone]
    assignments: list[Assignment]
    questions: list[Question]


@dataclass(frozen=True, slots=True)
class NewMilestone:
    """A dated step."""

    due_on: dt.date
    goal: Annotated[str, Text(1, 300)]


@dataclass(frozen=True, slots=True)
class NewSplit:
    """The unit's part passed on to units below it; what is left out is asked as it was asked of the unit itself."""

    assignment: Id
    units: Annotated[list[Id], Several(100)]
    wording: Annotated[str, Text(most=500)] = ""
    due_on: dt.date | None = None
    target: Annotated[Decimal, Amount()] | None = None
    target_unit: Annotated[str, Text(most=40)] = ""
    report_days: Annotated[int, Number(7, 366)] | None = None
    reason: Annotated[str, Text(most=500)] = ""


@dataclass(frozen=True, slots=True)
class NewQuestionAnswer:
    """``date`` with ``due_on``, ``unit`` with the code or name of one, or ``aside`` with a reason."""

    question: Id
    act: Literal["date", "unit", "aside"]
    due_on: dt.date | None = None
    unit: Annotated[str, Text(most=100)] = ""
    part: Literal["lead", "cooperating"] = "cooperating"
    reason: Annotated[str, Text(most=500)] = ""
