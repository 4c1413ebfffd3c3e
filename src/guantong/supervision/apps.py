"""Declares a visit over the cap as an act that a leader signs."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    name = "guantong.supervision"

    def ready(self) -> None:
        from guantong.accounts.approvals import Kind, register
        from guantong.supervision.operations import visits

        register(
            Kind(
                visits.OVER_CAP,
                _("安排超出年度次数的检查"),
                "supervision.run",
                visits.sign_over_cap,
                visits.words_of,
                visits.address_of,
            )
        )
