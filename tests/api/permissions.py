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
RUN, ANSWER, RUN_CASES = "supervision.run", "supervision.answer", "cases.run"


def moves(name: str, reach: str, key: str, **functions: str) -> dict[str, ApiRule]:
    """The acts below the address of one row, each with its function."""
    return {
        f"api-{name}-{noun.replace('_', '-')}": ApiRule("", function, reach, key)
        for noun, function in functions.items()
    }


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
    "api-claims-to-review": ApiRule("obligations.review"),
    "api-records": ApiRule(READ, WRITE),
    "api-record": ApiRule(READ, "", "unit", "record"),
    "api-record-evidence": ApiRule(READ, "", "unit", "record"),
    "api-evidence": ApiRule(READ, "", "unit", "evidence"),
    "api-evidence-file": ApiRule(READ, "", "unit", "evidence"),
    "api-tasks": ApiRule(READ),
    "api-task": ApiRule(READ, "", "unit", "task"),
    "api-matters": ApiRule(READ, RUN),
    "api-matter": ApiRule(READ, "", "unit", "matter"),
    "api-matter-part": ApiRule(READ, "", "unit", "matter_part"),
    "api-findings": ApiRule(READ),
    "api-finding": ApiRule(READ, "", "unit", "finding"),
    "api-cases": ApiRule(HANDLE),
    "api-case": ApiRule(HANDLE, "", "city", "case"),
    "api-scores": ApiRule(READ),
    "api-score": ApiRule(READ, "", "score", "score"),
    "api-score-rows": ApiRule(READ, "", "score", "line"),
    "api-board": ApiRule(READ, "", "unit", "cycle_unit"),
    "api-homes": ApiRule(READ),
    "api-home": ApiRule(READ, "", "near", "a_home"),
    "api-rooms": ApiRule(READ),
    "api-room": ApiRule(READ, "", "near", "room"),
    "api-bookings": ApiRule(READ, WRITE),
    "api-booking": ApiRule(READ, "", "unit", "room_booking"),
    "api-activities": ApiRule(READ, WRITE),
    "api-activity": ApiRule(READ, "", "unit", "activity"),
    "api-service-items": ApiRule(READ),
    "api-services": ApiRule(READ, WRITE),
    "api-service": ApiRule(READ, "", "absent"),
    "api-demands": ApiRule(READ, WRITE),
    "api-demand": ApiRule(READ, "", "unit", "demand"),
    "api-campaigns": ApiRule(READ),
    "api-campaign": ApiRule(READ, "", "cycle", "campaign"),
    "api-campaign-measure": ApiRule(READ, "", "cycle", "campaign"),
    "api-meetings": ApiRule(READ),
    "api-meeting": ApiRule(READ, "", "unit", "meeting"),
    "api-partners": ApiRule("partners.read"),
    "api-partner": ApiRule("partners.read", "", "unit", "partner"),
    **moves(
        "duty-list", "unit", "duty_list", signatures="duties.sign", objections="duties.object",
        objection_answers="duties.issue",
    ),
    **moves(
        "obligation", "unit", "obligation", reviews="obligations.review", extensions="obligations.claim",
        extension_decisions=RUN, suspensions=RUN, resumptions=RUN,
    ),
    **moves(
        "task", "unit", "task", milestones=READ, splits="tasks.split", question_answers="tasks.issue"
    ),
    **moves(
        "matter", "unit", "matter", drafts=RUN, registrations=RUN, dispatches=RUN, verifications=READ,
        returns=READ, closings=RUN, suspensions=RUN, resumptions=RUN, cancellations=RUN, reopenings=RUN,
        mergers=RUN, subscriptions=READ, subscription_ends=READ,
    ),
    **moves(
        "matter-part", "unit", "matter_part", signatures=ANSWER, refusals=ANSWER, refusal_answers=READ,
        splits=ANSWER, extensions=ANSWER, extension_decisions=RUN,
    ),
    **moves("finding", "unit", "finding", replies=ANSWER, rechecks=ANSWER),
    **moves(
        "case", "city", "case", acceptances=HANDLE, amendments=HANDLE, refusals=HANDLE, referrals=HANDLE,
        assignments=HANDLE, hosts=HANDLE, extensions=HANDLE, pauses=HANDLE, resumptions=HANDLE, answers=HANDLE,
        closings=HANDLE, reopenings=HANDLE, withdrawals=HANDLE, releases=HANDLE, disputes=HANDLE,
        dispute_decisions=HANDLE, review_answers=HANDLE, call_backs=RUN_CASES,
    ),
    **moves("booking", "unit", "room_booking", cancellations=WRITE),
}  # fmt: skip
