"""Tells rooms below what obligations have to follow."""

from __future__ import annotations

from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    name = "guantong.obligations"

    def ready(self) -> None:
        from guantong.calendars.operations import on_change
        from guantong.obligations.lighting import look_again

        on_change(look_again)
