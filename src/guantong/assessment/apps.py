"""Declares publishing as an act that takes two persons."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "guantong.assessment"

    def ready(self) -> None:
        from django.urls import reverse

        from guantong.accounts.approvals import Kind, register
        from guantong.accounts.models import Approval
        from guantong.assessment.models import Run
        from guantong.assessment.operations import PUBLISH, publish_result

        def subject(approval: Approval) -> str:
            return str(Run.objects.select_related("cycle__stored", "cycle__unit").get(pk=approval.object_ref))

        register(
            Kind(
                PUBLISH,
                _("公布考核结果"),
                "assessment.run",
                publish_result,
                subject,
                lambda approval: reverse("scores"),
            )
        )
