"""The figures in words that somebody typed or a sentence carries, each with the page of its rows."""

from __future__ import annotations

import re

from guantong.documents.content import Number

# Days, ordinals and numbers of documents are no figures: nothing was counted for them.
FIGURE = re.compile(
    r"(?<![\d.:：第〔-])\d+(?:\.\d+)?(?![\d.]|[年月日号届时点：:〕—-])\s*(?:%|学时|分钟|万元|亿元|公里|[项件个家次条起人天分场期名门处所户篇元亩])?"
)


def figures_in(text: str, key: str, page: str, args: tuple[int | str, ...]) -> list[Number]:
    """Every figure of a text, labelled with the clause in which it stands."""
    return [
        Number(
            f"{key}_{place}"[:80],
            _around(text, found.start(), found.end()),
            found.group().strip(),
            page,
            args,
        )
        for place, found in enumerate(FIGURE.finditer(text))
    ]


def _around(text: str, start: int, end: int) -> str:
    begin = max((text.rfind(mark, 0, start) + 1 for mark in "，。；：、\n"), default=0)
    after = [place for mark in "，。；\n" if (place := text.find(mark, end)) >= 0]
    return text[begin : min(after, default=len(text))].strip()[:200]
