"""One object of every kind on the small city, and short words for reading a document back."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document as Docx

from conftest import CONSOLE, City, at
from guantong.accounts.acting import Actor
from guantong.assessment.models import Publication, Score
from guantong.assessment.operations import ask_publication, run_scores
from guantong.documents.kinds import PAPERS
from guantong.documents.layout.settling import repacked
from guantong.documents.models import Document
from guantong.documents.operations import issue_document
from guantong.leadership.models import Meeting
from guantong.obligations.choices import Part
from guantong.reception.models import ReceptionDay, Slot
from guantong.records.files import content_of
from guantong.reporting.duty_reports.operations import draft_report
from guantong.reporting.models import DutyReport
from guantong.supervision.models import Circular, Matter
from guantong.supervision.operations import matter_drafts, matters
from guantong.supervision.operations.circulars import draft_circular, issue_circular
from guantong.supervision.operations.matter_drafts import PartPlan, Terms

NOW = at(7, 1)
DAY = dt.date(2026, 7, 1)


def circular(city: City, *, issued: bool = True) -> Circular:
    made = draft_circular(
        cycle=city.cycle, unit=city.units["1506"], as_of=DAY, actor=city.coordinator, now=NOW
    )
    return issue_circular(circular=made, actor=city.coordinator, now=NOW) if issued else made


def matter(city: City, *codes: str) -> Matter:
    """Handed out to units, the first in the lead."""
    parts = [
        PartPlan(city.units[code], Part.COOPERATING if place else Part.LEAD)
        for place, code in enumerate(codes or ("1506-MU-01", "150602"))
    ]
    made = matter_drafts.draft_matter(
        cycle=city.cycle,
        terms=Terms("other", "清理拖欠企业账款", "check", "督查通报", due_on=dt.date(2026, 12, 1)),
        parts=parts,
        issued_by=city.office("1506-LGO", "coordinator"),
        actor=CONSOLE,
        now=NOW,
    )
    matters.register_matter(matter=made, actor=CONSOLE, now=NOW)
    matters.dispatch_matter(matter=made, actor=CONSOLE, now=NOW)
    made.refresh_from_db()
    return made


def duty_report(city: City) -> DutyReport:
    office = city.office("1506-LG", "leader", 1)
    return draft_report(office=office, cycle=city.cycle, as_of=DAY, actor=CONSOLE, now=NOW)


def minuted(city: City) -> Meeting:
    from guantong.leadership.operations.minutes import add_line, write_minutes
    from leadership.meeting_cast import district, held, leader, office_of

    meeting = held(city, leader(city), district(city))
    write_minutes(
        meeting=meeting, text="会议听取了汇报。\n会议强调要抓紧办理。", minuted_by=office_of(city.coordinator),
        actor=city.coordinator, now=at(3, 12),
    )  # fmt: skip
    add_line(
        meeting=meeting, kind="decision", wording="逐户核对欠款台账", actor=city.coordinator, now=at(3, 12),
        lead=city.units["1506-MU-01"], due_on=dt.date(2026, 4, 5),
    )  # fmt: skip
    meeting.refresh_from_db()
    return meeting


def reception_day(city: City, number: int = 1, day: int = 15, **changes: Any) -> ReceptionDay:
    host = city.office("1506-LG", "leader", number)
    made = ReceptionDay.objects.create(**{
        "cycle": city.cycle, "rule": "R01", "host": host, "day": dt.date(2026, 9, day), "planned_on": dt.date(2026, 9, day),
        "starts_at": dt.time(9), "ends_at": dt.time(11, 30), "place": "市民服务中心一楼", "portfolio": "城乡建设",
        "published_at": NOW,
    } | changes)  # fmt: skip
    Slot.objects.create(day=made, starts_at=dt.time(9), ends_at=dt.time(10), capacity=4)
    Slot.objects.create(day=made, starts_at=dt.time(10), ends_at=dt.time(11), capacity=3)
    return made


def score(city: City, code: str = "1506-MU-01", *, published: bool = True) -> Score:
    run = run_scores(cycle=city.cycle, as_of=DAY, actor=CONSOLE, now=NOW)
    if published:
        asked = ask_publication(run=run, reason="年中", actor=CONSOLE, now=NOW)
        asked.granted = True
        asked.save()
        Publication.objects.create(run=run, approval=asked, published_at=NOW)
    return Score.objects.get(run=run, unit__code=code, office=None)


def made_of(kind: str, city: City) -> Any:
    """An object of which there is a document of this kind."""
    makers: dict[str, Any] = {
        "circular": circular,
        "supervision_letter": matter,
        "duty_report": duty_report,
        "duty_book": lambda city: city.list_of("1506-MU-01"),
        "minutes": minuted,
        "reception_notice": reception_day,
        "score_sheet": score,
        "result_notice": score,
    }
    return makers[kind](city)


def issued(
    kind: str, item: Any, *, copy: str = "internal", actor: Actor = CONSOLE, now: dt.datetime = NOW
) -> Document:
    return issue_document(paper=PAPERS[kind], item=item, copy=copy, actor=actor, now=now)


def read(document: Document) -> Docx:
    return opened(content_of(document.file))


def opened(content: bytes) -> Docx:
    return docx.Document(io.BytesIO(content))


def words(page: Docx) -> str:
    """Everything that stands on the paper, tables too."""
    cells = [cell.text for table in page.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in page.paragraphs), *cells])


def styled(page: Docx, style: str) -> Sequence[Any]:
    return [each for each in page.paragraphs if each.style is not None and each.style.name == style]


def template_saying(*lines: str) -> bytes:
    """A template with these paragraphs and nothing else."""
    page = docx.Document()
    for line in lines:
        page.add_paragraph(line)
    out = io.BytesIO()
    page.save(out)
    return repacked(out.getvalue())
