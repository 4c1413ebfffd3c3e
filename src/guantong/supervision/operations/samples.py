"""Sample checks in public: take the seed that was announced, draw, look at what was drawn. Freezing: `freezing`."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.supervision import verify_draw
from guantong.supervision.choices import CheckResult
from guantong.supervision.models import Sample, SampleCheck, SampleItem
from guantong.supervision.rules import samples as rules


@transaction.atomic
def draw_sample(*, sample: Sample, seed: str, actor: Actor, now: dt.datetime) -> list[SampleItem]:
    """Take the seed that was announced and draw with it. Once, and by the rule that anybody can repeat."""
    sample = Sample.objects.select_for_update(of=("self",)).select_related(
        "cycle__unit", "frozen_by__scope"
    ).get(pk=sample.pk)  # fmt: skip
    if not rules.may_draw(actor, sample):
        raise Refusal(_("只有组织抽查的单位可以登记种子。"))
    if sample.seed:
        raise Refusal(_("种子已经登记，抽取结果不能更改。"))
    if not seed.strip():
        raise Refusal(_("请填写种子。"))
    if len(seed.strip()) > 200:
        raise Refusal(_("种子最多 200 个字符。"))
    if clock.today(now) < rules.seed_day(sample):
        raise Refusal(_("约定的种子 %(day)s 才产生，不能提前抽取。") % {"day": rules.seed_day(sample)})
    sample.seed, sample.seeded_at = seed.strip(), now
    sample.save(update_fields=["seed", "seeded_at"])
    drawn = verify_draw.verify(sample.list_csv.encode(), sample.seed, sample.size)["drawn"]
    items = SampleItem.objects.bulk_create(
        SampleItem(sample=sample, position=position, obligation_id=int(each))
        for position, each in enumerate(drawn, 1)
    )
    audit.record(
        "supervision.sample_drawn",
        target=sample,
        actor=actor,
        at=now,
        payload={"seed": sample.seed, "seed_source": sample.seed_source, "drawn": drawn},
        states=items,
    )
    return items


@transaction.atomic
def check_item(*, item: SampleItem, result: str, note: str, actor: Actor, now: dt.datetime) -> SampleCheck:
    """Say what was found at one drawn item, and how it was looked at. Nobody checks their own work."""
    sample = Sample.objects.select_for_update(of=("self",)).select_related(
        "cycle__unit", "frozen_by__scope"
    ).get(pk=item.sample_id)  # fmt: skip
    item = SampleItem.objects.select_related("obligation").get(pk=item.pk)
    if not actor.may("supervision.run") or not actor.sees(item.obligation.unit_path):
        raise Refusal(_("只有组织抽查的单位可以登记核查结果。"))
    if rules.not_for(actor, [item.obligation], on=clock.today(now)):
        raise Refusal(_("申报、审核过这一项的人和本单位的人不能核查，请由其他人核查。"))
    if SampleCheck.objects.filter(item=item).exists():
        raise Refusal(_("这一项已经登记了核查结果。"))
    if result not in CheckResult.values:
        raise Refusal(_("请选择核查结果。"))
    if not note.strip() or len(note.strip()) > 500:
        raise Refusal(_("请写明怎样核查、看到了什么，不超过 500 字。"))
    check = SampleCheck.objects.create(
        item=item,
        result=result,
        note=note.strip(),
        checked_by=actor.office if isinstance(actor, Acting) else None,
        checker=actor.person if isinstance(actor, Acting) else None,
        checked_at=now,
    )
    if not sample.items.filter(check_made__isnull=True).exists():
        sample.finished_at = now
        sample.save(update_fields=["finished_at"])
    audit.record(
        "supervision.sample_checked",
        target=sample,
        actor=actor,
        at=now,
        payload={"item": item.position, "obligation": item.obligation_id, "result": result},
        states=[check],
    )
    return check
