"""Holds every SQLite connection to what was asked of it, and tells rooms below what rooms above know."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "guantong.config"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from guantong.assessment.matter_readings import runs_that_read
        from guantong.config import origins
        from guantong.config.databases import assert_durable
        from guantong.supervision import readings

        connection_created.connect(assert_durable, dispatch_uid="guantong.assert_durable")
        readings.register(runs_that_read)
        origins.tell()
