"""Declares what takes two persons: publishing, lengthening an open window of a round, cancelling a round."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "guantong.assessment"

    def ready(self) -> None:
        from django.urls import reverse

        from guantong.accounts.approvals import Kind, register
        from guantong.accounts.models import Approval
        from guantong.assessment import operations
        from guantong.assessment.models import Round, RoundChange, Run

        def subject(approval: Approval) -> str:
            return str(Run.objects.select_related("cycle__stored", "cycle__unit").get(pk=approval.object_ref))

        register(
            Kind(
                operations.PUBLISH,
                _("公布考核结果"),
                "assessment.run",
                operations.publish_result,
                subject,
                lambda approval: reverse("scores"),
            )
        )

        def round_of(approval: Approval) -> str:
            found = Round.objects.select_related("cycle__stored", "cycle__unit").get(pk=approval.object_ref)
            return gettext("%(cycle)s，截至 %(day)s 的考核") % {"cycle": found.cycle, "day": found.as_of}

        def moved(approval: Approval) -> str:
            said = approval.wanted
            what = RoundChange.What(said["what"]).label
            return f"{round_of(approval)}：{what} {said['from']} → {said['to']}"

        for kind, label, apply, about in (
            (operations.MOVE_DAY, _("推后考核日期"), operations.apply_move, moved),
            (operations.CANCEL, _("取消考核"), operations.apply_cancellation, round_of),
        ):
            register(Kind(kind, label, "assessment.run", apply, about, lambda approval: reverse("round")))
