"""Sample checks of the demonstration year: one drawn and looked at, one whose seed is still to come."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.models import Holding
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.supervision.choices import CheckResult
from guantong.supervision.models import Sample
from guantong.supervision.operations.freezing import Scope, Terms, freeze_list
from guantong.supervision.operations.samples import check_item, draw_sample

DAY = dt.timedelta(days=1)
SOURCE = "中国福利彩票双色球当期开奖号码，红球从小到大，再加蓝球，数字连写"
HOLDS = (
    "查看台账和会议记录，与申报一致。",
    "电话核对参加单位，属实。",
    "到现场看过，情况属实。",
    "调阅文件和签到，时间、内容相符。",
)
FALSE = ("台账日期晚于申报日期，当时并未开展。", "到场核对，参加单位都说没有这次活动。")
UNCLEAR = "经办人已调离，原始记录没有找到。"


def play_samples(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> int:
    """Two samples through the ordinary operations; returns how many items were drawn."""
    acting = coordinator_of(cycle, now)
    if acting is None:
        return 0
    first = _frozen(cycle, acting, "年度事项办结情况抽查", frozen_at=now - 40 * DAY, wait=2)
    drawn = _looked_at(first, acting, now - 38 * DAY, chooser) if first else 0
    _frozen(cycle, acting, "近期办结事项抽查", frozen_at=now - 20 * dt.timedelta(hours=1), wait=3)
    return drawn


def coordinator_of(cycle: Cycle, now: dt.datetime) -> Acting | None:
    holding = (
        Holding.objects.on(clock.today(now))
        .filter(office__role=Role.COORDINATOR, office__scope=cycle.unit)
        .select_related("person", "office__unit", "office__scope")
        .order_by("pk")
        .first()
    )
    return Acting(holding.person, holding.office) if holding else None


def _frozen(cycle: Cycle, acting: Acting, name: str, *, frozen_at: dt.datetime, wait: int) -> Sample | None:
    """A list frozen then; nothing where nothing was closed yet."""
    day = clock.today(frozen_at)
    try:
        return freeze_list(
            cycle=cycle,
            scope=Scope(under=cycle.unit, until=day - DAY),
            terms=Terms(
                name=name,
                share_false=Decimal("0.05"),
                confidence=Decimal("0.95"),
                seed_source=SOURCE,
                seed_on=day + wait * DAY,
            ),
            actor=acting,
            now=frozen_at,
        )
    except Refusal:
        return None


def _looked_at(sample: Sample, acting: Acting, at: dt.datetime, chooser: random.Random) -> int:
    red = sorted(chooser.sample(range(1, 34), 6))
    seed = "".join(f"{ball:02}" for ball in (*red, chooser.randint(1, 16)))
    items = draw_sample(sample=sample, seed=seed, actor=acting, now=at)
    odd = chooser.sample(items, min(3, len(items)))
    results = {odd[0].pk: (CheckResult.UNCLEAR, UNCLEAR)}
    results |= {item.pk: (CheckResult.FALSE, FALSE[place]) for place, item in enumerate(odd[1:])}
    for place, item in enumerate(items):
        result, note = results.get(item.pk, (CheckResult.HOLDS, chooser.choice(HOLDS)))
        check_item(item=item, result=result, note=note, actor=acting, now=at + (1 + place // 6) * DAY)
    return len(items)
