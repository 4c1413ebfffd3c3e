"""What is sent about cases. No name, no contact and no word of the applicant is taken here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from guantong.api.shapes.common import Id
from guantong.api.shapes.following import CaseKind
from guantong.api.shapes.terms import Number, Text

Outcome = Literal["solved", "partly", "explained"]
PauseReason = Literal["more", "hearing", "expert", "court", "force"]
Elsewhere = Literal["petition", "hotline", "court", "discipline", "police"]


@dataclass(frozen=True, slots=True)
class NewAcceptance:
    """``against`` is the unit complained of; null says that it is against none."""

    title: Annotated[str, Text(1, 200)]
    kind: CaseKind
    against: Id | None
    told: Annotated[str, Text(most=500)] = ""


@dataclass(frozen=True, slots=True)
class NewAmendment:
    title: Annotated[str, Text(1, 200)]
    against: Id | None


@dataclass(frozen=True, slots=True)
class NewReferral:
    """To which other statutory channel, and what the applicant is told."""

    elsewhere: Elsewhere
    told: Annotated[str, Text(1, 500)]


@dataclass(frozen=True, slots=True)
class NewAssignment:
    unit: Id
    part: Literal["lead", "cooperating"]
    wording: Annotated[str, Text(most=300)] = ""


@dataclass(frozen=True, slots=True)
class NewHost:
    """The leader who carries the case; with a reason where there was one before."""

    host: Id
    reason: Annotated[str, Text(most=500)] = ""


@dataclass(frozen=True, slots=True)
class NewCaseExtension:
    days: Annotated[int, Number(1, 366)]
    reason: Annotated[str, Text(1, 300)]


@dataclass(frozen=True, slots=True)
class NewPause:
    reason: PauseReason
    note: Annotated[str, Text(most=300)] = ""


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """What the applicant is told: sealed, read with the code alone."""

    wording: Annotated[str, Text(1, 4000)]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class NewReviewAnswer:
    """The answer to a review: the former answer stays (``upheld``), or the case is taken up again."""

    review: Id
    upheld: bool
    outcome: Outcome
    wording: Annotated[str, Text(1, 4000)]


@dataclass(frozen=True, slots=True)
class NewRelease:
    handling: Id
    reason: Annotated[str, Text(1, 500)]


@dataclass(frozen=True, slots=True)
class NewDisputeDecision:
    """``upheld`` takes the unit off the case; ``pass_to`` may name another at once."""

    dispute: Id
    upheld: bool
    decision: Annotated[str, Text(1, 500)]
    pass_to: Id | None = None


@dataclass(frozen=True, slots=True)
class NewCallBack:
    """What the applicant said when asked: solved, not solved, or not reached."""

    closure: Id
    result: Literal["yes", "no", "away"]
    stars: Annotated[int, Number(1, 5)] | None = None
