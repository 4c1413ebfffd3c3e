"""Words that must be there, and must not be too many."""

from __future__ import annotations

from guantong.kernel.refusals import Refusal


def said(text: str, *, most: int, missing: object, too_long: object) -> str:
    """The text without its edges; refuses what is empty or longer than ``most``."""
    text = text.strip()
    if not text:
        raise Refusal(missing)
    if len(text) > most:
        raise Refusal(too_long)
    return text
