"""Registers the check that every URL has a policy, and the log rows of second factors."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "guantong.accounts"

    def ready(self) -> None:
        from guantong.accounts import policies, second_factors  # noqa: F401 - register themselves
