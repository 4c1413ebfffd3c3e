"""What assessment keeps: runs and scores; the year's round with self-scores, appeals, adjustments and vetoes."""

from guantong.assessment.models.rounds import (
    OVER,
    Adjustment,
    Appeal,
    Round,
    RoundChange,
    RoundStage,
    SelfScore,
    Veto,
)
from guantong.assessment.models.scores import (
    ConfirmedFact,
    LineStatus,
    Mark,
    Provenance,
    Publication,
    Run,
    RunData,
    Score,
    ScoreLine,
    Side,
)

__all__ = [
    "OVER",
    "Adjustment",
    "Appeal",
    "ConfirmedFact",
    "LineStatus",
    "Mark",
    "Provenance",
    "Publication",
    "Round",
    "RoundChange",
    "RoundStage",
    "Run",
    "RunData",
    "Score",
    "ScoreLine",
    "SelfScore",
    "Side",
    "Veto",
]
