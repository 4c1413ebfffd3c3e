"""The one transition table of a meeting."""

from __future__ import annotations

from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import MeetingStage
from guantong.leadership.models import Meeting

MOVES: dict[str, tuple[frozenset[str], str]] = {
    "call": (frozenset({MeetingStage.PLANNED}), MeetingStage.CALLED),
    "hold": (frozenset({MeetingStage.CALLED}), MeetingStage.HELD),
    "cancel": (frozenset({MeetingStage.PLANNED, MeetingStage.CALLED}), MeetingStage.CANCELLED),
}
OPEN = (MeetingStage.PLANNED, MeetingStage.CALLED)


def may_move(meeting: Meeting, move: str) -> bool:
    return meeting.stage in MOVES[move][0]


def moved(meeting: Meeting, move: str, *, said: object) -> None:
    """Put the meeting's next stage on it; refuse with ``said`` where the table knows no such move."""
    if not may_move(meeting, move):
        raise Refusal(said)
    meeting.stage = MOVES[move][1]
