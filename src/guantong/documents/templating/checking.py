"""Looking an uploaded template over: what is wrong and must be mended, and which fields it leaves out."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from guantong.documents.content import Field
from guantong.documents.models import Template
from guantong.documents.templating import opening
from guantong.documents.templating.filling import ask, shape_of
from guantong.documents.templating.sentences import sentence_for, sentence_of
from guantong.records.files import content_of


@dataclass(frozen=True)
class Findings:
    """``wrong``: sentences that say what to do; ``lacks``: fields left out, which may be meant."""

    wrong: list[str] = field(default_factory=list)
    lacks: list[Field] = field(default_factory=list)


def findings_in(content: bytes, fields: Sequence[Field]) -> Findings:
    """Everything there is to say of a template for a kind with these fields."""
    if not content:
        return Findings([sentence_of("empty", "")])
    if code := opening.what_is_wrong(content):
        return Findings([sentence_of(code, "")])
    said = ask({"action": "check", "template": base64.b64encode(content).decode(), "shape": shape_of(fields)})
    if said.get("error"):
        return Findings([sentence_for(said)])
    wrong = [sentence_of(*each) for each in said["wrong"]]
    lacks = _left_out(fields, said["used"])
    wrong += [
        _("缺少必要的字段“%(label)s”，请写上 {{ %(name)s }}。") % {"label": each.label, "name": each.name}
        for each in lacks
        if each.must and not each.rows
    ]
    wrong += [
        _("缺少必要的列表“%(label)s”，请用 {%% for row in %(name)s %%} 逐行列出。")
        % {"label": each.label, "name": each.name}
        for each in lacks
        if each.must and each.rows
    ]
    return Findings(wrong, [each for each in lacks if not each.must])


def left_out(template: Template, fields: Sequence[Field]) -> list[Field]:
    """The fields that a kept template does not use."""
    return findings_in(content_of(template.file), fields).lacks


def _left_out(fields: Sequence[Field], used: Iterable[str]) -> list[Field]:
    named = set(used)
    return [each for each in fields if not {each.name, each.label} & named]
