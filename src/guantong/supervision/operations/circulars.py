"""Circulars: drafted from live data, redrawn, issued – and then not changed any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import cast

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision import drafting, mending
from guantong.supervision.figures import Counted, Numbers, matter_named
from guantong.supervision.mending import Paragraph
from guantong.supervision.models import Circular, Figure, Matter
from guantong.supervision.operations.findings import office_of, person_of
from guantong.supervision.operations.steps import Act, held


def refuse_unless_writer(actor: Actor, unit: Unit) -> None:
    if not actor.may("supervision.run") or not actor.sees(unit.path):
        raise Refusal(_("通报由统筹协调单位起草和印发。"))


def locked_draft(circular: Circular) -> Circular:
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
    refuse_unless_writer(actor, unit)
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
    figures = store_figures(circular, drafting.counted_for(paragraphs, numbers))
    audit.record(
        "supervision.circular_drafted",
        target=circular,
        actor=actor,
        at=now,
        payload={"as_of": as_of, "figures": len(figures)},
        states=figures,
    )
    return circular


def store_figures(circular: Circular, counted: Iterable[Counted]) -> list[Figure]:
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
def redraw_circular(
    *, circular: Circular, as_of: dt.date, actor: Actor, now: dt.datetime, keep_edited: bool = True
) -> Circular:
    """Count everything again as of a day. What people wrote is kept, with its figures brought up to date."""
    circular = locked_draft(circular)
    refuse_unless_writer(actor, circular.unit)
    if as_of > clock.today(now):
        raise Refusal(_("数据截止日不能晚于今天。"))
    numbers = Numbers.of(circular.cycle, circular.unit, as_of=as_of)
    paragraphs = drafting.drafted(numbers)
    if keep_edited:
        paragraphs = mending.redrawn(paragraphs_of(circular), paragraphs)
    also = list(circular.figures.values_list("key", flat=True))
    figures = store_figures(circular, drafting.counted_for(paragraphs, numbers, also=also))
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
    circular = locked_draft(circular)
    refuse_unless_writer(actor, circular.unit)
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
    for matter in named_matters(circular).order_by("pk"):
        _circulate(matter, circular, actor=actor, now=now)
    return circular


def named_matters(circular: Circular) -> QuerySet[Matter]:
    """The matters that the text names."""
    named = [matter_named(key) for key in mending.keys_in(paragraphs_of(circular))]
    return Matter.objects.filter(cycle=circular.cycle_id, pk__in=[pk for pk in named if pk])


def _circulate(matter: Matter, circular: Circular, *, actor: Actor, now: dt.datetime) -> None:
    """The step of a matter that an issued circular names."""
    act = Act(held(matter), actor, now)
    act.move(act.matter, "circulate", reason=number_of(circular), about=circular)
    act.record("supervision.matter_circulated", circular=circular.pk)


def number_of(circular: Circular) -> str:
    """As it stands on the paper: 通报〔2026〕3号; empty for a draft."""
    return f"通报〔{circular.cycle.year}〕{circular.number}号" if circular.number else ""
