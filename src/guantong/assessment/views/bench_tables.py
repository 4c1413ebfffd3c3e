"""Rows and drawings of the bench's pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.assessment.bench import Card, Change, Stability, Steadiness, Trial
from guantong.assessment.models import Score
from guantong.assessment.standing import GRADE_TONES, grade_name
from guantong.mechanisms.package import Scorecard
from guantong.ui.tables import SORT, Column, Listing

CHARTED_BARS, CHARTED_PLACES = 12, 20
FIRM = 0.95

CHANGES = [
    Column("unit", gettext_lazy("考核对象")),
    Column("total", gettext_lazy("得分"), ("total",), is_number=True),
    Column("rank", gettext_lazy("位次"), ("rank",), is_number=True),
    Column("moved", gettext_lazy("升降"), ("moved",), is_number=True),
    Column("grade", gettext_lazy("等次")),
    Column("band", gettext_lazy("分档"), is_number=True),
]


def group_names(rules: Scorecard, card: Card) -> list[tuple[str, object]]:
    """The groups of comparable units, with their names; none where there is only one."""
    names = {each.id: each.name for each in rules.groups}
    if len(card.groups) < 2:
        return []
    return [(name, names.get(name, name) or _("其他")) for name in card.groups]


def changes(trial: Trial, rows: Iterable[Change], params: QueryDict) -> Listing:
    """Those whose grade changes first, then whose band does, then by how far they move; or as the address asks."""
    asked = params.get(SORT, "")
    key = asked.removeprefix("-")
    orders: dict[str, Any] = {
        "total": lambda each: -1 if each.total[1] is None else each.total[1],
        "rank": lambda each: each.rank[1] or 10**9,
        "moved": lambda each: each.moved or 0,
    }
    if key in orders:
        ordered = sorted(rows, key=orders[key], reverse=asked.startswith("-"))
    else:
        ordered = sorted(
            rows, key=lambda each: (not each.changes_grade, not each.changes_band, -abs(each.moved or 0))
        )
    listing = Listing.of(ordered, params, CHANGES, id="bench-rows", sort="")
    scores = _scores(each.key for each in listing)
    listing.page.object_list = [_change(trial, each, scores) for each in listing]
    return listing


def _scores(keys: Iterable[int]) -> dict[int, Score]:
    """The scores of one page, with the names to show."""
    found = Score.objects.filter(pk__in=list(keys)).select_related("unit", "office")
    return {each.pk: each for each in found}


def _change(trial: Trial, each: Change, scores: dict[int, Score]) -> dict[str, Any]:
    score = scores[each.key]
    before, after = (_grade(trial, level) for level in each.level)
    return {
        "score": score,
        "name": score.office or score.unit,
        "total": [_points(total) for total in each.total],
        "rank": each.rank,
        "same_total": each.total[0] == each.total[1],
        "same_rank": each.rank[0] == each.rank[1],
        "moved": each.moved,
        "steps": abs(each.moved or 0),
        "before": before,
        "after": after,
        "changes_grade": each.changes_grade,
        "band": [band or "—" for band in each.band],
        "changes_band": each.changes_band,
    }


def _points(total: int | None) -> str:
    return "" if total is None else f"{total // 100}.{total % 100:02}"


def _grade(trial: Trial, level: int) -> dict[str, Any]:
    grade = trial.grade_of(level)
    return {"name": grade_name(grade) if grade else "", "tone": GRADE_TONES.get(grade, "")}


def steadiness(trial: Trial, found: Stability, params: QueryDict, *, group: str) -> dict[str, Any]:
    """The table and the two drawings, the least firm first."""
    entrants = {each.key: at for at, each in enumerate(trial.card.entrants)}
    counted = [
        each
        for each in found.entrants
        if trial.card.entrants[entrants[each.key]].total is not None
        and (not group or trial.card.entrants[entrants[each.key]].group == group)
    ]
    levels = [
        level for level in range(len(trial.places.bands), -1, -1) if any(e.levels[level] for e in counted)
    ]
    columns = [
        Column("unit", gettext_lazy("考核对象")),
        Column("rank", gettext_lazy("位次"), ("rank",), is_number=True),
        Column("places", gettext_lazy("位次（中位，5%—95%）"), is_number=True),
        Column("kept", gettext_lazy("保持现等次"), ("kept",), is_number=True),
        *(Column(f"level{each}", _grade(trial, each)["name"] or "—", is_number=True) for each in levels),
    ]
    ranks = {key: trial.before.ranks[at] for key, at in entrants.items()}
    asked = params.get(SORT, "")
    if asked.removeprefix("-") == "rank":
        ordered = sorted(counted, key=lambda e: ranks[e.key] or 10**9, reverse=asked.startswith("-"))
    else:
        ordered = sorted(counted, key=lambda e: e.kept, reverse=asked == "-kept")
    listing = Listing.of(ordered, params, columns, id="steadiness", sort="kept")
    least = sorted(counted, key=lambda e: e.kept)[:CHARTED_BARS]
    placed = sorted((e for e in counted if ranks[e.key] and e.median), key=lambda e: ranks[e.key])
    scores = _scores({each.key for each in (*listing, *least)})
    bars = [{"label": str(scores[e.key].office or scores[e.key].unit), **_share(e, found)} for e in least]
    shown = [_steady(trial, each, found, scores, ranks[each.key], levels, entrants) for each in listing]
    listing.page.object_list = shown
    return {
        "listing": listing,
        "bars": [each for each in bars if each["value"] < 100],
        "series": _series(placed[:CHARTED_PLACES]),
        "labels": [str(ranks[each.key]) for each in placed[:CHARTED_PLACES]],
        "scored": len(counted),
        "firm": sum(each.kept >= FIRM * found.draws for each in counted),
        "one_group": bool(group) or len(trial.card.groups) < 2,
    }


def _share(each: Steadiness, found: Stability) -> dict[str, Any]:
    share = _percent(each.kept, found.draws)
    return {"value": float(share), "text": f"{share}%"}


def _percent(count: int, draws: int) -> str:
    return f"{100 * count / draws:.1f}".removesuffix(".0")


def _steady(
    trial: Trial,
    each: Steadiness,
    found: Stability,
    scores: dict[int, Score],
    rank: int,
    levels: Sequence[int],
    entrants: dict[int, int],
) -> dict[str, Any]:
    score = scores[each.key]
    return {
        "score": score,
        "name": score.office or score.unit,
        "rank": rank or None,
        "steady": each,
        "grade": _grade(trial, trial.before.levels[entrants[each.key]]),
        "kept": _percent(each.kept, found.draws),
        "shares": [
            {"label": _grade(trial, level)["name"] or "—", "share": _percent(each.levels[level], found.draws)}
            for level in levels
        ],
    }


def _series(placed: Sequence[Steadiness]) -> list[tuple[str, list[int | None]]]:
    if len(placed) < 2:
        return []
    return [
        (_("中位"), [each.median for each in placed]),
        (_("较好（5%）"), [each.low for each in placed]),
        (_("较差（95%）"), [each.high for each in placed]),
    ]
