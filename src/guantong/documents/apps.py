"""Offers documents on the pages of the rooms below."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "guantong.documents"

    def ready(self) -> None:
        from guantong.documents.links import offer

        offer()
