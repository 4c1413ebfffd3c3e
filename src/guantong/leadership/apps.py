"""Tells rooms below what leadership holds."""

from __future__ import annotations

from django.apps import AppConfig


class LeadershipConfig(AppConfig):
    name = "guantong.leadership"

    def ready(self) -> None:
        from guantong.leadership import pairings_own_page
        from guantong.leadership.queries.lines import meeting_behind
        from guantong.tasks import origins

        pairings_own_page.register()
        origins.register(meeting_behind)
