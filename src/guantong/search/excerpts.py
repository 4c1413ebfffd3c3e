"""What a hit shows of its text: the words marked, and so much around them that one sees what it is about."""

from __future__ import annotations

from collections.abc import Sequence

from guantong.search.folding import fold
from guantong.search.words import Term

Pieces = list[tuple[str, bool]]  # (text, whether it is what was asked for); a template escapes each
AROUND = 24
LONGEST = 120
BREAKS = " ，。；：、！？（）"
TITLE = 80


def marked(text: str, terms: Sequence[Term], *, most: int = TITLE) -> Pieces:
    """The text with every place of every term marked, cut after ``most`` characters."""
    spans = _spans(text, terms)
    shown, at = [], 0
    for first, last in spans:
        if first >= most:
            break
        if first > at:
            shown.append((text[at:first], False))
        shown.append((text[first : min(last, most)], True))
        at = last
    if at < most:
        shown.append((text[at:most], False))
    if len(text) > most:
        shown.append(("…", False))
    return [(piece, mark) for piece, mark in shown if piece]


def excerpt_of(text: str, terms: Sequence[Term]) -> Pieces:
    """A stretch of the text around the first place of a term; nothing where no term stands in it."""
    plain = " ".join(text.split())
    spans = _spans(plain, terms)
    if not spans:
        return []
    start = _whole(plain, max(0, spans[0][0] - AROUND), spans[0][0])
    before: Pieces = [("…", False)] if start else []
    return before + marked(plain[start:], terms, most=LONGEST)


def _whole(text: str, start: int, end: int) -> int:
    """Where to begin so that no date, number or word is cut in two: after the next space or mark before the end."""
    if start == 0 or text[start - 1] in BREAKS:
        return start
    return next((at + 1 for at in range(start, end) if text[at] in BREAKS), start)


def _spans(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where the terms stand in a text, as it is written: from and to, in order, none over another."""
    folded, places = _with_places(text)
    found = []
    for term in terms:
        for wording in term.wordings:
            word, _none = _with_places(wording)
            at = folded.find(word) if word else -1
            while at >= 0:
                found.append((places[at], places[at + len(word) - 1] + 1))
                at = folded.find(word, at + len(word))
    merged: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _with_places(text: str) -> tuple[str, list[int]]:
    """The compacted text, and for each of its characters the place of the one that it comes from."""
    folded, places = [], []
    for place, character in enumerate(text):
        for each in fold(character):
            if each != " ":
                folded.append(each)
                places.append(place)
    return "".join(folded), places
