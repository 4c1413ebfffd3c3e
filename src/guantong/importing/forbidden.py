"""Columns that are never brought in. The head of a table decides; what a task speaks of is free.

“民族团结进步工作” is work, “民族” over a column of people is not: phrases that name work, bodies and places are
taken out of a head before it is asked what it would keep about a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from guantong.kernel.privacy import forbidden_word

LONGEST_HEAD = 20


def reasons_against(heads: Iterable[str], *, sheet: str = "") -> Iterator[str]:
    """A sentence for each column that must go before the table can be imported."""
    for head in dict.fromkeys(each for each in heads if each):
        word = forbidden_word(head)
        if not word:
            continue
        said = {"sheet": sheet, "column": " ".join(head.split())[:40], "word": word}
        if sheet:
            yield (
                _(
                    "工作表“%(sheet)s”里的“%(column)s”列涉及个人的“%(word)s”，这类信息不得收集，没有导入任何内容。请删去这一列再导入。"
                )
                % said
            )
        else:
            yield (
                _(
                    "表头“%(column)s”列涉及个人的“%(word)s”，这类信息不得收集，没有导入任何内容。请删去这一列再导入。"
                )
                % said
            )


def looks_like_a_head(cells: Iterable[str]) -> bool:
    """Whether a row could be the head of a table that was not understood: several cells, all short."""
    filled = [each for each in cells if each]
    return len(filled) > 1 and all(len(each) <= LONGEST_HEAD for each in filled)
