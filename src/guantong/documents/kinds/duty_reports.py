"""The duty report as a document: its sentences under their headings; each number opens to the sentence's rows."""

from __future__ import annotations

from itertools import groupby

from guantong.documents.builtin.reports import duty_report as build
from guantong.documents.choices import Kind
from guantong.documents.content import Content, Field, day
from guantong.documents.kinds.figures import figures_in
from guantong.documents.kinds.paper import AS_OF, DATE, SIGNER, TITLE, Paper
from guantong.reporting.duty_reports.drafting import SECTIONS
from guantong.reporting.duty_reports.queries import reports_visible_to
from guantong.reporting.models import DutyReport

FIELDS = (
    TITLE,
    SIGNER,
    DATE,
    AS_OF,
    Field("state", "提交状态", eg="草稿", is_optional=True),
    Field(
        "sections",
        "各部分",
        (
            Field("numeral", "序号", eg="一"),
            Field("name", "小标题", eg="履行职责情况"),
            Field("text", "内容", eg="本年度到期职责和任务34项，已完成30项，其中按期完成28项", is_free=True),
        ),
        must=True,
    ),
)
NUMERALS = "一二三四五六七八九十"


def content(item: DutyReport) -> Content:
    order = {name: place for place, name in enumerate(SECTIONS)}
    sentences = [each for each in item.sentences.all() if each.text]
    sentences.sort(key=lambda each: (order.get(each.section, 99), each.order, each.pk))
    sections = [(name, list(rows)) for name, rows in groupby(sentences, key=lambda each: each.section)]
    title = f"{item.cycle.year}年度述职报告"
    return Content(
        title=f"{item.office.title}{title}",
        unit=item.office.unit,
        cycle=item.cycle,
        values={
            "title": title,
            "signer": item.office.title,
            "date": day(item.as_of),
            "as_of": day(item.as_of),
            "state": "" if item.submitted_at else "草稿",
            "sections": [
                {
                    "numeral": NUMERALS[place % len(NUMERALS)],
                    "name": SECTIONS.get(name, name),
                    "text": "".join(each.text for each in rows),
                }
                for place, (name, rows) in enumerate(sections)
            ],
        },
        numbers=[
            number
            for each in sentences
            for number in figures_in(each.text, each.key, "duty-report-sources", (item.pk, each.pk))
        ],
    )


PAPER = Paper(Kind.DUTY_REPORT, FIELDS, reports_visible_to, content, build, "duty-report")
