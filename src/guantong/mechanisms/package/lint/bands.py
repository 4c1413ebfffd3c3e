"""Rule 4: bands and grades cover the whole range, without a hole and without an overlap."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from guantong.kernel.decimals import plain
from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.spots import Outline, Spot


def ranges_are_covered(outline: Outline, findings: Findings) -> None:
    for indicator in outline.top.at("indicators").each():
        scoring = indicator.at("scoring")
        _bands(indicator, scoring.at("bands"), findings)
        _linear(scoring.at("linear"), findings)
        _escalate(scoring.at("escalate"), findings)
    cards = list(outline.top.at("scorecards").each())
    for card in cards:
        _grades(card, findings)
        if card.at("grades").text == "inherit" and (
            card is cards[0] or not isinstance(cards[0].at("grades").value, list)
        ):
            findings.error(
                4,
                card.at("grades"),
                _("没有可以沿用的等次：第一张评分表没有写等次。"),
                _("请在第一张评分表里写 grades: [{id: …, min: …}, …]，或写 grades: none。"),
            )


def _falling(numbers: list[tuple[Spot, Decimal]], what: str, findings: Findings) -> bool:
    """From high to low; the same number twice is an overlap."""
    for (_before, high), (spot, low) in pairwise(numbers):
        if low == high:
            message = _("两个%(what)s的下限都是 %(value)s，互相重叠。") % {"what": what, "value": plain(low)}
            findings.error(4, spot, message, _("请合并两档，或改其中一个下限。"))
            return False
        if low > high:
            message = _("%(what)s没有从高到低排列：%(low)s 在 %(high)s 之后。")
            findings.error(
                4,
                spot,
                message % {"what": what, "low": plain(low), "high": plain(high)},
                _("请把下限高的写在前面。"),
            )
            return False
    return True


def _bands(indicator: Spot, bands: Spot, findings: Findings) -> None:
    rows = [(band, [each.number for each in band.each()]) for band in bands.each()]
    pairs = [
        (band, row[0], row[1])
        for band, row in rows
        if len(row) == 2 and row[0] is not None and row[1] is not None
    ]
    if not pairs or len(pairs) != len(rows):
        return
    for band, _lower, part in pairs:
        if not 0 <= part <= 1:
            message = _("得分比例 %(part)s 不在 0 到 1 之间。") % {"part": plain(part)}
            findings.error(4, band, message, _("比例是占该项权重的份额，如 0.8 表示八成。"))
    ordered = _falling([(band, lower) for band, lower, _part in pairs], _("档"), findings)
    lowest = min(lower for _band, lower, _part in pairs)
    if lowest > 0:
        findings.error(
            4,
            pairs[-1][0],
            _("低于 %(value)s 的部分没有对应的档。") % {"value": plain(lowest)},
            _("请在最后加一档 [0, 0]。"),
        )
    shares = [part for _band, _lower, part in pairs]
    wanted = sorted(shares, reverse=indicator.at("direction").text != "down")
    if ordered and shares != wanted:
        findings.warning(
            4,
            bands,
            _("数值更好的一档得分反而更低。"),
            _("请检查各档比例；若数值越小越好，请写 direction: down。"),
        )


def _linear(linear: Spot, findings: Findings) -> None:
    low, high = linear.at("from").number, linear.at("to").number
    if low is not None and high is not None and low >= high:
        findings.error(
            4,
            linear,
            _("linear 的 from（%(low)s）不小于 to（%(high)s）。") % {"low": plain(low), "high": plain(high)},
            _("from 是得 0 分处，to 是得满分处，请让 from 小于 to。"),
        )


def _escalate(ladder: Spot, findings: Findings) -> None:
    """Steps count from the first occurrence on, each once, upwards."""
    steps = [(step, next((each.number for each in step.each()), None)) for step in ladder.each()]
    numbers = [number for _step, number in steps if number is not None]
    if not numbers or len(numbers) != len(steps):
        return
    if numbers[0] != 1:
        findings.error(
            4,
            steps[0][0],
            _("第 1 次没有对应的分值。"),
            _("请以 [1, 分值] 开头，例如 [[1, 1], [3, 5]]。"),
        )
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        findings.error(
            4, ladder, _("escalate 的次数重复或没有从小到大排列。"), _("请按第几次从小到大书写，每次一行。")
        )


def _grades(card: Spot, findings: Findings) -> None:
    rows = [(grade, grade.at("min").number) for grade in card.at("grades").each()]
    numbers = [(grade, number) for grade, number in rows if number is not None]
    if not numbers or len(numbers) != len(rows):
        return
    _falling(numbers, _("等次"), findings)
    lowest = min(number for _grade, number in numbers)
    if lowest > 0:
        findings.error(
            4,
            numbers[-1][0],
            _("低于 %(value)s 分没有对应的等次。") % {"value": plain(lowest)},
            _("请让最低一等的 min 为 0。"),
        )
    scale = card.at("scale").number if card.has("scale") else Decimal(100)
    for grade, number in numbers:
        if scale is not None and number > scale:
            findings.error(
                4,
                grade,
                _("等次下限 %(min)s 超过满分 %(scale)s，谁也达不到。")
                % {"min": plain(number), "scale": plain(scale)},
                _("请把 min 改到满分以内。"),
            )
