"""Official documents of the demonstration year: some of every kind, copies for the public, and an edited template."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterator
from typing import Any

import docx
from django.utils import timezone

from guantong.accounts.acting import Actor, Console
from guantong.accounts.models import Holding, Office
from guantong.assessment.queries import published_run
from guantong.config.demo.findings import acting_of
from guantong.documents.choices import Copy, Kind
from guantong.documents.kinds import PAPERS
from guantong.documents.models import Document
from guantong.documents.operations import issue_document, upload_template
from guantong.documents.operations.issuing import why_not
from guantong.duties.models import DutyList, ListState
from guantong.leadership.models import Meeting
from guantong.mechanisms.models import Cycle
from guantong.reception.models import ReceptionDay
from guantong.reporting.duty_reports.operations import draft_report
from guantong.supervision.models import Circular, Matter

ACTOR = Console("load-demo")
EACH = 2  # documents of a kind
VISITED = ("1506-MU-04", "150622")  # the units of the demonstration accounts
NOTE = "（此件发至各旗区、各成员单位）"


def play_documents(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> dict[str, int]:
    """A few papers of each kind, the first with its copy for the public; one circular again in an edited template."""
    office: Actor = acting_of(cycle, "coordinator", now) or ACTOR
    for kind, items in _objects(cycle, now).items():
        paper, made = PAPERS[kind], 0
        for item in items:
            if why_not(paper, item, Copy.INTERNAL) or made == EACH:
                continue
            issue_document(paper=paper, item=item, copy=Copy.INTERNAL, actor=office, now=now)
            if made == 0 and not why_not(paper, item, Copy.PUBLIC):
                issue_document(paper=paper, item=item, copy=Copy.PUBLIC, actor=office, now=now)
            made += 1
    _edited_template(cycle, office, now)
    return {"documents": Document.objects.filter(cycle=cycle).count()}


def _objects(cycle: Cycle, now: dt.datetime) -> dict[str, Iterator[Any]]:
    """The objects of each kind in the order in which papers are made of them: visitors' units first."""
    lists = DutyList.objects.filter(cycle=cycle, state=ListState.SIGNED, unit__code__in=VISITED)
    run = published_run(cycle)
    scores = run.scores.filter(unit__code__in=VISITED, office=None) if run else ()
    return {
        Kind.CIRCULAR: _rows(Circular.objects.filter(cycle=cycle, number__isnull=False)),
        Kind.SUPERVISION_LETTER: _rows(Matter.objects.filter(cycle=cycle, number__isnull=False)),
        Kind.DUTY_BOOK: _rows(lists),
        Kind.MINUTES: _rows(Meeting.objects.filter(cycle=cycle)),
        Kind.RECEPTION_NOTICE: _rows(ReceptionDay.objects.filter(cycle=cycle)),
        Kind.SCORE_SHEET: iter(scores),
        Kind.RESULT_NOTICE: iter(scores),
        Kind.DUTY_REPORT: _report(cycle, now),
    }


def _rows(found: Any) -> Iterator[Any]:
    return iter(found.order_by("pk"))


def _report(cycle: Cycle, now: dt.datetime) -> Iterator[Any]:
    """A draft of a leader other than the demonstration account, which is left for the visitor to draft."""
    leaders = Office.objects.filter(seat="leader", unit__path__startswith=cycle.unit.path).order_by("number")
    holding = Holding.objects.filter(office__in=leaders[1:2]).select_related("office__unit").first()
    if holding:
        yield draft_report(
            office=holding.office, cycle=cycle, as_of=timezone.localdate(now), actor=ACTOR, now=now
        )


def _edited_template(cycle: Cycle, office: Actor, now: dt.datetime) -> None:
    """The built-in circular with a note under its date, as an office would write it in Word; used from now on."""
    paper = PAPERS[Kind.CIRCULAR]
    page = docx.Document(io.BytesIO(paper.builtin))
    [date] = [each for each in page.paragraphs if each.style is not None and each.style.name == "成文日期"]
    note = page.add_paragraph(NOTE, style=page.styles["公文正文"])
    date._p.addnext(note._p)
    edited = io.BytesIO()
    page.save(edited)
    edited.seek(0)
    upload_template(
        kind=Kind.CIRCULAR, unit=cycle.unit, name="通报模板（加附注）.docx", source=edited, actor=office, now=now
    )  # fmt: skip
    circular = Circular.objects.filter(cycle=cycle, number__isnull=False).order_by("pk").first()
    if circular:
        issue_document(paper=paper, item=circular, copy=Copy.INTERNAL, actor=office, now=now)
