"""What supervision keeps: matters and their chain, findings, sample checks, visits, circulars."""

from guantong.supervision.models.circulars import Circular, Figure
from guantong.supervision.models.findings import Escalation, Finding, FindingNotice, Recheck, Reply, Ruling
from guantong.supervision.models.matters import Matter, MatterPart, Step, Subscription
from guantong.supervision.models.samples import Sample, SampleCheck, SampleItem
from guantong.supervision.models.visits import Visit

__all__ = [
    "Circular",
    "Escalation",
    "Figure",
    "Finding",
    "FindingNotice",
    "Matter",
    "MatterPart",
    "Recheck",
    "Reply",
    "Ruling",
    "Sample",
    "SampleCheck",
    "SampleItem",
    "Step",
    "Subscription",
    "Visit",
]
