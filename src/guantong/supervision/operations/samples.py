"""Sample checks in public: freeze the list, take a seed produced afterwards, draw, look at what was drawn."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision import verify_draw
from guantong.supervision.choices import CheckResult
from guantong.supervision.models import Sample, SampleCheck, SampleItem
from guantong.supervision.queries.samples import closed_items, ids_only, list_of
from guantong.supervision.rules import samples as rules
from guantong.supervision.sampling import discovery_size

ID_ONLY = "ids_sha256"


@transaction.atomic
def freeze_list(
    *,
    cycle: Cycle,
    name: str,
    under: Unit,
    share_false: Decimal,
    confidence: Decimal,
    seed_source: str,
    seed_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    pillar: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Sample:
    """Freeze the closed items and announce what seed will draw from them: both stand in the log from now on.

    ``share_false`` is the share of false items that must not be missed, ``confidence`` how surely. The seed is
    named before it exists, so that nobody can choose among seeds.
    """
    if not rules.may_freeze(actor, cycle, under):
        raise Refusal(_("只有统筹协调单位可以在本级范围内组织抽查。"))
    _refuse_unfit(name, share_false, confidence, since, until)
    _refuse_seed(seed_source, seed_on, today=clock.today(now))
    items = closed_items(cycle=cycle, under=under, pillar=pillar, since=since, until=until)
    content, population = list_of(items)
    if not population:
        raise Refusal(_("这个范围内没有已办结的事项，没有可抽的名单。"))
    announced = {
        "cycle": cycle,
        "name": name.strip(),
        "list_digest": hashlib.sha256(content.encode()).hexdigest(),
        "seed_source": rules.source_text(seed_on, seed_source),
    }
    if earlier := Sample.objects.filter(**announced, seed="").first():
        return earlier  # the same form sent twice
    sample = Sample.objects.create(
        **announced,
        list_csv=content,
        population=population,
        size=discovery_size(population, share=share_false, confidence=confidence),
        share_false=share_false,
        confidence=confidence,
        frozen_by=actor.office if isinstance(actor, Acting) else None,
        frozen_at=now,
    )
    audit.record(
        "supervision.sample_frozen",
        target=sample,
        actor=actor,
        at=now,
        payload={
            "list_sha256": sample.list_digest,
            ID_ONLY: hashlib.sha256(ids_only(content).encode()).hexdigest(),
            "population": population,
            "n": sample.size,
            "seed_source": sample.seed_source,
            "unit": under.pk,
            "pillar": pillar,
            "since": since,
            "until": until,
        },
    )
    return sample


def _refuse_unfit(
    name: str, share: Decimal, confidence: Decimal, since: dt.date | None, until: dt.date | None
) -> None:
    if not name.strip() or len(name.strip()) > 200:
        raise Refusal(_("请写明抽查名称，不超过 200 字。"))
    if not 0 < share <= 1 or not Decimal("0.5") <= confidence < 1:
        raise Refusal(_("不实占比应在 0 到 100% 之间，把握程度应在 50% 到 99.99% 之间。"))
    if since and until and since > until:
        raise Refusal(_("办结日期的起止颠倒了。"))


def _refuse_seed(source: str, seed_on: dt.date, *, today: dt.date) -> None:
    if not source.strip():
        raise Refusal(_("请写明种子从哪里来，让任何人都查得到，例如某日某期彩票的开奖号码。"))
    if len(rules.source_text(seed_on, source)) > 300:
        raise Refusal(_("种子来源最多写 280 字。"))
    if seed_on <= today:
        raise Refusal(_("种子须在名单冻结之后产生，请选今天以后的日期。"))


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
