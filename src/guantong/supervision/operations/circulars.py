"""Circulars: drafted from live data, mended by hand, redrawn, issued – and then not changed any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import cast

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision import drafting, mending
from guantong.supervision.figures import Counted, Numbers
from guantong.supervision.mending import Paragraph
from guantong.supervision.models import Circular, Figure
from guantong.supervision.operations.findings import office_of, person_of


def _refuse_unless_writer(actor: Actor, unit: Unit) -> None:
    if not actor.may("supervision.run") or not actor.sees(unit.path):
        raise Refusal(_("通报由统筹协调单位起草和印发。"))


def _locked(circular: Circular) -> Circular:
    rows = Circular.objects.select_for_update(of=("self",)).select_related("cycle__stored", "unit")
    circular = rows.get(pk=circular.pk)
    if circular.number is not None:
        raise Refusal(_("通报已经印发，不能再改动。"))
    return circular


def paragraphs_of(circular: Circular) -> list[Paragraph]:
    return cast("list[Paragraph]", circular.paragraphs)


@transaction.atomic
def draft_circular(
    *, cycle: Cycle, unit: Unit, as_of: dt.date, actor: Actor, now: dt.datetime, title: str = ""
) -> Circular:
    """Write a first draft for a unit's subtree from the data of the day. Every number is a figure with its rows."""
    _refuse_unless_writer(actor, unit)
    if not unit.path.startswith(cycle.unit.path):
        raise Refusal(_("这个单位不在该年度周期的范围内。"))
    if as_of > clock.today(now):
        raise Refusal(_("数据截止日不能晚于今天。"))
    numbers = Numbers.of(cycle, unit, as_of=as_of)
    paragraphs = drafting.drafted(numbers)
    circular = Circular.objects.create(
        cycle=cycle,
        unit=unit,
        title=title.strip() or f"关于{cycle.year}年{unit.name}履职情况的通报"[:200],
        paragraphs=paragraphs,
        as_of=as_of,
        drafted_by=office_of(actor),
        drafter=person_of(actor),
        drafted_at=now,
    )
    figures = _store(circular, drafting.counted_for(paragraphs, numbers))
    audit.record(
        "supervision.circular_drafted",
        target=circular,
        actor=actor,
        at=now,
        payload={"as_of": as_of, "figures": len(figures)},
        states=figures,
    )
    return circular


def _store(circular: Circular, counted: Iterable[Counted]) -> list[Figure]:
    """Bring the figures up to date by key; those no longer used stay, so that none ever vanishes from under a text."""
    there = {each.key: each for each in circular.figures.all()}
    fresh, changed = [], []
    for each in counted:
        row = there.get(each.key)
        if row is None:
            row = each.as_row()
            row.circular = circular
            fresh.append(row)
        else:
            row.label, row.value, row.refs = each.label, each.value, list(each.refs)
            changed.append(row)
    Figure.objects.bulk_create(fresh, batch_size=200)
    Figure.objects.bulk_update(changed, ["label", "value", "refs"], batch_size=100)
    return [*fresh, *changed]


@transaction.atomic
def edit_circular(
    *, circular: Circular, title: str, texts: Sequence[str], actor: Actor, now: dt.datetime
) -> Circular:
    """Put a person's words on the draft, one text a paragraph. Figures keep their braces; an empty text drops one."""
    circular = _locked(circular)
    _refuse_unless_writer(actor, circular.unit)
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
def redraw_circular(
    *, circular: Circular, as_of: dt.date, actor: Actor, now: dt.datetime, keep_edited: bool = True
) -> Circular:
    """Count everything again as of a day. What people wrote is kept, with its figures brought up to date."""
    circular = _locked(circular)
    _refuse_unless_writer(actor, circular.unit)
    if as_of > clock.today(now):
        raise Refusal(_("数据截止日不能晚于今天。"))
    numbers = Numbers.of(circular.cycle, circular.unit, as_of=as_of)
    paragraphs = drafting.drafted(numbers)
    if keep_edited:
        paragraphs = mending.redrawn(paragraphs_of(circular), paragraphs)
    also = list(circular.figures.values_list("key", flat=True))
    figures = _store(circular, drafting.counted_for(paragraphs, numbers, also=also))
    circular.paragraphs, circular.as_of = paragraphs, as_of
    circular.save(update_fields=["paragraphs", "as_of"])
    audit.record(
        "supervision.circular_redrawn",
        target=circular,
        actor=actor,
        at=now,
        payload={"as_of": as_of, "kept": [each["name"] for each in paragraphs if each["edited"]]},
        states=figures,
    )
    return circular


@transaction.atomic
def issue_circular(*, circular: Circular, actor: Actor, now: dt.datetime) -> Circular:
    """Give it the next number of the year; from then on it stands as it is."""
    Cycle.objects.select_for_update().get(pk=circular.cycle_id)  # one number at a time
    circular = _locked(circular)
    _refuse_unless_writer(actor, circular.unit)
    paragraphs = paragraphs_of(circular)
    if not any(each["text"] for each in paragraphs):
        raise Refusal(_("通报没有内容，不能印发。"))
    values = dict(circular.figures.values_list("key", "value"))
    mending.refuse_too_long(circular.title, paragraphs, values)
    last = Circular.objects.filter(cycle=circular.cycle_id).aggregate(last=Max("number"))["last"] or 0
    circular.number, circular.issued_at, circular.issued_by = last + 1, now, office_of(actor)
    circular.save(update_fields=["number", "issued_at", "issued_by"])
    audit.record(
        "supervision.circular_issued",
        target=circular,
        actor=actor,
        at=now,
        payload={"number": circular.number},
    )
    return circular


def number_of(circular: Circular) -> str:
    """As it stands on the paper: 通报〔2026〕3号; empty for a draft."""
    return f"通报〔{circular.cycle.year}〕{circular.number}号" if circular.number else ""
