"""The sentences in which a request is refused until a leader signs it."""

from __future__ import annotations

from collections.abc import Sequence

from guantong.burden.models import FieldRequest
from guantong.burden.queries.budgets import Standing
from guantong.burden.rules.requests import Cost
from guantong.kernel.bilingual import Text
from guantong.notices.said import Said, say


def too_many_fields(asked: int, most: int) -> Said:
    return say("一张表填 %(n)s 项，机制包规定最多 %(most)s 项。", n=asked, most=most)


def twice(other: FieldRequest, fields: Sequence[str], units: int) -> Said:
    """What is asked already, so that it can be read instead of asked."""
    return say(
        "“%(fields)s”已由%(issuer)s在“%(title)s”中向其中 %(n)s 个单位要过，可直接取用，不必再填。",
        fields="、".join(fields),
        issuer=Text(other.issuer.name, other.issuer.name_en),
        title=other.title,
        n=units,
    )


def too_much(standing: Standing, cost: Cost) -> Said:
    return say(
        "本单位全年额度 %(most)s 分钟，已要求 %(asked)s 分钟；这份再要 %(cost)s 分钟，超出 %(over)s 分钟。",
        most=standing.most or 0,
        asked=standing.asked,
        cost=cost.total,
        over=standing.asked + cost.total - (standing.most or 0),
    )
