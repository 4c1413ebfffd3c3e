"""Rule 6: nothing scores or counts a private person, and no field is asked that may never be kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from guantong.kernel.privacy import never_asked
from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.spots import Outline, Spot
from guantong.mechanisms.package.vocabulary import ALSO_WRITTEN, ALWAYS_BLOCKED, PRIVATE_PERSONS

FIELD_LISTS = frozenset(
    {"fields", "personal_fields", "record_fields", "columns", "merged_columns", "prefill"}
)
SCORING_BLOCKS = ("indicators", "scorecards", "coverage")
FREE_TEXTS = frozenset({"title", "name", "what", "id", "rule"})
NOT_ASKED = frozenset({"privacy", "burden", "forbidden", "based_on"})


def pieces(word: str) -> list[str]:
    return [piece for piece in re.split(r"[^0-9a-z\u4e00-\u9fff]+", word.lower()) if piece]


def names(word: str, wanted: Iterable[str]) -> str | None:
    """The first wanted word that the word contains as whole pieces; Chinese words anywhere in it."""
    written = pieces(word)
    for each in wanted:
        sought = pieces(each)
        if not sought:
            continue
        if not each.isascii():
            if each in word:
                return each
            continue
        for at in range(len(written) - len(sought) + 1):
            if written[at : at + len(sought)] == sought:
                return each
    return None


def nobody_private_is_scored(outline: Outline, findings: Findings) -> None:
    blocked = _blocked_words(outline)
    for spot, word in _field_names(outline.top):
        never = never_asked(word)
        _refuse_blocked(spot, word, {**blocked, word: never} if never else blocked, findings)
    persons = (*PRIVATE_PERSONS, *outline.top.at("privacy", "never_score").words())
    for block in SCORING_BLOCKS:
        for spot, word in _said(outline.top.at(block)):
            _refuse_blocked(spot, word, blocked, findings)
            person = names(word, persons)
            if person:
                findings.error(
                    6,
                    spot,
                    _("“%(word)s”指向私人（%(person)s）；考核只对单位和岗位，不对私人。")
                    % {"word": word, "person": person},
                    _("请改为单位、岗位或记录类别（如 unit、office、cases）。"),
                )
    for pairing in outline.top.at("pairing").each():
        promise = pairing.at("no_scoring_of_partners")
        if promise.there and promise.value is not True:
            findings.error(
                6, promise, _("结对对象不得被评分。"), _("请写 no_scoring_of_partners: true 或删去这个键。")
            )


def _blocked_words(outline: Outline) -> dict[str, str]:
    """Every way of writing a blocked field, with the field it stands for."""
    said = outline.top.at("privacy", "sensitive", "block").words()
    blocked: dict[str, str] = {}
    for field in dict.fromkeys((*said, *ALWAYS_BLOCKED)):
        for word in (field, *ALSO_WRITTEN.get(field, ())):
            blocked.setdefault(word, field)
    return blocked


def _refuse_blocked(spot: Spot, word: str, blocked: dict[str, str], findings: Findings) -> None:
    found = names(word, blocked)
    if found:
        findings.error(
            6,
            spot,
            _("“%(word)s”属于不得保存的敏感字段（%(field)s）。") % {"word": word, "field": blocked[found]},
            _("请删去；贯通不记录个人的民族、宗教、思想、家庭、生物特征和行踪等信息。"),
        )


def _field_names(spot: Spot) -> Iterator[tuple[Spot, str]]:
    """Every word in a list of fields, anywhere in the file, and the keys where fields are a mapping."""
    for key, each in spot.entries():
        if key in NOT_ASKED:
            continue
        if key in FIELD_LISTS:
            yield from _said(each)
        else:
            yield from _field_names(each)
    for each in spot.each():
        yield from _field_names(each)


def _said(spot: Spot) -> Iterator[tuple[Spot, str]]:
    """Every key and word below a spot, free texts for readers left out."""
    if spot.text is not None:
        yield spot, spot.text
    for each in spot.each():
        yield from _said(each)
    for key, each in spot.entries():
        if key in FREE_TEXTS:
            continue
        yield each, key
        yield from _said(each)
