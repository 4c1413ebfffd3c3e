"""Trying a template before it is put to use: filled with sample values or with an object in sight. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.documents import redaction
from guantong.documents.choices import Copy, Sample
from guantong.documents.content import Content, Field, Value
from guantong.documents.kinds.paper import Paper
from guantong.documents.operations.issuing import content_for, why_not
from guantong.documents.samples import SOMEBODY, values_for
from guantong.documents.templating.checking import findings_in
from guantong.documents.templating.filling import filled
from guantong.kernel.refusals import Refusal

MOST_OBJECTS = 10


def objects_for(paper: Paper, acting: Acting) -> list[Any]:
    """The newest objects in the office's sight of which there can be such a document."""
    if not acting.may("business.read"):
        return []
    newest = paper.visible(acting).order_by("-pk")[: 3 * MOST_OBJECTS]
    return [each for each in newest if not paper.against(each)][:MOST_OBJECTS]


def sample_values(paper: Paper, sample: str, copy: str) -> Mapping[str, Value]:
    """Sample values; those of the copy for the public without the person and the telephone that stand in them."""
    if sample not in Sample.values:
        raise Refusal(_("没有这样的示例，请重新选择。"))
    if copy == Copy.PUBLIC:
        return redaction.without_names(values_for(paper.fields, sample), [SOMEBODY])
    return values_for(paper.fields, sample)


def object_values(paper: Paper, item: Any, copy: str) -> Mapping[str, Value]:
    """What the document of an object would say now."""
    if against := why_not(paper, item, copy):
        raise Refusal(against)
    content: Content = content_for(paper, item, copy)
    return content.values


def tried(paper: Paper, template: bytes | None, values: Mapping[str, Value]) -> tuple[bytes, Sequence[Field]]:
    """The template filled in, and the fields that it leaves out. None is the built-in one."""
    if template is None:
        return filled(paper.builtin, paper.fields, values, trusted=True), []
    findings = findings_in(template, paper.fields)
    if findings.wrong:
        raise Refusal.of(findings.wrong)
    return filled(template, paper.fields, values, trusted=False), findings.lacks
