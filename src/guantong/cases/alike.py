"""Titles that may be about the same: by their character bigrams. What is found is offered, never gathered by itself."""

from __future__ import annotations

import re

from guantong.kernel.likeness import NO_WORDS, bigrams_of, folded
from guantong.kernel.likeness import dice as likeness

__all__ = ["LEAST", "bigrams", "likeness"]

# Words of any demand rather than of this one. They part the text: no bigram reaches across them.
COMMON = r"关于|反映|请求|希望|建议|咨询|投诉|要求|解决|问题|情况|有关|相关|的|了|和|及|与|等"
PARTING = re.compile(COMMON + r"|[\W_]+")
LEAST = 0.4


def bigrams(text: str) -> frozenset[str]:
    plain = folded(text)
    return bigrams_of(PARTING.sub(" ", plain)) or frozenset(NO_WORDS.sub("", plain))
