"""Person keys go to the database ``keys``; everything else to ``default``."""

from __future__ import annotations

from typing import Any

from django.db import models

KEYS = "keys"


class KeysRouter:
    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        return KEYS if model._meta.label_lower == "privacy.personkey" else None

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        is_key = (app_label, model_name) == ("privacy", "personkey")
        if db == KEYS:
            return is_key
        return False if is_key else None
