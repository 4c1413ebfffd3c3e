"""A card from the stored lines of a finished run. A run never changes, so what was loaded is kept, within bounds."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from threading import Lock
from typing import Any

from django.db.models import Q
from django.utils import timezone

from guantong.assessment.bench.card import Card, Entrant, Item, Spread
from guantong.assessment.bench.lines import StoredItem
from guantong.assessment.bench.trial import Trial
from guantong.assessment.groups import grade_bands, is_ranked
from guantong.assessment.models import Adjustment, Run, Score, ScoreLine, Veto
from guantong.assessment.queries import package_of
from guantong.assessment.snapshot import stored_snapshot
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.package import Indicator, Package, Scorecard
from guantong.mechanisms.package import Item as PackageItem

MOST_VALUES = 250_000  # about three cards of a whole city, some 20 MB each
Parts = tuple[list[Decimal | None], list[Spread | None]]

_kept: OrderedDict[tuple[Any, ...], Trial] = OrderedDict()
_lock = Lock()


def trial_of(run: Run, scorecard: str) -> Trial:
    """The card of a run on the bench; KeyError where the run's package has no such card with grades."""
    key = (run.pk, run.computed_at, run.result_digest, scorecard)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    trial = Trial(load(run, scorecard))
    with _lock:
        _kept[key] = trial
        while len(_kept) > 1 and sum(each.size for each in _kept.values()) > MOST_VALUES:
            _kept.popitem(last=False)
    return trial


def forget() -> None:
    """Let go of everything loaded."""
    with _lock:
        _kept.clear()


def cards_of(package: Package) -> list[Scorecard]:
    """The cards that can be tried out: those that judge. Without grades a card shows facts and nothing is ranked."""
    return [card for card in package.scorecards if card.grades]


def load(run: Run, scorecard: str) -> Card:
    """The card and everybody on it: a fixed number of queries, whatever the size."""
    package = package_of(run)
    rules = {card.id: card for card in cards_of(package)}[scorecard]
    items = items_of(rules, package)
    limits = limits_of(rules, _vetoes(run, rules.id) if rules.vetoes else [])
    scores = Score.objects.filter(run=run, scorecard=scorecard).order_by("unit__path", "office__number", "pk")
    said = list(scores.values_list("pk", "unit_id", "office_id", "total", "grade", "rank", "band", "group"))
    keys: dict[tuple[int, int | None], int] = {(unit, office): key for key, unit, office, *_rest in said}
    parts = _parts(run, scorecard, items, package, _decided(run, scorecard, keys))
    nothing: Parts = ([None] * len(items), [None] * len(items))
    entrants = []
    for key, unit, office, total, grade, rank, band, group in said:
        shares, spreads = parts.get(key, nothing)
        limit = limits.get(unit, "") if office is None else ""
        entrants.append(Entrant(key, tuple(shares), total, grade, rank, band, group, limit, tuple(spreads)))
    return card_with(rules, items, entrants)


def card_with(rules: Scorecard, items: tuple[Item, ...], entrants: Iterable[Entrant]) -> Card:
    """The card of a package with these entrants."""
    return Card(
        items=items,
        entrants=tuple(entrants),
        grades=tuple(grade_bands(rules)),
        scale=rules.scale,
        missing_items=rules.missing_items or "rescale",
        bonus_cap=rules.bonus_cap,
        tie_break=rules.tie_break,
        min_n=rules.min_n,
        ranked=is_ranked(rules),
    )


def items_of(rules: Scorecard, package: Package) -> tuple[Item, ...]:
    """The card's items, with what their indicators say of them."""
    return tuple(_item(each, package.indicator(each.use)) for each in rules.items)


def _item(item: PackageItem, indicator: Indicator) -> Item:
    return Item(
        item.use,
        indicator.title.zh,
        indicator.title.en,
        item.weight,
        item.cap,
        bonus=indicator.bonus,
        penalty=indicator.penalty,
    )


def _parts(
    run: Run, scorecard: str, items: tuple[Item, ...], package: Package, decided: set[tuple[int, str]]
) -> dict[int, Parts]:
    """Each score's shares and points, and their intervals, in the order of the items."""
    known = {item.id: (at, StoredItem(item, package.indicator(item.id))) for at, item in enumerate(items)}
    found: dict[int, Parts] = defaultdict(lambda: ([None] * len(items), [None] * len(items)))
    lines = ScoreLine.objects.filter(score__run=run, score__scorecard=scorecard).order_by()
    rows: Iterable[tuple[Any, ...]] = lines.values_list(
        "score_id", "indicator", "points", "numerator", "denominator"
    ).iterator(chunk_size=5000)
    for score, indicator, points, *counts in rows:
        if indicator in known:
            at, stored = known[indicator]
            shares, spreads = found[score]
            num, den = (None, None) if decided and (score, indicator) in decided else counts
            shares[at], spreads[at] = stored[points, num, den]
    return found


def _decided(run: Run, scorecard: str, keys: dict[tuple[int, int | None], int]) -> set[tuple[int, str]]:
    """(score, indicator) of lines whose points a review or an appeal set: what was counted no longer matters."""
    made = Adjustment.objects.filter(cycle=run.cycle_id, scorecard=scorecard, made_at__lte=run.computed_at)
    rows = made.values_list("unit_id", "office_id", "indicator")
    return {(keys[unit, office], indicator) for unit, office, indicator in rows if (unit, office) in keys}


def limits_of(rules: Scorecard, vetoes: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Unit → the lowest grade that its vetoes, (unit, veto), limit it to."""
    effects = {str(each["id"]): str(each["effect"]["max_grade"]) for each in rules.vetoes}
    order = [each.id for each in sorted(rules.grades, key=lambda each: each.min)]
    found: dict[int, str] = {}
    for unit, veto in vetoes:
        limit = effects.get(veto, "")
        if limit in order and (unit not in found or order.index(limit) < order.index(found[unit])):
            found[unit] = limit
    return found


def _vetoes(run: Run, scorecard: str) -> list[tuple[int, str]]:
    """(unit, veto) as the run read them. The run's own data is opened only where some veto may have been in force."""
    then = run.computed_at
    possible = Veto.objects.filter(
        Q(lifted_at=None) | Q(lifted_at__gt=then),
        cycle=run.cycle_id,
        scorecard=scorecard,
        confirmed_at__lte=then,
        appeal_until__lt=max(run.as_of, timezone.localdate(then)),
    )
    rows = list(possible.values_list("unit_id", "veto"))
    if not rows:
        return []
    try:
        read = stored_snapshot(run)["vetoes"]
    except Refusal:  # a run from before data was kept
        return rows
    return [(unit, veto) for _pk, unit, card, veto, _reason in read if card == scorecard]
