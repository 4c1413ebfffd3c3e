"""A task before it is stored: what a workbook or a form says, with units already found."""

from __future__ import annotations

from dataclasses import dataclass, field

from guantong.organisation.models import Unit
from guantong.tasks.scheduling import Due


@dataclass(frozen=True, slots=True)
class PartDraft:
    """A unit's part: ``part`` is one of obligations.choices.Part."""

    unit: Unit
    part: str
    wording: str


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """What was not understood: column, code, the text as written, and the sentence for the person."""

    column: str
    code: str
    text: str
    reason: str


@dataclass(slots=True)
class TaskDraft:
    sheet: str
    row: int
    title: str
    due: Due
    number: str = ""
    detail: str = ""
    category: str = ""
    section: list[str] = field(default_factory=list)
    lead_text: str = ""
    cooperating_text: str = ""
    note: str = ""
    parts: list[PartDraft] = field(default_factory=list)
    questions: list[QuestionDraft] = field(default_factory=list)
