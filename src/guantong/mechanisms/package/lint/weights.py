"""Rule 3: the weights of a scorecard sum to its scale; bonus and penalty items stand outside it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from guantong.kernel.decimals import plain
from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.spots import Outline, Spot

ZERO = Decimal(0)


def weights_sum_to_scale(outline: Outline, findings: Findings) -> None:
    indicators = {spot.at("id").text: spot for spot in outline.top.at("indicators").each()}
    for indicator in indicators.values():
        if indicator.at("bonus").value is True and indicator.at("penalty").value is True:
            findings.error(
                3,
                indicator,
                _("指标“%(id)s”既是加分又是扣分。") % {"id": indicator.at("id").text or ""},
                _("请拆成一个加分指标和一个扣分指标。"),
            )
    for card in outline.top.at("scorecards").each():
        _card(card, indicators, findings)


def _card(card: Spot, indicators: dict[str | None, Spot], findings: Findings) -> None:
    total, complete = ZERO, True
    for item in card.at("items").each():
        indicator = indicators.get(item.at("use").text)
        weight = item.at("weight").number
        outside = indicator is not None and (
            indicator.at("bonus").value is True or indicator.at("penalty").value is True
        )
        name = {"id": item.at("use").text or ""}
        if outside and item.has("weight"):
            findings.error(
                3, item, _("加分或扣分指标“%(id)s”不占权重。") % name, _("请删去这一项的 weight。")
            )
        elif not outside and weight is None:
            complete = False
            findings.error(
                3,
                item,
                _("指标“%(id)s”没有权重。") % name,
                _("请写 weight:；如是加分或扣分项，请在指标里写 bonus: true 或 penalty: true。"),
            )
        elif not outside and weight is not None:
            total += weight
            _parts(indicator, weight, findings)
    scale = card.at("scale").number if card.has("scale") else Decimal(100)
    if complete and scale is not None and isinstance(card.at("items").value, list) and total != scale:
        findings.error(
            3,
            card.at("items"),
            _("评分表“%(id)s”各项权重合计 %(total)s，应为满分 %(scale)s。")
            % {"id": card.at("id").text or "", "total": plain(total), "scale": plain(scale)},
            _("请%(way)s共 %(by)s 分，或改 scale。")
            % {"way": _("减少") if total > scale else _("增加"), "by": plain(abs(total - scale))},
        )


def _parts(indicator: Spot | None, weight: Decimal, findings: Findings) -> None:
    """Parts are marked on the sum of their weights, so another sum than the item's surprises the marker."""
    if indicator is None or not list(indicator.at("parts").each()):
        return
    together = sum((part.at("weight").number or ZERO for part in indicator.at("parts").each()), ZERO)
    if together != weight:
        findings.warning(
            3,
            indicator.at("parts"),
            _("“%(id)s”各分项合计 %(total)s，与评分表里的权重 %(weight)s 不同，得分将按比例折算。")
            % {"id": indicator.at("id").text or "", "total": plain(together), "weight": plain(weight)},
            _("如不是有意为之，请让两者一致。"),
        )
