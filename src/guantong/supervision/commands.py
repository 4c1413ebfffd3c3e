"""``matters``; and ``verify-draw``, which repeats a draw made in public."""

from __future__ import annotations

from typing import Any

from guantong.kernel.commands import Arguments, Command, Report
from guantong.kernel.refusals import Refusal
from guantong.supervision import matter_commands
from guantong.supervision import verify_draw as draw


def verify_draw(given: Arguments, report: Report) -> dict[str, Any]:
    """Rank the ids of a list by the seed and name the first N; asks no database."""
    try:
        answer = draw.verify_file(given.list, given.seed, given.number)
    except draw.CannotDraw as error:
        raise Refusal(str(error)) from error
    for line in draw.lines(answer):
        report.say(line)
    return answer


COMMANDS = [
    *matter_commands.COMMANDS,
    Command("verify-draw", "repeat a public draw from its list and seed", verify_draw, draw.add_arguments),
]
