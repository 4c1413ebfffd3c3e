"""Declares a visit over the cap as an act that a leader signs, and tells the burden meter who asks by matters."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    name = "guantong.supervision"

    def ready(self) -> None:
        from guantong.accounts.approvals import Kind, register
        from guantong.burden import issuers
        from guantong.obligations.choices import Source
        from guantong.supervision.issuing import unit_that_asks
        from guantong.supervision.operations import over_cap

        issuers.register(Source.MATTER, unit_that_asks)
        issuers.register(Source.REPORT, unit_that_asks)
        register(
            Kind(
                over_cap.OVER_CAP,
                _("安排超出年度次数的检查"),
                "supervision.run",
                over_cap.sign_over_cap,
                over_cap.words_of,
                over_cap.address_of,
                decided_with="supervision.sign",
            )
        )
