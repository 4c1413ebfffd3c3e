"""Person keys go to the database ``keys``; everything else to ``default``."""

from __future__ import annotations

from typing import Any

from django.db import models

KEYS = "keys"
PERSON_KEY = ("privacy", "personkey")


class KeysRouter:
    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        # The cache's table asks too, with a model that has these two names and little else.
        return KEYS if (model._meta.app_label, model._meta.model_name) == PERSON_KEY else None

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        is_key = (app_label, model_name) == PERSON_KEY
        if db == KEYS:
            return is_key
        return False if is_key else None
