"""Which row is the head, which kind of workbook it is, which column holds what; remembered per office and head."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guantong.importing.kinds.base import Kind
from guantong.importing.models import Import, Mapping

HEAD_WITHIN = 40
NEAR = 0.82


def plain(word: str) -> str:
    """A head without spaces, brackets and marks: 单位代码（必填）* → 单位代码."""
    text = unicodedata.normalize("NFKC", word)
    text = "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Cc", "Cs"))
    text = re.sub(r"\(.*?\)|[\s:*_\-—/]+", "", text).lower()
    return text[:60]


def fingerprint(heads: Sequence[str]) -> str:
    """The same columns in the same order are the same source."""
    return hashlib.sha256("\x1f".join(plain(each) for each in heads).encode()).hexdigest()


def words_of(kind: Kind) -> dict[str, str]:
    """Every word for a column of the kind, and which it means."""
    words: dict[str, str] = {}
    for each in kind.columns:
        for word in (each.id, str(each.label), *each.aliases):
            words.setdefault(plain(word), each.id)
    return words


def proposed(kind: Kind, heads: Sequence[str]) -> dict[str, int]:
    """{field: place of its column}: exact words first, then one near word for what is still missing."""
    words = words_of(kind)
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        name = words.get(plain(head))
        if name and name not in found:
            found[name] = at
    left = {plain(head): at for at, head in enumerate(heads) if plain(head) and at not in found.values()}
    for each in kind.columns:
        if each.id in found:
            continue
        own = [plain(word) for word in (str(each.label), *each.aliases)]
        near = next(
            (hit for word in own for hit in difflib.get_close_matches(word, left, n=1, cutoff=NEAR)), None
        )
        if near is not None:
            found[each.id] = left.pop(near)
        elif each.instead in found:
            found[each.id] = found[each.instead]
    return found


def repeated(heads: Sequence[str], kind: Kind) -> list[str]:
    """Heads that mean the same field more than once."""
    words = words_of(kind)
    seen: dict[str, str] = {}
    twice = []
    for head in heads:
        name = words.get(plain(head))
        if name in seen and name:
            twice.append(head)
        elif name:
            seen[name] = head
    return twice


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind with the head that fits it best."""

    kind: Kind
    sheet: int
    head_row: int
    heads: tuple[str, ...]
    score: float


def guesses(kinds: Iterable[Kind], sheets: Iterable[tuple[int, list[tuple[int, list[str]]]]]) -> list[Guess]:
    """Best first. ``sheets``: (place, first rows as (row from 0, texts))."""
    held = list(kinds)
    words = {each.id: words_of(each) for each in held}
    found: list[Guess] = []
    for sheet, rows in sheets:
        for row, texts in rows[:HEAD_WITHIN]:
            heads = [plain(each) for each in texts]
            filled = sum(bool(each) for each in heads)
            if filled < 2:
                continue
            for kind in held:
                hits = {words[kind.id][each] for each in heads if each in words[kind.id]}
                missing = sum(
                    each.required and each.id not in hits and each.instead not in hits
                    for each in kind.columns
                )
                if len(hits) >= 2:
                    score = len(hits) / filled + len(hits) / len(kind.columns) - 0.5 * missing
                    found.append(Guess(kind, sheet, row, tuple(texts), score))
    return sorted(found, key=lambda each: (-each.score, each.sheet, each.head_row))


def remembered(imported: Import, kind: Kind, heads: Sequence[str]) -> dict[str, int] | None:
    """How the office mapped this very head before."""
    found = Mapping.objects.filter(unit=imported.unit_id, kind=kind.id, source=fingerprint(heads)).first()
    if found is None:
        return None
    names = {each.id for each in kind.columns}
    return {name: at for name, at in found.columns.items() if name in names and at < len(heads)}


def known_head(
    imported: Import, kinds: Sequence[str], sheets: Iterable[tuple[int, list[tuple[int, list[str]]]]]
) -> tuple[str, int, int] | None:
    """(kind, sheet, row from 0) of a head that the office has mapped before."""
    kept = Mapping.objects.filter(unit=imported.unit_id, kind__in=kinds).order_by("kept_at")
    sources = dict(kept.values_list("source", "kind"))
    for sheet, rows in sheets:
        for row, texts in rows[:HEAD_WITHIN]:
            if kind := sources.get(fingerprint(texts)):
                return kind, sheet, row
    return None
