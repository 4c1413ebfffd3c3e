"""Registers the checks of the privacy classes."""

from __future__ import annotations

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "guantong.privacy"

    def ready(self) -> None:
        from guantong.privacy import checks  # noqa: F401 - registers its checks
