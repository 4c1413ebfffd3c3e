"""Tells rooms below what leadership holds."""

from __future__ import annotations

from django.apps import AppConfig


class LeadershipConfig(AppConfig):
    name = "guantong.leadership"

    def ready(self) -> None:
        from guantong.leadership import pairings_own_page

        pairings_own_page.register()
