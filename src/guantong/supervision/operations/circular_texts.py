"""Mending a draft by hand: its words, and the matters it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.supervision import mending
from guantong.supervision.figures import Numbers
from guantong.supervision.mending import Paragraph
from guantong.supervision.models import Circular, Matter
from guantong.supervision.operations.circulars import (
    locked_draft,
    paragraphs_of,
    refuse_unless_writer,
    store_figures,
)


@transaction.atomic
def edit_circular(
    *, circular: Circular, title: str, texts: Sequence[str], actor: Actor, now: dt.datetime
) -> Circular:
    """Put a person's words on the draft, one text a paragraph. Figures keep their braces; an empty text drops one."""
    circular = locked_draft(circular)
    refuse_unless_writer(actor, circular.unit)
    before = paragraphs_of(circular)
    if len(texts) != len(before):
        raise Refusal(_("草稿已被重拟，段落对不上了，请刷新后再改。"))
    if not title.strip():
        raise Refusal(_("请写明标题。"))
    values = dict(circular.figures.values_list("key", "value"))
    after = [mending.mended(each, text, known=values) for each, text in zip(before, texts, strict=True)]
    mending.refuse_too_long(title.strip(), after, values)
    if (title.strip(), after) == (circular.title, before):
        return circular
    circular.title, circular.paragraphs = title.strip()[:200], after
    circular.save(update_fields=["title", "paragraphs"])
    audit.record(
        "supervision.circular_edited",
        target=circular,
        actor=actor,
        at=now,
        payload={"edited": [each["name"] for each in after if each["edited"]]},
    )
    return circular


@transaction.atomic
def name_matter(*, circular: Circular, matter: Matter, actor: Actor, now: dt.datetime) -> Circular:
    """Name a matter in the draft, in a paragraph of its own that a person then words. Twice is the first time."""
    circular = locked_draft(circular)
    refuse_unless_writer(actor, circular.unit)
    key, before = f"m{matter.pk}", paragraphs_of(circular)
    if key in mending.keys_in(before):
        return circular
    named = Numbers(circular.cycle, circular.unit, as_of=circular.as_of).figure(key)
    if named is None:
        raise Refusal(_("“%(matter)s”没有交给这个范围内的单位，不能在这期通报里点名。") % {"matter": matter})
    paragraph: Paragraph = {"name": key, "text": f"请承办单位抓紧办理督办事项{{{key}}}。", "edited": True}
    after = [*before[:-1], paragraph, *before[-1:]]
    values = dict(circular.figures.values_list("key", "value")) | {key: named.value}
    mending.refuse_too_long(circular.title, after, values)
    figures = store_figures(circular, [named])
    circular.paragraphs = after
    circular.save(update_fields=["paragraphs"])
    audit.record(
        "supervision.circular_matter_named",
        target=circular,
        actor=actor,
        at=now,
        payload={"matter": matter.pk},
        states=figures,
    )
    return circular
