"""The paragraphs of a circular as a person mends them: figures keep their braces, every number keeps its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypedDict

from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal

MAX_CHARACTERS = 2000
KEY = re.compile(r"\{([^{}]*)\}")
# A number that counts something and stands there by hand, so that nobody could open it. Days and numbers of
# documents count nothing.
NUMERAL, UNIT_OF_COUNT = (
    "0-9０-９〇零一二两三四五六七八九十百千万",
    "[%％]|成|[余多]?(?:项|件|个|家|次|条|起|人次)",
)
COUNTED_BY_HAND = re.compile(
    rf"(?<![第每逐{NUMERAL}])(?!一(?:{UNIT_OF_COUNT}))[{NUMERAL}]+(?:[.．][0-9０-９]+)?\s*(?:{UNIT_OF_COUNT})"
)


class Paragraph(TypedDict):
    """``name`` says which paragraph it is; ``edited`` that a person wrote it, so redrawing leaves it alone."""

    name: str
    text: str
    edited: bool


def keys_in(paragraphs: Iterable[Paragraph]) -> list[str]:
    """Every figure that the paragraphs use, in order of appearance."""
    return list(dict.fromkeys(key for each in paragraphs for key in KEY.findall(each["text"])))


def redrawn(before: Iterable[Paragraph], now: list[Paragraph]) -> list[Paragraph]:
    """The new draft with what people wrote kept in its place."""
    edited = {each["name"]: each for each in before if each["edited"]}
    kept = [edited.pop(each["name"], each) for each in now]
    return [*kept[:-1], *edited.values(), *kept[-1:]]


def mended(paragraph: Paragraph, text: str, *, known: Mapping[str, str]) -> Paragraph:
    """The paragraph with the words a person wrote. Figures keep their braces; every number keeps its source.

    An empty text leaves the paragraph out. Raises a refusal that says what is wrong.
    """
    text = " ".join(text.split())
    if text == paragraph["text"]:
        return paragraph
    used = KEY.findall(text)
    bare = KEY.sub("", text)
    if "{" in bare or "}" in bare:
        raise Refusal(_("“%(text)s”里的花括号不成对，请保留数字的完整写法。") % {"text": _short(text)})
    for key in used:
        if key not in known:
            raise Refusal(_("没有名为“{%(key)s}”的数字，请从本稿的数字中选用。") % {"key": key})
    gone = [key for key in dict.fromkeys(KEY.findall(paragraph["text"])) if key not in used] if text else []
    if gone:
        raise Refusal(
            _("“%(text)s”这一段少了数字 {%(key)s}（%(value)s）。不需要这一段时，请整段清空。")
            % {"text": _short(text), "key": gone[0], "value": known.get(gone[0], "")}
        )
    by_hand = COUNTED_BY_HAND.search(bare)
    if by_hand:
        raise Refusal(
            _("“%(number)s”是手写的数字，打不开出处。请改用本稿的数字，或者去掉。")
            % {"number": by_hand.group()}
        )
    return {"name": paragraph["name"], "text": text, "edited": True}


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text as it is read."""
    return KEY.sub(lambda found: values.get(found.group(1), found.group()), text)


def refuse_too_long(title: str, paragraphs: Iterable[Paragraph], values: Mapping[str, str]) -> None:
    length = len(title) + sum(len(filled(each["text"], values)) for each in paragraphs)
    if length > MAX_CHARACTERS:
        raise Refusal(
            _("通报不超过 %(most)s 字，现在 %(n)s 字，请精简。") % {"most": MAX_CHARACTERS, "n": length}
        )
