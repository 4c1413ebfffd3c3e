"""Sample values for trying a template, made from what a kind declares of its fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from guantong.documents.choices import Sample
from guantong.documents.content import Field, Value
from guantong.documents.kinds.paper import TITLE
from guantong.documents.layout.titles import broken

ROWS = {Sample.USUAL: 3, Sample.LONG: 3, Sample.MANY: 120, Sample.EMPTY: 0}
WORD, LONG_NAME, LONG_TEXT = 4, 36, 300
# Days, times, counts and numbers of documents are never long.
SHORT = re.compile(r"\W*[\d.,%:—\-年月日次分钟]+[万亿]?元?|.{0,2}〔\d+〕\d+号|星期.|[一二三四五六七八九十]")
NUMERALS = "一二三四五六七八九十"
# Somebody whom there is not, in the first free words of every list: so that the public copy shows what it leaves out.
SOMEBODY, REACHED_BY = "张某某", "0477-8123456"


def values_for(fields: Sequence[Field], sample: str) -> Mapping[str, Value]:
    """A value for every field: as its declaration has it, or long, or many, or none where an object may have none."""
    return {
        each.name: _rows(each, Sample(sample)) if each.rows else _value(each, Sample(sample))
        for each in fields
    }


def _rows(field: Field, sample: Sample) -> list[dict[str, str]]:
    return [{each.name: _cell(each, sample, row) for each in field.rows} for row in range(ROWS[sample])]


def _cell(field: Field, sample: Sample, row: int) -> str:
    if field.name == "n":
        return str(row + 1)
    if field.eg == NUMERALS[0]:
        return NUMERALS[row % len(NUMERALS)]
    said = _said(field, sample)
    return f"{said}（联系人：{SOMEBODY}，电话{REACHED_BY}）" if field.is_free and row == 0 else said


def _value(field: Field, sample: Sample) -> str:
    if sample == Sample.EMPTY and field.is_optional:
        return ""
    said = _said(field, sample)
    return broken(said) if field.name == TITLE.name else said


def _said(field: Field, sample: Sample) -> str:
    """The example; a long one says it again and again."""
    if sample != Sample.LONG or SHORT.fullmatch(field.eg):
        return field.eg
    if len(field.eg) <= WORD:
        return field.eg * 2
    most = LONG_TEXT if field.is_free and field.eg.endswith("。") else LONG_NAME
    return field.eg * max(2, -(-most // len(field.eg)))
