"""The `campaigns:` block of a package in typed words, and the criteria that can be measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guantong.kernel.bilingual import Text
from guantong.mechanisms.package import Package

QUARTER, YEAR = 91, 365  # days looked back from the day of a measure
ANSWER_WITHIN = 15  # days in which a demand should have its answer, where the package does not say
MIN_N = 5  # units; fewer are shown one by one, without a distribution, where the package does not say


@dataclass(frozen=True, slots=True)
class Terms:
    """A campaign of the package: over which kind of unit or which seats, measured by what.

    Fewer units than ``min_n`` are not told together; demands are in time when answered within ``answer_days``.
    """

    id: str
    name: Text
    kinds: tuple[str, ...]
    seats: tuple[str, ...]
    criteria: tuple[str, ...]
    min_n: int = MIN_N
    answer_days: int = ANSWER_WITHIN


@dataclass(frozen=True, slots=True)
class Criterion:
    """A measure of one unit on a day. ``is_share`` is in per cent, else a number; ``of`` is what it is measured on."""

    id: str
    label: Any
    how: Any
    of: str
    unit: Any = "%"
    is_share: bool = True
    is_read: bool = False


HOMES, SEATS = "homes", "seats"
CRITERIA: dict[str, Criterion] = {
    each.id: each
    for each in (
        Criterion(
            "open_hours_posted", _("公示开放时间"), _("之家登记中是否已公示开放时间；已公示计 100%，没有计 0%。"),
            HOMES, is_read=True,
        ),
        Criterion(
            "rules_posted", _("公示管理制度"), _("之家登记中是否已公示管理制度；已公示计 100%，没有计 0%。"), HOMES,
            is_read=True,
        ),
        Criterion(
            "activity_per_quarter", _("一个季度开展活动"), _("当天往前 91 天内开展的活动次数。"), HOMES, _("次"),
            is_share=False,
        ),
        Criterion(
            "training_once_a_year", _("一年内参加过培训"),
            _("当天在任的人中，往前 365 天内有经确认的学时或证书的所占比例。没有人在任的不计。"), SEATS,
        ),
        Criterion(
            "requests_answered_on_time", _("诉求按时答复"),
            _("当天往前 91 天内答复期满的诉求中，按期有答复的所占比例。没有诉求的不计。"), HOMES,
        ),
    )
}  # fmt: skip


def campaigns_of(package: Package) -> list[Terms]:
    """In the order of the package; none where it has no such block."""
    kinds = {each.id for each in package.unit_kinds}
    return [_read(row, kinds, answer_days(package)) for row in package.campaigns]


def answer_days(package: Package) -> int:
    """Days in which a demand should have its answer."""
    return int(package.demands.get("answer_days", ANSWER_WITHIN))


def _read(row: Mapping[str, Any], kinds: Iterable[str], within: int) -> Terms:
    over = row["over"] if not isinstance(row["over"], str) else [row["over"]]
    known = set(kinds)
    return Terms(
        id=str(row["id"]),
        name=Text.read(row["name"]),
        kinds=tuple(str(each) for each in over if each in known),
        seats=tuple(str(each) for each in over if each not in known),
        criteria=tuple(str(each) for each in row["criteria"]),
        min_n=int(row.get("min_n", MIN_N)),
        answer_days=within,
    )


def terms_named(package: Package, identifier: str) -> Terms | None:
    return next((each for each in campaigns_of(package) if each.id == identifier), None)
