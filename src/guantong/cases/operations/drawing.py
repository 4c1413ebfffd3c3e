"""Drawing the call-backs in public: freeze the lists, take a seed produced afterwards, draw."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.audit import operations as audit
from guantong.cases.drawing import as_csv, drawn, numbers_of, size
from guantong.cases.models import CallBackDraw, Closure
from guantong.cases.queries.draws import closures_to_draw_from, number_of
from guantong.cases.terms import terms_of
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


def _refuse_others(actor: Actor, unit: Unit) -> None:
    if not actor.may("cases.run") or not actor.sees(unit.path):
        raise Refusal(_("回访抽取由统筹协调岗位组织。"))


@transaction.atomic
def freeze_call_backs(
    *,
    cycle: Cycle,
    unit: Unit,
    since: dt.date,
    until: dt.date,
    seed_source: str,
    seed_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> CallBackDraw:
    """Freeze the cases closed from a day to a day, and announce the seed before it exists.

    Those closed one-sidedly are drawn at the package's higher rate. Only who can be reached is on a list.
    """
    _refuse_others(actor, unit)
    today = clock.today(now)
    if since > until or until >= today:
        raise Refusal(_("请选今天以前的一段时间。"))
    if not seed_source.strip() or len(seed_source.strip()) > 300:
        raise Refusal(_("请写明种子从哪里来，让任何人都查得到，例如某日某期彩票的开奖号码；最多 300 字。"))
    if seed_on <= today:
        raise Refusal(_("种子须在名单冻结之后产生，请选今天以后的日期。"))
    closures = list(closures_to_draw_from(cycle, unit, since=since, until=until))
    if not closures:
        raise Refusal(_("这段时间没有可以回访的诉求。"))
    agreed = sorted(number_of(each) for each in closures if not each.one_sided)
    one_sided = sorted(number_of(each) for each in closures if each.one_sided)
    terms = terms_of(cycle.package)
    draw = CallBackDraw.objects.create(
        cycle=cycle,
        unit=unit,
        since=since,
        until=until,
        agreed_csv=as_csv(agreed),
        one_sided_csv=as_csv(one_sided),
        n_agreed=size(terms.call_back_agreed, len(agreed)),
        n_one_sided=size(terms.call_back_one_sided, len(one_sided)),
        seed_source=seed_source.strip(),
        seed_on=seed_on,
        frozen_by=actor.office if isinstance(actor, Acting) else None,
        frozen_at=now,
    )
    audit.record(
        "cases.call_backs_frozen",
        target=draw,
        actor=actor,
        at=now,
        payload={
            "agreed_sha256": digest_of(draw.agreed_csv),
            "one_sided_sha256": digest_of(draw.one_sided_csv),
            "n": [draw.n_agreed, draw.n_one_sided],
            "seed_source": draw.seed_source,
            "seed_on": seed_on,
        },
    )
    return draw


def digest_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


@transaction.atomic
def draw_call_backs(*, draw: CallBackDraw, seed: str, actor: Actor, now: dt.datetime) -> list[Closure]:
    """Take the seed that was announced and draw with it, once."""
    draw = CallBackDraw.objects.select_for_update(of=("self",)).select_related("unit").get(pk=draw.pk)
    _refuse_others(actor, draw.unit)
    if draw.seed:
        raise Refusal(_("种子已经登记，抽取结果不能更改。"))
    if not seed.strip() or len(seed.strip()) > 200:
        raise Refusal(_("请填写种子，最多 200 个字符。"))
    if clock.today(now) < draw.seed_on:
        raise Refusal(_("约定的种子 %(day)s 才产生，不能提前抽取。") % {"day": draw.seed_on})
    draw.seed, draw.seeded_at = seed.strip(), now
    draw.save(update_fields=["seed", "seeded_at"])
    wanted = set(drawn_of(draw))
    found = Closure.objects.filter(case__cycle=draw.cycle_id, drawn_in__isnull=True).select_related("case")
    chosen = [each for each in found if number_of(each) in wanted]
    for each in chosen:
        each.drawn_in = draw
        each.save(update_fields=["drawn_in"])
    audit.record(
        "cases.call_backs_drawn",
        target=draw,
        actor=actor,
        at=now,
        payload={"seed": draw.seed, "drawn": sorted(wanted)},
        states=chosen,
    )
    return chosen


def drawn_of(draw: CallBackDraw) -> list[str]:
    """The numbers that the seed draws from both lists."""
    if not draw.seed:
        return []
    return [
        *drawn(numbers_of(draw.agreed_csv), draw.seed, draw.n_agreed),
        *drawn(numbers_of(draw.one_sided_csv), draw.seed, draw.n_one_sided),
    ]
