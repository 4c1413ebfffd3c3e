"""Which encoding a text file is in; what fits none is said to be unreadable."""

from __future__ import annotations

from guantong.importing.limited.texts import decoded
from guantong.importing.limited.unreadable import Unreadable
from guantong.importing.sentences import refusal_of


def decode(content: bytes, *, name: str) -> str:
    """The text of a file. Refuses with the byte position where nothing fits."""
    try:
        return decoded(content)[0]
    except Unreadable as error:
        raise refusal_of(error.code, error.figures, name=name) from error
