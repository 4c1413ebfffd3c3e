"""层层加码: where a level asks more than the level above asked of it – an earlier date, a higher target, more reports.

It forbids nothing. Both ends see it: whoever passed the work on, and whoever got it. Matters and tasks hold their parts
against each other with this one rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.kernel.decimals import plain

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words
else:
    Words = object


class Kind(models.TextChoices):
    DATE = "date", _("期限提前")
    TARGET = "target", _("目标加码")
    FREQUENCY = "frequency", _("报送加密")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked at one level: by when, how much of what, a report every so many days."""

    due_on: dt.date
    target: Decimal | None = None
    target_unit: str = ""
    report_days: int | None = None


@dataclass(frozen=True, slots=True)
class Tightening:
    """One demand that grew on the way down."""

    kind: str
    above: object
    below: object
    sentence: Words


def tightened(below: Ask, above: Ask) -> list[Tightening]:
    """What ``below`` asks beyond ``above``. Targets are compared only in the same unit of measure.

    A target where there was none, and reports where none were asked, are tightening too.
    """
    found = []
    if below.due_on < above.due_on:
        days = (above.due_on - below.due_on).days
        found.append(
            _of(
                Kind.DATE,
                above.due_on,
                below.due_on,
                _("期限比上一级早 {days} 天：{above} → {below}。"),
                days=days,
            )
        )
    if below.target is not None and (
        above.target is None or (below.target_unit == above.target_unit and below.target > above.target)
    ):
        sentence = (
            _("上一级没有定目标，这一级定了 {below}。")
            if above.target is None
            else _("目标比上一级高：{above} → {below}。")
        )
        found.append(_of(Kind.TARGET, _amount(above), _amount(below), sentence))
    if below.report_days is not None and (above.report_days is None or below.report_days < above.report_days):
        sentence = (
            _("上一级不要求定期报告，这一级每 {below} 天一次。")
            if above.report_days is None
            else _("报告比上一级频繁：每 {above} 天 → 每 {below} 天一次。")
        )
        found.append(_of(Kind.FREQUENCY, above.report_days, below.report_days, sentence))
    return found  # fmt: skip


def _of(kind: Kind, above: object, below: object, sentence: Words, **more: object) -> Tightening:
    return Tightening(kind, above, below, format_lazy(sentence, above=above, below=below, **more))


def _amount(ask: Ask) -> str:
    return "" if ask.target is None else f"{plain(ask.target)}{ask.target_unit}"


def told_once(found: Iterable[tuple[str, Tightening]]) -> list[dict[str, Words]]:
    """(unit, tightening) pairs with the same tightening of several units said once: ``units`` and ``sentence``."""
    units: dict[str, list[str]] = {}
    for unit, each in found:
        units.setdefault(str(each.sentence), []).append(unit)
    return [{"units": named(names), "sentence": sentence} for sentence, names in units.items()]


def named(names: Sequence[str]) -> str:
    """Up to four names, then how many there are."""
    if len(names) <= 4:
        return gettext("、").join(names)
    return gettext("%(some)s等 %(n)s 个单位") % {"some": gettext("、").join(names[:3]), "n": len(names)}
