"""A case, its clocks, who handles it, and every word given and received about it: a file for each noun."""

from guantong.cases.models.answers import Answer, Rating, ReviewRequest
from guantong.cases.models.cases import Case, Proposal
from guantong.cases.models.clocks import Clock, Pause
from guantong.cases.models.closing import CallBack, CallBackDraw, Closure
from guantong.cases.models.handling import Dispute, Handling
from guantong.cases.models.steps import Addition, CaseStep

__all__ = [
    "Addition",
    "Answer",
    "CallBack",
    "CallBackDraw",
    "Case",
    "CaseStep",
    "Clock",
    "Closure",
    "Dispute",
    "Handling",
    "Pause",
    "Proposal",
    "Rating",
    "ReviewRequest",
]
