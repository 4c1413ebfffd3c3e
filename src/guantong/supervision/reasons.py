"""Why a step of the ladder is proposed, in a sentence that is read in any language."""

from __future__ import annotations

import re
from typing import Any

from guantong.notices.said import Said, say_counted
from guantong.supervision.choices import LadderStep

SENTENCES: dict[str, dict[str, Any]] = {
    LadderStep.REMIND: say_counted(
        "“%(title)s”应于 %(due)s 完成，已逾期 %(n)s 个工作日，建议提醒。",
        "“%(title)s”应于 %(due)s 完成，已逾期 %(n)s 个工作日，建议提醒。",
        0,
    ),
    LadderStep.TALK: say_counted(
        "“%(title)s”应于 %(due)s 完成，提醒后仍未完成，已逾期 %(n)s 个工作日，建议约谈。",
        "“%(title)s”应于 %(due)s 完成，提醒后仍未完成，已逾期 %(n)s 个工作日，建议约谈。",
        0,
    ),
    LadderStep.CIRCULAR: say_counted(
        "“%(title)s”应于 %(due)s 完成，已逾期 %(n)s 个工作日，建议列入下一期通报。",
        "“%(title)s”应于 %(due)s 完成，已逾期 %(n)s 个工作日，建议列入下一期通报。",
        0,
    ),
    LadderStep.REFER: say_counted(
        "“%(title)s”应于 %(due)s 完成，通报后仍未完成，已逾期 %(n)s 个工作日，建议移交有关机关研究处理。",
        "“%(title)s”应于 %(due)s 完成，通报后仍未完成，已逾期 %(n)s 个工作日，建议移交有关机关研究处理。",
        0,
    ),
}


def reason_for(step: str, *, title: Said, due: str, n: int) -> Said:
    """The sentence of a step about something ``n`` working days overdue."""
    return SENTENCES[step] | {"count": n, "with": {"title": title, "due": due, "n": n}}


def read_back(sentence: str) -> Said:
    """What an earlier version kept as a finished Chinese sentence, taken apart again; as it is where it is another.

    Those rows stand in the log with their sentence, so they are read and not rewritten.
    """
    for step, kept in SENTENCES.items():
        found = _pattern(kept["say"]).fullmatch(sentence)
        if found:
            return reason_for(step, title=found["title"], due=found["due"], n=int(found["n"]))
    return sentence


def _pattern(text: str) -> re.Pattern[str]:
    """The text with what stands in its places: a title, a day, a number."""
    places = {"title": "(?P<title>.*)", "due": r"(?P<due>\d{4}-\d\d-\d\d)", "n": r"(?P<n>\d+)"}
    parts = re.split(r"%\((title|due|n)\)s", text)
    return re.compile(
        "".join(places[part] if at % 2 else re.escape(part) for at, part in enumerate(parts)), re.S
    )
