"""Registers the check that every URL has a policy."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "guantong.accounts"

    def ready(self) -> None:
        from guantong.accounts import policies  # noqa: F401 - registers its check
