"""Texts that come in Chinese and English, as package files write them: ``{zh: …, en: …}``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Text:
    """One meaning in two languages; ``str()`` gives the reader's."""

    zh: str
    en: str = ""

    @classmethod
    def read(cls, value: object) -> Text:
        """From ``{"zh": …, "en": …}`` or a plain string (then Chinese only)."""
        if isinstance(value, Text):
            return value
        if isinstance(value, Mapping):
            return cls(zh=str(value.get("zh", "")), en=str(value.get("en", "")))
        return cls(zh="" if value is None else str(value))

    def as_json(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

    def __str__(self) -> str:
        if (get_language() or "zh").startswith("en"):
            return self.en or self.zh
        return self.zh or self.en
