"""Who may be compared with whom; places, grade quotas and bands within such a group."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from guantong.assessment.algebra import GradeBand, Placed, apply_share_limits, rank
from guantong.assessment.intervals import bands
from guantong.assessment.measures import Subject
from guantong.assessment.scored import Scored
from guantong.mechanisms.package import Scorecard


def group_of(card: Scorecard, subject: Subject) -> str:
    """The first group that names the unit, else the first that names its subkind; "" is those left over.

    A card without groups compares everybody it is for.
    """
    for group in card.groups:
        if subject.code in group.units:
            return group.id
    for group in card.groups:
        if subject.subkind and subject.subkind in group.subkinds:
            return group.id
    return ""


def grade_bands(card: Scorecard) -> list[GradeBand]:
    return [GradeBand(each.id, each.min, each.share_max) for each in card.grades]


def is_ranked(card: Scorecard) -> bool:
    """A card without grades is never ranked."""
    return bool(card.grades) and card.ranked


def place(card: Scorecard, results: Sequence[Scored]) -> None:
    """Give the card's results their places, group by group; fewer than ``min_n`` with a total are not placed."""
    if not is_ranked(card):
        return
    groups: dict[str, list[Scored]] = {}
    for each in results:
        if each.card.total is not None:
            groups.setdefault(each.group, []).append(each)
    for members in groups.values():
        if len(members) < card.min_n:
            for each in members:
                each.steps.append(
                    _("可比组内有得分的 %(n)s 个，少于 %(least)s 个：不排位次、不分档、不按比例限制等次")
                    % {"n": len(members), "least": card.min_n}
                )
        else:
            _place_group(card, members)


def _place_group(card: Scorecard, members: Sequence[Scored]) -> None:
    placed = [_placed(card, number, each) for number, each in enumerate(members)]
    for number, grade in apply_share_limits(placed, grade_bands(card)).items():
        if grade != members[number].grade:
            members[number].steps.append(
                _("等次比例限制：%(before)s → %(after)s") % {"before": members[number].grade, "after": grade}
            )
            members[number].grade = grade
    for number, position in rank(placed).items():
        members[number].rank = position
    order = sorted(placed, key=lambda each: each.order, reverse=True)
    ends = [(each.key, members[each.key].low, members[each.key].high) for each in order]
    known = [(key, low, high) for key, low, high in ends if low is not None and high is not None]
    for number, band in bands(known).items():
        members[number].band = band


def _placed(card: Scorecard, number: int, each: Scored) -> Placed:
    points = {line.indicator.id: line.points for line in each.lines}
    last = Decimal(-1)
    order = tuple(last if (found := points.get(key)) is None else found for key in card.tie_break)
    assert each.card.total is not None
    return Placed(key=number, total=each.card.total, grade=each.grade, tie_break=order)
