"""What is sent with an act: the fields of the form on the page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from guantong.api.shapes.common import Id
from guantong.api.shapes.terms import Text
from guantong.api.shapes.work import Verdict


@dataclass(frozen=True, slots=True)
class NewMove:
    """Nothing besides: ``{}``."""


@dataclass(frozen=True, slots=True)
class NewReason:
    """Why."""

    reason: Annotated[str, Text(1, 500)]


@dataclass(frozen=True, slots=True)
class NewReview:
    """The answer to a claim: accepted, or returned with a reason that says what is missing."""

    claim: Id
    verdict: Verdict
    reason: Annotated[str, Text(most=500)] = ""


@dataclass(frozen=True, slots=True)
class NewExtension:
    """Until when more time is asked for, and why."""

    until: dt.date
    reason: Annotated[str, Text(1, 500)]


@dataclass(frozen=True, slots=True)
class NewDecision:
    """The answer to a request for more time."""

    extension: Id
    granted: bool
    decision: Annotated[str, Text(most=500)] = ""


@dataclass(frozen=True, slots=True)
class NewSuspension:
    """The clock stands still, or (``excused``) the obligation is taken off."""

    excused: bool
    reason: Annotated[str, Text(1, 500)]
