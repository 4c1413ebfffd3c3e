"""The table of permissions of the interface: every address, by method, with whose objects it reaches."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ApiRule:
    """``get`` and ``post`` are the functions; empty where the method is not answered. ``reach`` as in the pages' table."""

    get: str = ""
    post: str = ""
    reach: str = "none"
    key: str = ""

    @property
    def policy(self) -> str:
        """What the address declares."""
        return self.get or self.post


READ, WRITE, HANDLE = "business.read", "records.write", "cases.handle"

API_TABLE: dict[str, ApiRule] = {
    "api-me": ApiRule("signed_in"),
    "api-units": ApiRule(READ),
    "api-unit": ApiRule(READ, "", "unit", "unit_itself"),
    "api-offices": ApiRule(READ),
    "api-office": ApiRule(READ, "", "unit", "office"),
    "api-cycles": ApiRule(READ),
    "api-cycle": ApiRule(READ, "", "cycle", "cycle"),
    "api-notices": ApiRule(READ),
    "api-duty-lists": ApiRule(READ),
    "api-duty-list": ApiRule(READ, "", "unit", "duty_list"),
    "api-obligations": ApiRule(READ),
    "api-obligation": ApiRule(READ, "", "unit", "obligation"),
    "api-claims": ApiRule("", "obligations.claim", "unit", "obligation"),
    "api-records": ApiRule(READ, WRITE),
    "api-record": ApiRule(READ, "", "unit", "record"),
    "api-tasks": ApiRule(READ),
    "api-task": ApiRule(READ, "", "unit", "task"),
    "api-matters": ApiRule(READ),
    "api-matter": ApiRule(READ, "", "unit", "matter"),
    "api-cases": ApiRule(HANDLE),
    "api-case": ApiRule(HANDLE, "", "city", "case"),
    "api-scores": ApiRule(READ),
    "api-score": ApiRule(READ, "", "score", "score"),
    "api-score-rows": ApiRule(READ, "", "score", "line"),
    "api-board": ApiRule(READ, "", "unit", "cycle_unit"),
    "api-homes": ApiRule(READ),
    "api-home": ApiRule(READ, "", "near", "a_home"),
    "api-activities": ApiRule(READ, WRITE),
    "api-activity": ApiRule(READ, "", "unit", "activity"),
    "api-service-items": ApiRule(READ),
    "api-services": ApiRule(READ, WRITE),
    "api-service": ApiRule(READ, "", "absent"),
    "api-demands": ApiRule(READ, WRITE),
    "api-demand": ApiRule(READ, "", "unit", "demand"),
}
