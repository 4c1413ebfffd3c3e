"""One card for everybody on it: from what was measured to lines, total, grade and interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guantong.assessment.algebra import CardItem, Measured, places, score_card, score_item
from guantong.assessment.groups import grade_bands, group_of
from guantong.assessment.intervals import Spread, interval, spread_of
from guantong.assessment.measures import Reading, Subject
from guantong.assessment.scored import CardReadings, Line, Scored
from guantong.assessment.scoring import ItemScore, capped, shown, within
from guantong.mechanisms.package import Indicator, Package
from guantong.mechanisms.package import Item as PackageItem

LONGEST_FORMULA = 500


class Sheet:
    """One card for everybody on it. The same measure gives the same points and formula, so each is made once."""

    def __init__(self, package: Package, read: CardReadings, decided: Mapping[str, Any]) -> None:
        self.card, self.subjects, self.readings = read.card, read.subjects, read.readings
        self.items = [(item, package.indicator(item.use)) for item in self.card.items]
        self.grades = grade_bands(self.card)
        self.groups = [group_of(self.card, subject) for subject in self.subjects]
        self.places = self._places()
        self.adjusted = {
            (each[1], each[7] if len(each) > 7 else None, each[3]): each
            for each in decided["adjustments"]
            if each[2] == self.card.id
        }
        self.vetoes: dict[int, list[Sequence[Any]]] = {}
        for each in decided["vetoes"]:
            if each[2] == self.card.id:
                self.vetoes.setdefault(each[1], []).append(each)
        self.limits = {str(v["id"]): str(v["effect"]["max_grade"]) for v in self.card.vetoes}
        self._known: dict[Any, tuple[ItemScore, Spread | None]] = {}

    def _places(self) -> dict[str, dict[int, int]]:
        """For each item scored by rank: everybody's place (by position) within their group."""
        found: dict[str, dict[int, int]] = {}
        for item, indicator in self.items:
            if isinstance(indicator.scoring, Mapping) and "rank" in indicator.scoring:
                found[item.use] = {}
                for group in dict.fromkeys(self.groups):
                    measured = {
                        at: each[item.use].measured
                        for at, each in enumerate(self.readings)
                        if self.groups[at] == group
                    }
                    found[item.use].update(places(measured, direction=indicator.direction or "up"))
        return found

    def score(self, number: int) -> Scored:
        subject, readings = self.subjects[number], self.readings[number]
        lines = [
            self._line(number, item, indicator, readings[item.use], subject) for item, indicator in self.items
        ]
        vetoes = [] if subject.office is not None else self.vetoes.get(subject.unit, [])
        vetoes = [each for each in vetoes if each[3] in self.limits]
        total = score_card(
            [_card_item(item, line) for (item, _indicator), line in zip(self.items, lines, strict=True)],
            scale=self.card.scale,
            missing_items=self.card.missing_items or "rescale",
            bonus_cap=self.card.bonus_cap,
            grades=self.grades,
            confirmed_vetoes=[self.limits[each[3]] for each in vetoes] if self.grades else [],
        )
        low, high = interval(total, [line.spread for line in lines if line.spread is not None])
        steps = list(total.steps)
        steps += [_("一票否决 %(id)s 已确认：%(reason)s") % {"id": v[3], "reason": v[4]} for v in vetoes]
        if low != high:
            steps.append(
                _("比率项按威尔逊 95%% 区间合成：%(low)s—%(high)s")
                % {"low": format(low, "f"), "high": format(high, "f")}
            )
        return Scored(
            self.card.id,
            subject,
            total,
            lines,
            total.grade,
            None,
            self.groups[number],
            low,
            high,
            None,
            steps,
        )

    def _line(
        self, number: int, item: PackageItem, indicator: Indicator, reading: Reading, subject: Subject
    ) -> Line:
        at = self.places.get(item.use, {}).get(number)
        key = (item.use, item.weight, item.cap, reading.measured, reading.terms, reading.note, at)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _item_score(item, indicator, reading, at)
        scored, spread = found
        status = reading.measured.status
        adjusted = self.adjusted.get((subject.unit, subject.office, item.use))
        if adjusted is not None:
            decided = _as_decided(scored, adjusted)
            if item.weight is not None:
                decided = within(decided, item.weight)
            scored, spread = capped(decided, item.cap, penalty=indicator.penalty), None
            status = "measured"
        return Line(
            indicator, item.weight, reading, status, scored.points, scored.formula[:LONGEST_FORMULA], spread
        )


def _item_score(
    item: PackageItem, indicator: Indicator, reading: Reading, at: int | None
) -> tuple[ItemScore, Spread | None]:
    def score(measured: Measured) -> ItemScore:
        found = score_item(
            indicator.scoring,
            measured,
            weight=item.weight,
            missing=indicator.missing or "exclude",
            place=at,
            terms=reading.terms,
        )
        return capped(found, item.cap, penalty=indicator.penalty)

    scored = score(reading.measured)
    spread = None
    samples = "ratio" in indicator.measure and item.weight and not (indicator.bonus or indicator.penalty)
    if samples and at is None:
        spread = spread_of(scored, reading.measured, lambda share: score(Measured("measured", share)).points)
    if reading.note:
        scored = ItemScore(scored.points, "；".join(filter(None, (reading.note, scored.formula))))
    return scored, spread


def _as_decided(scored: ItemScore, adjusted: Sequence[Any]) -> ItemScore:
    """Points that a review or an appeal set, with the reason, and what would have been."""
    points = Decimal(adjusted[4])
    source = {"appeal": _("申诉改定"), "self_score": _("复核改定")}.get(adjusted[6], _("改定"))
    before = scored.formula or _("未计分")
    said = _("%(source)s %(points)s：%(reason)s（原 %(before)s）")
    return ItemScore(
        points, said % {"source": source, "points": shown(points), "reason": adjusted[5], "before": before}
    )


def _card_item(item: PackageItem, line: Line) -> CardItem:
    return CardItem(
        id=line.indicator.id,
        weight=item.weight,
        bonus=line.indicator.bonus,
        penalty=line.indicator.penalty,
        cap=item.cap,
        score=ItemScore(line.points, line.formula),
    )
