"""What the package says about cases, as typed terms; where it is silent, what the petition regulation says.

信访工作条例 (2022): 告知 第23条 15 日, 异议 第23条 5 个工作日, 办结 第34条 60 日、延长不超过 30 日, 复查复核 第35、36条 30 日.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guantong.kernel.decimals import exact
from guantong.kernel.workdays import WorkdayCalendar
from guantong.mechanisms.package import Package

KEPT, WITHDRAWN_KEPT = 730, 90  # days, where the package does not say


@dataclass(frozen=True, slots=True)
class Term:
    """So many days, or working days. The day it runs from is not counted."""

    number: int
    workdays: bool = False

    def end(self, start: dt.date, calendar: WorkdayCalendar) -> dt.date:
        """Its last day. Days run past weekends and holidays; working days go by the calendar."""
        if self.workdays:
            return calendar.add_workdays(start, self.number)
        return start + dt.timedelta(days=self.number)


@dataclass(frozen=True, slots=True)
class CaseTerms:
    """The periods and shares of one package."""

    notify: Term = Term(15)
    dispute: Term = Term(5, workdays=True)
    close: Term = Term(60)
    extend: Term = Term(30)
    ask_review: Term = Term(30)
    review: Term = Term(30)
    ask_second: Term = Term(30)
    second_review: Term = Term(30)
    call_back_agreed: Decimal = Decimal("0.05")
    call_back_one_sided: Decimal = Decimal("0.3")
    taken_over_when: frozenset[str] = frozenset({"overdue", "repeat"})
    kept_days: int = KEPT  # contact and words, after the case is closed
    withdrawn_days: int = WITHDRAWN_KEPT  # the same, after it was withdrawn


# Our word for a period: the package's (block, key of the number of days) in the order tried.
_SAID: dict[str, tuple[tuple[str, str], ...]] = {
    "notify": (("notify", ""), ("verify", "")),
    "dispute": (("dispute_jurisdiction", ""),),
    "close": (("close", ""), ("answer", "")),
    "extend": (("extend", ""),),
    "ask_review": (("review", "ask_days"),),
    "review": (("review", "answer_days"),),
    "ask_second": (("recheck", "ask_days"),),
    "second_review": (("recheck", "answer_days"),),
}


def terms_of(package: Package) -> CaseTerms:
    """From the first reception rule of the package; a package without one has the terms of the regulation."""
    rule: Mapping[str, Any] = next(iter(package.reception), {})
    found: dict[str, Any] = {}
    for name, places in _SAID.items():
        for block, key in places:
            term = _term(rule.get("deadlines", {}).get(block), key)
            if term is not None:
                found.setdefault(name, term)
    shares = rule.get("call_back", {})
    for name in ("agreed", "one_sided"):
        if name in shares:
            found[f"call_back_{name}"] = exact(shares[name])
    if "host_takes_over" in rule:
        when = rule["host_takes_over"].get("when", [])
        found["taken_over_when"] = frozenset([when] if isinstance(when, str) else when)
    closed = package.kept_days("case", rule.get("retention", {}).get("closed_days"), default=KEPT)
    found["kept_days"] = closed
    found["withdrawn_days"] = min(closed, package.kept_days("appointment", default=WITHDRAWN_KEPT))
    return CaseTerms(**found)


def _term(said: Mapping[str, Any] | None, key: str) -> Term | None:
    if not said:
        return None
    if key:
        return Term(int(said[key])) if key in said else None
    if "workdays" in said:
        return Term(int(said["workdays"]), workdays=True)
    return Term(int(said["days"])) if "days" in said else None
