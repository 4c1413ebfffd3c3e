"""The duty report as a document: its sentences under their headings; each number opens to the sentence's rows."""

from __future__ import annotations

import re
from itertools import groupby

from guantong.documents.builtin.reports import duty_report as build
from guantong.documents.choices import Kind
from guantong.documents.content import Content, Field, Number, day
from guantong.documents.kinds.paper import AS_OF, DATE, SIGNER, TITLE, Paper
from guantong.reporting.duty_reports.drafting import SECTIONS
from guantong.reporting.duty_reports.queries import reports_visible_to
from guantong.reporting.models import DutyReport, Sentence

FIELDS = (
    TITLE, SIGNER, DATE, AS_OF,
    Field("sections", "各部分", (Field("numeral", "序号"), Field("name", "小标题"), Field("text", "内容")), must=True),
)  # fmt: skip
NUMERALS = "一二三四五六七八九十"
FIGURE = re.compile(r"\d+(?:\.\d+)?\s*(?:%|[项件个家次条起人天分场期名门]|学时|分钟)")


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
            "sections": [
                {
                    "numeral": NUMERALS[place % len(NUMERALS)],
                    "name": SECTIONS.get(name, name),
                    "text": "".join(each.text for each in rows),
                }
                for place, (name, rows) in enumerate(sections)
            ],
        },
        numbers=[number for each in sentences for number in _numbers(item, each)],
    )


def _numbers(item: DutyReport, sentence: Sentence) -> list[Number]:
    """Every figure of one sentence."""
    text = sentence.text
    return [
        Number(
            f"{sentence.key}_{place}"[:80],
            _around(text, found.start(), found.end()),
            found.group(),
            "duty-report-sources",
            (item.pk, sentence.pk),
        )
        for place, found in enumerate(FIGURE.finditer(text))
    ]


def _around(text: str, start: int, end: int) -> str:
    """The clause in which the figure stands."""
    begin = max((text.rfind(mark, 0, start) + 1 for mark in "，。；：、"), default=0)
    after = [place for mark in "，。；" if (place := text.find(mark, end)) >= 0]
    return text[begin : min(after, default=len(text))][:200]


PAPER = Paper(Kind.DUTY_REPORT, FIELDS, reports_visible_to, content, build, "duty-report")
