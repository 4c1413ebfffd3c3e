"""What assessment keeps: runs and scores; the year's round with self-scores, appeals, adjustments and vetoes."""

from guantong.assessment.models.rounds import Adjustment, Appeal, Round, RoundStage, SelfScore, Veto
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
    "Adjustment",
    "Appeal",
    "ConfirmedFact",
    "LineStatus",
    "Mark",
    "Provenance",
    "Publication",
    "Round",
    "RoundStage",
    "Run",
    "RunData",
    "Score",
    "ScoreLine",
    "SelfScore",
    "Side",
    "Veto",
]
