"""The short test of a course: questions of single choice, read from and written as plain text.

A question is a block of lines: the question, then its answers, the right one with ``*`` before it. A blank line ends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal

MOST_QUESTIONS, MOST_ANSWERS, LONGEST = 30, 6, 300


@dataclass(frozen=True, slots=True)
class Question:
    """``right`` is the place of the right answer, from 0."""

    question: str
    answers: tuple[str, ...]
    right: int

    def as_plain(self) -> dict[str, Any]:
        return {"question": self.question, "answers": list(self.answers), "right": self.right}


def questions_in(text: str) -> list[Question]:
    """The questions of a text. Refuses, with the number of the question, what is not one."""
    blocks = [
        [line.strip() for line in block.splitlines() if line.strip()]
        for block in text.replace("\r\n", "\n").split("\n\n")
    ]
    found = [_question(number, lines) for number, lines in enumerate(filter(None, blocks), start=1)]
    if len(found) > MOST_QUESTIONS:
        raise Refusal(_("测试最多 %(n)s 题。") % {"n": MOST_QUESTIONS})
    return found


def _question(number: int, lines: Sequence[str]) -> Question:
    question, answers = lines[0], lines[1:]
    marked = [place for place, answer in enumerate(answers) if answer.startswith("*")]
    if not 2 <= len(answers) <= MOST_ANSWERS:
        raise Refusal(_("第 %(n)s 题须有 2 至 6 个选项，每个选项一行。") % {"n": number})
    if len(marked) != 1:
        raise Refusal(_("第 %(n)s 题须有且只有一个正确选项，在它前面加 *。") % {"n": number})
    bare = tuple(each.removeprefix("*").strip() for each in answers)
    if not all(bare) or any(len(each) > LONGEST for each in (question, *bare)):
        raise Refusal(_("第 %(n)s 题的题干和选项不能为空，不超过 300 字。") % {"n": number})
    return Question(question, bare, marked[0])


def text_of(test: Iterable[Mapping[str, Any]]) -> str:
    """The stored questions as a person types them."""
    return "\n\n".join(
        "\n".join(
            [
                str(each["question"]),
                *(
                    f"*{answer}" if place == each["right"] else str(answer)
                    for place, answer in enumerate(each["answers"])
                ),
            ]
        )
        for each in test
    )


def right_answers(test: Sequence[Mapping[str, Any]], given: Mapping[int, int]) -> int:
    """How many of the answers, by the place of their question, are right."""
    return sum(given.get(place) == each["right"] for place, each in enumerate(test))
