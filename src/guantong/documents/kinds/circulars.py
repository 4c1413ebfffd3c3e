"""The circular as a document: its paragraphs with the figures filled in, each figure with the page of its rows."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.documents.builtin.letters import circular as build
from guantong.documents.choices import Kind
from guantong.documents.content import Content, Field, Number, day
from guantong.documents.kinds.paper import AS_OF, DATE, MARK, NUMBER, SIGNER, TITLE, TO, Paper
from guantong.documents.layout.titles import broken
from guantong.supervision.mending import filled, keys_in
from guantong.supervision.models import Circular
from guantong.supervision.operations.circulars import number_of, paragraphs_of
from guantong.supervision.queries.circulars import circulars_visible_to

FIELDS = (
    TITLE,
    NUMBER,
    MARK,
    TO,
    SIGNER,
    DATE,
    AS_OF,
    Field(
        "paragraphs",
        "正文",
        (
            Field(
                "text",
                "段落",
                eg="截至2026年11月30日，应完成事项1234项，已完成1108项，完成率89.8%。",
                is_free=True,
            ),
        ),
        must=True,
    ),
)


def content(item: Circular) -> Content:
    figures = {each.key: each for each in item.figures.all()}
    values = {key: each.value for key, each in figures.items()}
    office = item.issued_by or item.drafted_by
    by = office.unit.name if office else item.unit.name
    paragraphs = [each for each in paragraphs_of(item) if each["text"]]
    date = timezone.localdate(item.issued_at) if item.issued_at else item.as_of
    return Content(
        title=item.title,
        unit=item.unit,
        cycle=item.cycle,
        reference=number_of(item),
        values={
            "title": broken(item.title),
            "number": number_of(item) or "（送审稿）",
            "mark": f"{by}文件",
            "to": "各旗区、各成员单位" if item.unit_id == item.cycle.unit_id else "各有关单位",
            "signer": by,
            "date": day(date),
            "as_of": day(item.as_of),
            "paragraphs": [{"text": filled(each["text"], values)} for each in paragraphs],
        },
        numbers=[
            Number(key, figures[key].label, figures[key].value, "circular-figure", (item.pk, key))
            for key in keys_in(paragraphs)
            if key in figures
        ],
    )


def against_public(item: Circular) -> str:
    return "" if item.number else _("通报印发以后才有公开用的一份。")


PAPER = Paper(
    Kind.CIRCULAR, FIELDS, circulars_visible_to, content, build, "circular", against_public=against_public
)
