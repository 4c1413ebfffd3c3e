"""Offers to save a view wherever there is a filter."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "guantong.search"

    def ready(self) -> None:
        from guantong.search.listings import address_to_save
        from guantong.ui import saving

        saving.offered_by(address_to_save)
