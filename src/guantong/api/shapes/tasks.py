"""Tasks with their steps and the parts of the units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from guantong.api.shapes.common import UnitRef
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


@dataclass(frozen=True, slots=True)
class FullTask(Task):
    """A task with its steps and the parts of the units."""

    milestones: list[Milestone]
    assignments: list[Assignment]
