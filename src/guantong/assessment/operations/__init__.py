"""What assessment does: runs and their publication, marks and facts, the year's round."""

from guantong.assessment.operations.appeals import appeal_line, decide_appeal
from guantong.assessment.operations.corrections import ask_correction, publish_result
from guantong.assessment.operations.facts import confirm_fact
from guantong.assessment.operations.marks import Given, give_mark, give_marks, marks_in_force
from guantong.assessment.operations.round_changes import (
    CANCEL,
    MOVE_DAY,
    apply_cancellation,
    apply_move,
    ask_cancellation,
    move_day,
)
from guantong.assessment.operations.rounds import ask_round_publication, move_on, open_round
from guantong.assessment.operations.runs import (
    PUBLISH,
    ask_publication,
    canonical_result,
    publish,
    run_scores,
)
from guantong.assessment.operations.self_scores import (
    agree_with_lines,
    review_agreed,
    review_self_score,
    state_points,
)
from guantong.assessment.operations.vetoes import confirm_veto, lift_veto

__all__ = [
    "CANCEL",
    "MOVE_DAY",
    "PUBLISH",
    "Given",
    "agree_with_lines",
    "appeal_line",
    "apply_cancellation",
    "apply_move",
    "ask_cancellation",
    "ask_correction",
    "ask_publication",
    "ask_round_publication",
    "canonical_result",
    "confirm_fact",
    "confirm_veto",
    "decide_appeal",
    "give_mark",
    "give_marks",
    "lift_veto",
    "marks_in_force",
    "move_day",
    "move_on",
    "open_round",
    "publish",
    "publish_result",
    "review_agreed",
    "review_self_score",
    "run_scores",
    "state_points",
]
