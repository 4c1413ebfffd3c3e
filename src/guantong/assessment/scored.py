"""What scoring makes: a line for each indicator, a score for each subject of a card, and what was read for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from guantong.assessment.algebra import CardScore
from guantong.assessment.intervals import Spread
from guantong.assessment.measures import Reading, Subject
from guantong.mechanisms.package import Indicator, Scorecard


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of a subject. ``status`` is the reading's, or measured where people set the points."""

    indicator: Indicator
    weight: Decimal | None
    reading: Reading
    status: str
    points: Decimal | None
    formula: str
    spread: Spread | None = None


@dataclass
class Scored:
    """One subject on one scorecard.

    ``rank`` and ``band`` are set only where the card ranks and enough of the group have a total; ``low`` and
    ``high`` bound the total (`intervals.py`).
    """

    scorecard: str
    subject: Subject
    card: CardScore
    lines: list[Line]
    grade: str | None = None
    rank: int | None = None
    group: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    band: int | None = None
    steps: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CardReadings:
    """What was measured for everybody on one card: reading by indicator, for each subject in order."""

    card: Scorecard
    subjects: list[Subject]
    readings: list[dict[str, Reading]]
