"""The acts on what there is: an address below that of the row for each, named for what is made there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guantong.api.contract.acts import Act, Write
from guantong.api.resources import (
    case_acts,
    case_hands,
    duty_acts,
    findings,
    matter_acts,
    obligation_acts,
    part_acts,
    rooms,
    task_acts,
)

# address of the row, its name, and the acts on it by the last part of their address
OF_ROWS: Sequence[tuple[str, str, dict[str, Write]]] = (
    ("duty-lists", "duty-list", {
        "signatures": duty_acts.SIGNATURE,
        "objections": duty_acts.OBJECTION,
        "objection-answers": duty_acts.OBJECTION_ANSWER,
    }),
    ("obligations", "obligation", {
        "reviews": obligation_acts.REVIEW,
        "extensions": obligation_acts.EXTENSION,
        "extension-decisions": obligation_acts.EXTENSION_DECISION,
        "suspensions": obligation_acts.SUSPENSION,
        "resumptions": obligation_acts.RESUMPTION,
    }),
    ("tasks", "task", {
        "milestones": task_acts.MILESTONE,
        "splits": task_acts.SPLIT,
        "question-answers": task_acts.QUESTION_ANSWER,
    }),
    ("matters", "matter", {
        "drafts": matter_acts.DRAFT,
        "registrations": matter_acts.REGISTRATION,
        "dispatches": matter_acts.DISPATCH,
        "verifications": matter_acts.VERIFICATION,
        "returns": matter_acts.RETURN,
        "closings": matter_acts.CLOSING,
        "suspensions": matter_acts.SUSPENSION,
        "resumptions": matter_acts.RESUMPTION,
        "cancellations": matter_acts.CANCELLATION,
        "reopenings": matter_acts.REOPENING,
        "mergers": matter_acts.MERGER,
        "subscriptions": matter_acts.SUBSCRIPTION,
        "subscription-ends": matter_acts.SUBSCRIPTION_END,
    }),
    ("matter-parts", "matter-part", {
        "signatures": part_acts.SIGNATURE,
        "refusals": part_acts.REFUSAL,
        "refusal-answers": part_acts.REFUSAL_ANSWER,
        "splits": part_acts.SPLIT,
        "extensions": part_acts.EXTENSION,
        "extension-decisions": part_acts.EXTENSION_DECISION,
    }),
    ("findings", "finding", {"replies": findings.REPLY, "rechecks": findings.RECHECK}),
    ("cases", "case", {
        "acceptances": case_acts.ACCEPTANCE,
        "amendments": case_acts.AMENDMENT,
        "refusals": case_acts.REFUSAL,
        "referrals": case_acts.REFERRAL,
        "assignments": case_acts.ASSIGNMENT,
        "hosts": case_acts.HOST,
        "extensions": case_acts.EXTENSION,
        "pauses": case_acts.PAUSE,
        "resumptions": case_acts.RESUMPTION,
        "answers": case_acts.ANSWER,
        "closings": case_acts.CLOSING,
        "reopenings": case_acts.REOPENING,
        "withdrawals": case_acts.WITHDRAWAL,
        "releases": case_hands.RELEASE,
        "disputes": case_hands.DISPUTE,
        "dispute-decisions": case_hands.DISPUTE_DECISION,
        "review-answers": case_hands.REVIEW_ANSWER,
        "call-backs": case_hands.CALL_BACK,
    }),
    ("bookings", "booking", {"cancellations": rooms.CANCELLATION}),
)  # fmt: skip


def _addresses() -> Iterator[tuple[str, str, tuple[Act, ...]]]:
    for rows, name, acts in OF_ROWS:
        for noun, act in acts.items():
            yield f"{rows}/<int:pk>/{noun}/", f"api-{name}-{noun}", (act,)


ACTS = tuple(_addresses())
