"""When a request asks, what it costs, and what stands against it until a leader signs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.burden.choices import Per
from guantong.kernel.bilingual import Text
from guantong.kernel.periods import periods
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.notices.said import Said, words

LONGEST = {"title": 120, "purpose": 300, "basis": 300}
MOST_DUE_DAYS = 60


@dataclass(frozen=True, slots=True)
class Terms:
    """What a request says apart from its fields and its units."""

    title: str
    purpose: str
    basis: str
    pillar: str
    per: str
    starts_on: dt.date
    due_days: int
    ends_on: dt.date


@dataclass(frozen=True, slots=True)
class Window:
    """One time that a unit is asked: from which day it can answer, by which day it should."""

    label: Text
    starts_on: dt.date
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class Objection:
    """Something that stands against a request: its kind (`choices.Concern`), and what is said, for any language."""

    kind: str
    said: Said

    @property
    def sentence(self) -> str:
        return words(self.said)


@dataclass(frozen=True, slots=True)
class Cost:
    """Minutes × units × times: the price of a request before it is issued."""

    minutes: int
    units: int
    times: int

    @property
    def forms(self) -> int:
        return self.units * self.times

    @property
    def total(self) -> int:
        return self.minutes * self.forms


def windows(per: str, starts_on: dt.date, ends_on: dt.date, due_days: int) -> list[Window]:
    """The times a request asks: once, or for each whole period; none is due after the request ends."""
    later = dt.timedelta(days=due_days)
    if per == Per.ONCE:
        return [Window(Text(""), starts_on, min(starts_on + later, ends_on))]
    return [
        Window(each.label, each.ends, each.ends + later)
        for each in periods(per, start=starts_on, end=ends_on)
        if each.ends + later <= ends_on
    ]


def refuse_unfit(terms: Terms, cycle: Cycle, *, today: dt.date) -> None:
    """Say no, with the reason, to terms nobody could ask on."""
    if not terms.title or not terms.purpose or not terms.basis:
        raise Refusal(_("请写明填什么、作什么用、依据什么。"))
    if any(len(getattr(terms, name)) > most for name, most in LONGEST.items()):
        raise Refusal(_("名称不超过 120 字，用途和依据各不超过 300 字。"))
    if terms.pillar not in {each.id for tier in cycle.package.tiers for each in tier.pillars}:
        raise Refusal(_("请选择对应的抓手。"))
    if terms.per not in Per.values:
        raise Refusal(_("请选择多久报一次。"))
    if not 0 <= terms.due_days <= MOST_DUE_DAYS:
        raise Refusal(_("报送时间须在 0 到 %(n)s 天之间。") % {"n": MOST_DUE_DAYS})
    if terms.ends_on < terms.starts_on:
        raise Refusal(_("截止日期早于开始日期。"))
    if terms.starts_on < today:
        raise Refusal(_("开始日期不能早于今天。"))
    if terms.starts_on.year != cycle.year or terms.ends_on.year != cycle.year:
        raise Refusal(_("填报要求须在 %(year)s 年内结束，跨年的请另行下发。") % {"year": cycle.year})
    if not windows(terms.per, terms.starts_on, terms.ends_on, terms.due_days):
        raise Refusal(_("从开始到截止没有完整的一期，请放宽日期，或改为只报一次。"))
