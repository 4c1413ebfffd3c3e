"""What is said to somebody, kept as a text of the catalogue with its values and put into words for whoever reads it.

Kept is plain JSON, one of

- a string: words that somebody typed, read by everybody as they were typed;
- ``{"zh": …, "en": …}``: one name in two languages, as package files write them;
- ``{"say": text, "with": {…}}``: a text of the catalogue with ``%(name)s`` places, and what stands in them – numbers
  or any of these forms again. ``"plural"`` and ``"count"`` besides pick the wording where a language has two.

`tools/messages.py` finds the texts where `say` is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext

from guantong.kernel.bilingual import Text

Said = str | dict[str, Any]
Value = Said | int | Text


def say(text: str, **values: Value) -> dict[str, Any]:
    """A text of the catalogue with what stands in its places."""
    kept = {name: _kept(value) for name, value in values.items()}
    return {"say": text, "with": kept} if kept else {"say": text}


def say_counted(text: str, plural: str, n: int, **values: Value) -> dict[str, Any]:
    """The same for a text with a number, ``%(n)s``, on which the wording may depend."""
    kept = {name: _kept(value) for name, value in values.items()}
    return {"say": text, "plural": plural, "count": n, "with": {**kept, "n": n}}


def _kept(value: Value) -> Said | int:
    return {"zh": value.zh, "en": value.en} if isinstance(value, Text) else value


def words(said: object) -> str:
    """What was kept, in the language of the moment.

    A text that the catalogue does not know any more, or whose translation asks for other places, is read as it was
    written.
    """
    if not isinstance(said, Mapping):
        return str(said)
    if "say" not in said:
        return str(Text.read(said))
    text, values = str(said["say"]), {name: words(value) for name, value in said.get("with", {}).items()}
    translated = _translated(text, said)
    if not values:
        return translated
    for each in (translated, text):
        try:
            return each % values
        except (KeyError, ValueError, TypeError):
            continue
    return text


def _translated(text: str, said: Mapping[str, Any]) -> str:
    if not text:
        return ""  # the catalogue would answer with its own head
    if "count" in said:
        return ngettext(text, str(said["plural"]), int(said["count"]))
    return gettext(text)


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
