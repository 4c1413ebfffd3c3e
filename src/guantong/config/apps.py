"""Holds every SQLite connection to what was asked of it."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "guantong.config"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from guantong.config.databases import assert_durable

        connection_created.connect(assert_durable, dispatch_uid="guantong.assert_durable")
