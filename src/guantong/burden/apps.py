"""Declares a request that is over budget, overlaps or asks too much as an act that a leader signs."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BurdenConfig(AppConfig):
    name = "guantong.burden"

    def ready(self) -> None:
        from guantong.accounts.approvals import Kind, register
        from guantong.burden.operations import signing

        register(
            Kind(
                signing.OVER,
                _("下发超额、重复或过多的填报要求"),
                "burden.issue",
                signing.sign_request,
                signing.words_of,
                signing.address_of,
                decided_with="burden.sign",
            )
        )
