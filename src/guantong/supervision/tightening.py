"""层层加码: where a level asks more than the level above asked of it – an earlier date, a higher target, more reports.

It forbids nothing. Both ends see it: whoever passed the work on, and whoever got it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guantong.kernel.decimals import plain
from guantong.supervision.models import MatterPart

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


def ask_of(part: MatterPart) -> Ask:
    """What was asked of a part when it was handed out: an extension later on is no tightening, nor its absence."""
    due = part.obligation.original_due_on if part.obligation else None
    return Ask(due or part.due_on, part.target, part.target_unit, part.base_report_days)


def tightening_of(part: MatterPart) -> list[Tightening]:
    """A part against the one it was split from, or against the matter where it comes from there.

    The matter itself asks a date; targets and reports it asks part by part, so there only the date is compared.
    """
    mine = ask_of(part)
    if part.parent is not None:
        return tightened(mine, ask_of(part.parent))
    matter = Ask(part.matter.first_due_on, mine.target, mine.target_unit, mine.report_days)
    return tightened(mine, matter)
